// The tree of a message's parts while it is being found (RFC 2046 5.1).
#include "store/message/mime_parts.h"
#include "store/message/envelope.h"
#include "store/message/header.h"
#include "store/message/imap_text.h"
#include "store/message/structure.h"

#include <algorithm>

namespace pillarbox::message {
namespace {

constexpr std::size_t max_first_text_octets = 32 * 1024;
constexpr std::string_view blanks = " \t\r\n";

bool is_blank(std::string_view text) { return text.find_first_not_of(blanks) == text.npos; }

// Keeps what a part is, without what is said of it.
void forget_texts(MimeHeader& mime) {
    MimeHeader kept;
    const bool is_short = mime.type.size() + mime.subtype.size() + mime.encoding.size() < 100;
    if (is_short) kept.type = mime.type, kept.subtype = mime.subtype, kept.encoding = mime.encoding;
    mime = std::move(kept);
}

void make_opaque(FoundPart& part) {
    part.mime.type = "application";
    part.mime.subtype = "octet-stream";
    part.mime.parameters.clear();
}

} // namespace

MimeParts::MimeParts(std::string_view header) {
    open_.push_back(0);
    FoundPart& message = parts_.emplace_back();
    message.header_size = header.size();
    describe(message, header, 0);
}

void MimeParts::take_header(std::string_view octets) {
    header_ += octets.substr(0, max_header_octets - header_.size());
}

void MimeParts::take_body(std::string_view octets) {
    if (is_first_text_) first_text_.octets += octets.substr(0, max_first_text_octets - first_text_.octets.size());
}

void MimeParts::begin_part(std::uint64_t header_offset) {
    ++parts_[open_.back()].children;
    open_.push_back(parts_.size());
    parts_.emplace_back().header_offset = header_offset;
    in_header_ = true;
    header_.clear();
}

void MimeParts::end_header(std::uint64_t offset, std::uint64_t line_ends) {
    FoundPart& part = parts_[open_.back()];
    part.header_size = offset - part.header_offset;
    part.body_offset = offset;
    in_header_ = false;
    describe(part, header_, line_ends);
}

// Reads what the header says, and decides what the body is.
void MimeParts::describe(FoundPart& part, std::string_view header, std::uint64_t line_ends) {
    part.lines = line_ends; // counted from here on
    const std::string boundary = read_header(part, header);
    if (part.mime.type == "multipart")
        begin_multipart(part, boundary);
    else if (part.mime.is_message())
        begin_message(part);
    else
        begin_leaf(part);
}

// @return the boundary parameter
std::string MimeParts::read_header(FoundPart& part, std::string_view header) {
    FoundPart* parent = open_.size() > 1 ? &parts_[open_[open_.size() - 2]] : nullptr;
    const bool in_digest = parent && parent->mime.type == "multipart" && parent->mime.subtype == "digest";
    part.mime = read_mime_header(header, in_digest);
    if (parent && parent->mime.is_message()) {
        std::string envelope;
        append_envelope(envelope, read_envelope(header));
        if (!spend(envelope.size())) envelope.clear(), append_envelope(envelope, {});
        parent->envelope = std::move(envelope);
    }
    std::string boundary(part.mime.parameter("boundary"));
    boundary.resize(boundary.find_last_not_of(blanks) + 1);
    if (!spend(part.mime.text_octets())) forget_texts(part.mime);
    return boundary;
}

bool MimeParts::spend(std::size_t octets) {
    if (octets > max_structure_texts - texts_) return false;
    texts_ += octets;
    return true;
}

void MimeParts::begin_multipart(FoundPart& part, const std::string& boundary) {
    if (boundary.empty() || boundary.size() > max_boundary_octets) {
        // Without boundary the field is as good as none (RFC 2045 5.2).
        const std::string encoding = std::move(part.mime.encoding);
        part.mime = {};
        part.mime.encoding = encoding;
        return begin_leaf(part);
    }
    if (open_.size() > max_depth) return make_opaque(part);
    boundaries_.push_back({boundary, open_.size() - 1});
    set_boundaries(boundaries_.size());
}

void MimeParts::begin_message(FoundPart& part) {
    if (open_.size() > max_depth || parts_.size() >= max_parts) return make_opaque(part);
    begin_part(part.body_offset);
}

void MimeParts::begin_leaf(const FoundPart& part) {
    const MimeHeader& mime = part.mime;
    const bool is_text = mime.type == "text" && (mime.subtype == "plain" || mime.subtype == "html");
    is_first_text_ = is_text && mime.disposition != "attachment" && is_blank(first_text_.octets);
    if (is_first_text_)
        first_text_ = {{}, mime.encoding, std::string(mime.parameter("charset")), mime.subtype == "html"};
}

// RFC 2046 5.1.1: it is enough that the line begins with the boundary; where one begins with another, the longer is
// meant; where they are the same, the inner.
MimeParts::Line MimeParts::look_at(std::string_view line) {
    if (!line.starts_with("--")) return Line::ordinary;
    line.remove_prefix(2);
    const Boundary* found = nullptr;
    for (const Boundary& boundary : boundaries_)
        if (line.starts_with(boundary.text) && (!found || boundary.text.size() >= found->text.size()))
            found = &boundary;
    if (found == nullptr) return Line::ordinary;

    found_ = static_cast<std::size_t>(found - boundaries_.data());
    is_last_ = line.substr(found->text.size()).starts_with("--");
    if (is_last_) return Line::last_boundary;
    if (parts_.size() < max_parts) return Line::boundary;
    set_boundaries(0);
    return Line::ordinary;
}

void MimeParts::end_at_boundary(BodyEnd end) {
    // A part may end before its header does, and there may be a message inside.
    while (in_header_) end_header(end.offset, end.line_ends);
    close_down_to(boundaries_[found_].depth, end);
    set_boundaries(is_last_ ? found_ : found_ + 1);
}

void MimeParts::set_boundaries(std::size_t count) {
    boundaries_.resize(count);
    longest_boundary_ = 0;
    for (const Boundary& boundary : boundaries_) longest_boundary_ = std::max(longest_boundary_, boundary.text.size());
}

// Ends all parts below that depth in open_, the outer before the inner.
void MimeParts::close_down_to(std::size_t depth, BodyEnd end) {
    std::uint64_t limit = end.offset;
    for (std::size_t i = depth + 1; i < open_.size(); ++i) limit = close(parts_[open_[i]], end, limit);
    open_.resize(std::min(open_.size(), depth + 1));
    is_first_text_ = false;
}

// @param limit  where the part around it ends, if that ends here too
// @return where this one ends
std::uint64_t MimeParts::close(FoundPart& part, BodyEnd end, std::uint64_t limit) {
    // The line end before a boundary belongs to the boundary; an empty body has none.
    const std::uint64_t line_end = end.offset > part.body_offset ? end.line_end : 0;
    const std::uint64_t body_end = std::min(end.offset - line_end, limit);
    // It may be that of the empty line behind the header, or of the boundary line that began the part.
    part.body_offset = std::min(part.body_offset, limit);
    if (&part != &parts_.front()) {
        part.header_offset = std::min(part.header_offset, part.body_offset);
        part.header_size = part.body_offset - part.header_offset;
    }
    part.body_size = body_end - part.body_offset;
    const std::uint64_t lines = end.line_ends - part.lines - (line_end > 0);
    part.lines = part.body_size > 0 ? lines + end.is_line_open : 0;
    return body_end;
}

const std::vector<FoundPart>& MimeParts::finish(BodyEnd end) {
    while (in_header_) end_header(end.offset, end.line_ends);
    close_down_to(0, end);
    close(parts_.front(), end, end.offset);
    return parts_;
}

} // namespace pillarbox::message
