// Writes FETCH responses, one page at a time, on a pool thread (RFC 9051 7.5.2).
//
// A page ends when its 20 ms or 256 KiB are used up, in the middle of a message or of a long literal if need be; the
// next one goes on there from a later snapshot. Memory stays bounded by the page, whatever the size of a message.
#pragma once

#include "imap/fetch_request.h"
#include "imap/fetch_section.h"
#include "store/snapshot.h"
#include "store/uid_map.h"
#include "store/view.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pillarbox::imap {

/// One page of responses.
struct FetchPage {
    std::string out;
    /// Messages whose implicit \Seen this page tells of, with the flags it told. It has to come true before the page
    /// is sent.
    std::vector<store::MessageFlags> marked;
};

/// What went wrong on the way; the rest is sent all the same.
struct FetchTrouble {
    bool expunged = false;         ///< some message was not there any more
    bool unknown_encoding = false; ///< BINARY of what cannot be decoded (RFC 9051 6.4.5, UNKNOWN-CTE)
    bool damaged = false;          ///< what is stored cannot be read
};

class FetchWriter {
public:
    struct Context {
        store::MailboxId mailbox;
        std::shared_ptr<const store::UidMap> map; ///< the session's numbering
        bool with_uid = false;                    ///< UID FETCH
        bool may_mark = false;                    ///< \Seen may be set
        store::Uid recent_from{};                 ///< 0: \Recent is not shown
    };

    /// @param request  outlives the writer
    /// @param uids     of messages in the map
    FetchWriter(const FetchRequest& request, Context context, store::UidSet uids);

    bool done() const noexcept { return left_.empty() && !current_; }
    /// Writes the next page. Throws when a message vanishes in the middle of a literal.
    void write(store::Snapshot& snapshot, FetchPage& page);
    /// From here on nothing is marked \Seen.
    void stop_marking() noexcept { context_.may_mark = false; }
    const FetchTrouble& trouble() const noexcept { return trouble_; }

private:
    /// A literal that is not sent to its end: a range of the body, decoded where there is a decoder.
    struct Literal {
        std::uint64_t offset = 0, left = 0; // of the body
        std::optional<ContentDecoder> decoder;
        std::uint64_t skip = 0, decoded_left = 0; // of what is decoded
    };
    /// The message being written.
    struct Current {
        store::Entry entry;
        std::size_t item = 0; // the next one
        std::size_t begin = 0;
        bool began = false, in_parts = false, marked = false;
        std::optional<Literal> literal;
    };
    class Source; // its stored parts, read when needed

    bool full(const FetchPage& page) const;
    void write_batch(store::Snapshot& snapshot, FetchPage& page);
    void write_plain(store::Snapshot& snapshot, FetchPage& page);
    void begin_response(store::Uid uid, std::string& out);
    void write_plain_item(const FetchItem& item, const store::Entry& entry, store::Snapshot& snapshot,
                          std::string& out);
    void write_from_entries(store::Snapshot& snapshot, FetchPage& page);
    void write_from_envelopes(store::Snapshot& snapshot, FetchPage& page);
    bool write_message(store::Snapshot& snapshot, const store::Entry& entry, const store::EnvelopeRow* row,
                       FetchPage& page);
    void go_on(Source& source, FetchPage& page);
    void write_items(Source& source, FetchPage& page);
    void begin_message(FetchPage& page);
    void end_message(FetchPage& page, Source& source);
    void give_up(FetchPage& page);

    void write_item(const FetchItem& item, Source& source, FetchPage& page);
    void write_flags(const store::Entry& entry, store::Snapshot& snapshot, std::string& out);
    void write_section(const FetchItem& item, Source& source, std::string& out);
    void write_binary(const FetchItem& item, Source& source, std::string& out);
    void write_decoded(const FetchItem& item, const PartContent& part, Source& source, std::string& out);
    void go_on_literal(Source& source, std::string& out);
    void go_on_decoding(Source& source, std::string& out);

    Context context_;
    std::vector<const FetchItem*> items_;
    store::UidSet left_;
    std::uint64_t expected_ = 0, met_ = 0;
    bool needs_entry_ = false, needs_envelope_ = false, needs_row_ = false, reads_bodies_ = false, marks_ = false,
         tells_flags_ = false;
    std::optional<Current> current_;
    FetchTrouble trouble_;
    std::vector<store::Entry> batch_;
    std::optional<store::Keywords> keywords_; // of this page
    std::string scratch_, decoded_;
    std::uint32_t last_number_ = 0; // messages come in order: the next number is a good guess
};

} // namespace pillarbox::imap
