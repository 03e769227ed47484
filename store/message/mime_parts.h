// The tree of a message's parts while it is being found: which are open, by which boundaries they end, their bounds.
#pragma once
#include "store/message/mime_parser.h"
#include "store/message/structure_writer.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pillarbox::message {

/// Where bodies end: at a boundary line, or with the message.
struct BodyEnd {
    std::uint64_t offset = 0;    ///< of the boundary line, or of the end of the message
    std::uint64_t line_end = 0;  ///< octets before it that belong to the boundary
    std::uint64_t line_ends = 0; ///< in everything before it
    bool is_line_open = false;   ///< whether the last line, without what belongs to the boundary, has no end
};

/// Knows the chain of open parts, from the message to the part whose octets are coming in, and the boundaries of those
/// of them that are multiparts. A boundary ends all parts inside of its multipart at once, so that a missing end
/// boundary does no harm.
class MimeParts {
public:
    /// The message begins.
    /// @param header  of the whole message
    explicit MimeParts(std::string_view header);

    /// Whether octets belong to the header of the part at hand, else to a body.
    bool in_header() const { return in_header_; }

    void take_header(std::string_view octets);
    void take_body(std::string_view octets);

    /// The header of the part at hand ends at that offset. Afterwards its body comes in, or, if it is a message, the
    /// header of that.
    /// @param line_ends  so many were before
    void end_header(std::uint64_t offset, std::uint64_t line_ends);

    /// How many octets of a line are needed to know whether it is a boundary; 0 when no line can be one.
    std::size_t boundary_octets() const { return boundaries_.empty() ? 0 : longest_boundary_ + 4; }

    enum class Line : std::uint8_t { ordinary, boundary, last_boundary };

    /// What a line is. When a boundary begins one part too many, boundaries end: the line is ordinary, as is all that
    /// follows.
    /// @param line  its beginning: boundary_octets(), or all if it is shorter
    Line look_at(std::string_view line);

    /// Ends what the boundary ends that look_at() has just found.
    void end_at_boundary(BodyEnd end);

    /// A part begins behind its boundary line.
    void begin_part(std::uint64_t header_offset);

    /// The message ends.
    /// @return all parts in preorder
    const std::vector<FoundPart>& finish(BodyEnd end);

    FirstText take_first_text() { return std::move(first_text_); }

private:
    struct Boundary {
        std::string text;
        std::size_t depth; // of its multipart in open_
    };

    void describe(FoundPart& part, std::string_view header, std::uint64_t line_ends);
    std::string read_header(FoundPart& part, std::string_view header);
    bool spend(std::size_t octets);
    void begin_multipart(FoundPart& part, const std::string& boundary);
    void begin_message(FoundPart& part);
    void begin_leaf(const FoundPart& part);
    void set_boundaries(std::size_t count);
    void close_down_to(std::size_t depth, BodyEnd end);
    std::uint64_t close(FoundPart& part, BodyEnd end, std::uint64_t limit);

    std::vector<FoundPart> parts_;
    std::vector<std::size_t> open_;    // indices of the open parts, the message first
    std::vector<Boundary> boundaries_; // of the open multiparts, outermost first
    std::size_t longest_boundary_ = 0;
    std::size_t found_ = 0; // the boundary that look_at() found
    bool is_last_ = false;  // and whether it is an end boundary
    std::size_t texts_ = 0; // octets of texts in parts_
    std::string header_;    // of the part at hand, as far as it is kept
    bool in_header_ = false;
    FirstText first_text_;
    bool is_first_text_ = false; // the part at hand is it
};

} // namespace pillarbox::message
