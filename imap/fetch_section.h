// Which octets a FETCH section means (RFC 9051 6.4.5.1), and their content decoded for BINARY (RFC 3516).
#pragma once

#include "imap/fetch_request.h"
#include "store/message/transfer.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pillarbox::store {
class BodyReader;
}

namespace pillarbox::imap {

/// A message as a page sees it; views hold while the page reads nothing else of it.
struct MessageParts {
    std::string_view prefix;    ///< header lines of this delivery
    std::string_view header;    ///< as stored
    std::string_view structure; ///< blob
    std::uint64_t body_size = 0;
};

/// Octets to send: two texts at hand, then a range of the body.
struct SectionOctets {
    std::string_view first, second;
    std::uint64_t body_offset = 0, body_size = 0;

    std::uint64_t size() const { return first.size() + second.size() + body_size; }
    /// Leaves only what `<offset.length>` asks for.
    void cut(const Partial& partial);
};

/// Finds the octets of a section.
/// @param scratch  holds what had to be put together; the answer may point into it
/// @param body     read for header fields of a nested message only
/// @return nothing when there is no such part: NIL
std::optional<SectionOctets> locate(const FetchItem& item, const MessageParts& message, const store::BodyReader* body,
                                    std::string& scratch);

/// How the content of a part is encoded.
struct PartContent {
    std::uint64_t offset = 0, size = 0; ///< in the body, still encoded
    message::TransferEncoding encoding = message::TransferEncoding::identity;
    bool is_text = false; ///< line ends become CRLF (RFC 9051 7.5.2)
};

/// The content of a part; of BINARY[] it is not asked. Nothing when there is no such part.
std::optional<PartContent> content(const std::string& part, const MessageParts& message);

/// Decodes a part's content that arrives in pieces.
class ContentDecoder {
public:
    explicit ContentDecoder(const PartContent& part) : decoder_(part.encoding), is_text_(part.is_text) {}
    void feed(std::string_view octets, std::string& out);
    void finish(std::string& out);

private:
    void with_line_ends(std::string& out);

    message::TransferDecoder decoder_;
    bool is_text_;
    char last_ = '\0';
    std::string decoded_;
};

} // namespace pillarbox::imap
