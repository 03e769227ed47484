// The IMAP envelope of a message (RFC 9051 7.5.2) and the blob it is stored as.
//
// The blob holds the envelope as the finished text of FETCH ENVELOPE, since it is sent far more often than anything
// else is asked of it, and beside it what SORT and SEARCH compare: sent date, base subject, first addresses.
#pragma once
#include "store/message/address.h"
#include "store/message/date.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pillarbox::message {

/// What the header says: texts are raw field values, unfolded but not decoded; nothing means no such field.
struct Envelope {
    std::optional<std::string> date, subject, in_reply_to, message_id;
    std::vector<Address> from, sender, reply_to, to, cc, bcc;
};

/// Reads the envelope out of a header block. Fields of addresses that occur twice are joined; of others the first
/// counts. Sender and Reply-To default to From.
Envelope read_envelope(std::string_view header);

/// @return the versioned blob for the store.
std::string encode_envelope(const Envelope& envelope);

/// A stored envelope; all views point into the blob.
struct StoredEnvelope {
    std::string_view imap;        ///< `("Mon, 7 Feb..." "subject" ((...)) ...)`, to be sent as it is; may hold literals
    std::optional<DateTime> sent; ///< of the Date field
    std::string_view subject;     ///< base subject (RFC 5256 2.1), UTF-8, letters as written
    bool is_reply_or_forward = false;          ///< whether making the base subject took a Re: or Fwd: away (RFC 5256 3)
    std::string_view from, to, cc;             ///< mailbox of the first address (RFC 5256 3), else empty
    std::string_view display_from, display_to; ///< what RFC 5957 sorts by, UTF-8
};

/// Takes a blob apart without copying. Throws BlobError when it is not one that encode_envelope() wrote.
/// @param blob  must outlive the result
StoredEnvelope decode_envelope(std::string_view blob);

} // namespace pillarbox::message
