// Reads a message once, as it arrives, and gives all that the store keeps beside the body (RFC 5322, RFC 2045).
#pragma once
#include "store/message/blob.h"
#include "store/message/date.h"
#include "store/message/digest.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pillarbox::message {

/// What is known of a message when its last octet has been read.
struct ParsedMessage {
    /// Byte-exact: everything up to and including the first empty line, or the whole message when it has none. Empty
    /// when too large.
    std::string header;
    std::uint64_t header_size = 0; ///< octets
    std::uint64_t size = 0;        ///< octets of the whole message; the body has size - header_size
    bool header_too_large = false; ///< over 256 KiB: nothing below is set but the digest; to be refused

    std::string structure;        ///< blob for decode_structure()
    std::string envelope;         ///< blob for decode_envelope()
    std::string preview;          ///< up to 200 characters of UTF-8 (RFC 8970), perhaps empty
    Digest digest{};              ///< of the whole message
    std::optional<DateTime> sent; ///< of the Date field

    std::string message_id;               ///< without angle brackets, perhaps empty
    std::vector<std::string> in_reply_to; ///< likewise
    std::vector<std::string> references;  ///< likewise, oldest first; the last 1,000 at most
};

/// Takes a message in pieces of any size. Memory: the header (256 KiB at most), the header of the nested part being
/// read, what is known of each part, and the start of the first text. The body is not kept but handed on.
class MessageSink {
public:
    /// @param body  gets every octet behind the header, in order, during feed(); may be empty
    explicit MessageSink(OctetSink body = {});
    ~MessageSink();
    MessageSink(MessageSink&&) noexcept;
    MessageSink& operator=(MessageSink&&) noexcept;

    void feed(std::string_view octets);

    /// True from the moment the header has passed its bound: the caller may stop here and refuse.
    bool header_too_large() const;

    /// Ends the message. May be called once.
    ParsedMessage finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Reads a whole message at once.
/// @param body  if given, gets the octets behind the header
ParsedMessage parse_message(std::string_view message, std::string* body = nullptr);

} // namespace pillarbox::message
