// A machine over lines that finds the parts of a message (RFC 2046 5.1).
//
// It knows the chain of open parts, from the message to the part whose octets are coming in, and the boundaries of
// those of them that are multiparts. A line that begins with a boundary ends all parts inside of that multipart at
// once, so that a missing end boundary does no harm.
#include "store/message/mime_parser.h"
#include "store/message/envelope.h"
#include "store/message/header.h"
#include "store/message/imap_text.h"
#include "store/message/structure.h"
#include "store/message/structure_writer.h"

#include <algorithm>

namespace pillarbox::message {
namespace {

constexpr std::size_t max_first_text_octets = 32 * 1024;
constexpr std::string_view blanks = " \t\r\n";

bool is_blank(std::string_view text) { return text.find_first_not_of(blanks) == text.npos; }

} // namespace

class MimeParser::Machine {
public:
    explicit Machine(std::string_view header) {
        open(0, header.size());
        root_header_ = header;
        end_header();
        root_header_ = {};
    }

    void feed(std::string_view octets) {
        chunk_ = octets;
        chunk_offset_ = offset_;
        while (offset_ < chunk_offset_ + octets.size()) {
            const std::string_view rest = octets.substr(offset_ - chunk_offset_);
            switch (line_state_) {
            case LineState::start:
                begin_line(rest.front());
                break;
            case LineState::candidate:
                candidate(rest);
                break;
            case LineState::ordinary:
                ordinary(rest);
                break;
            case LineState::boundary:
                rest_of_boundary(rest);
                break;
            }
        }
        keep_tail();
    }

    std::string finish() {
        chunk_ = {};
        chunk_offset_ = offset_;
        // A boundary without line end; otherwise the last line was an ordinary one.
        if (line_state_ == LineState::candidate) decide();
        while (in_header_) end_header();
        close_down_to(0, offset_);
        close(parts_.front(), offset_, offset_);
        return encode_structure(parts_);
    }

    FirstText take_first_text() { return std::move(first_text_); }

private:
    enum class LineState : std::uint8_t { start, candidate, ordinary, boundary };

    struct Boundary {
        std::string text;
        std::size_t depth; // of its multipart in open_
    };

    // ---- lines

    void begin_line(char first) {
        line_offset_ = offset_;
        line_.clear();
        line_state_ = first == '-' && !boundaries_.empty() ? LineState::candidate : LineState::ordinary;
    }

    // Collects as much of a line that may be a boundary as is needed to decide.
    void candidate(std::string_view rest) {
        const std::size_t wanted = std::min(rest.size(), longest_boundary_ + 4 - line_.size());
        const std::size_t end = rest.substr(0, wanted).find('\n');
        const std::size_t n = end == rest.npos ? wanted : end + 1;
        line_ += rest.substr(0, n);
        offset_ += n;
        if (end != rest.npos || line_.size() == longest_boundary_ + 4) decide();
    }

    // The line is a boundary or, so far as it is known, an ordinary one.
    void decide() {
        const bool has_end = line_.ends_with('\n');
        if (const Boundary* boundary = longest_match()) {
            const bool is_last = std::string_view(line_).substr(2 + boundary->text.size()).starts_with("--");
            if (at_boundary(static_cast<std::size_t>(boundary - boundaries_.data()), is_last)) {
                line_state_ = LineState::boundary;
                if (has_end) end_boundary_line();
                return;
            }
        }
        line_state_ = LineState::ordinary;
        take(line_);
        if (has_end) end_line();
    }

    void ordinary(std::string_view rest) {
        const std::size_t n = in_header_ ? header_line(rest) : body_lines(rest);
        take(rest.substr(0, n));
        offset_ += n;
        if (rest[n - 1] == '\n') end_line();
    }

    static std::size_t header_line(std::string_view rest) {
        const std::size_t end = rest.find('\n');
        return end == rest.npos ? rest.size() : end + 1;
    }

    // As many lines as can be taken at once: up to the next that may be a boundary.
    std::size_t body_lines(std::string_view rest) {
        if (boundaries_.empty()) return rest.size();
        std::size_t end = 0;
        do {
            const std::size_t line_end = rest.find('\n', end);
            if (line_end == rest.npos) return rest.size();
            end = line_end + 1;
        } while (end < rest.size() && rest[end] != '-');
        return end;
    }

    // Octets of an ordinary line, or several: of the header being read, else of a body.
    void take(std::string_view octets) {
        for (std::size_t at = octets.find('\n'); at != octets.npos; at = octets.find('\n', at + 1)) ++line_ends_;
        if (in_header_) {
            header_line_octets_ += octets.size();
            header_ += octets.substr(0, max_header_octets - header_.size());
        } else if (is_first_text_) {
            first_text_.octets += octets.substr(0, max_first_text_octets - first_text_.octets.size());
        }
    }

    void end_line() {
        line_state_ = LineState::start;
        if (!in_header_) return;
        const bool is_empty =
            header_line_octets_ == 1 || (header_line_octets_ == 2 && octet_before(offset_, 2) == '\r');
        header_line_octets_ = 0;
        if (!is_empty) return;
        end_header();
    }

    void rest_of_boundary(std::string_view rest) {
        const std::size_t end = rest.find('\n');
        offset_ += end == rest.npos ? rest.size() : end + 1;
        if (end != rest.npos) end_boundary_line();
    }

    void end_boundary_line() {
        ++line_ends_;
        line_state_ = LineState::start;
        if (part_begins_) open(offset_, 0);
        part_begins_ = false;
    }

    // ---- boundaries

    // RFC 2046 5.1.1: it is enough that the line begins with the boundary; where one begins with another, the longer is
    // meant; where they are the same, the inner.
    const Boundary* longest_match() const {
        const Boundary* found = nullptr;
        const std::string_view text = std::string_view(line_).substr(std::min<std::size_t>(line_.size(), 2));
        if (!line_.starts_with("--")) return nullptr;
        for (const Boundary& boundary : boundaries_)
            if (text.starts_with(boundary.text) && (!found || boundary.text.size() >= found->text.size()))
                found = &boundary;
        return found;
    }

    // @return false when there is no room for another part: the line is then an ordinary one, and so is all that
    // follows
    bool at_boundary(std::size_t index, bool is_last) {
        if (!is_last && parts_.size() >= max_parts) {
            set_boundaries(0);
            return false;
        }
        while (in_header_) end_header(); // a part that ends before its header does; perhaps with a message inside
        close_down_to(boundaries_[index].depth, line_offset_);
        set_boundaries(is_last ? index : index + 1);
        part_begins_ = !is_last;
        return true;
    }

    void set_boundaries(std::size_t count) {
        boundaries_.resize(count);
        longest_boundary_ = 0;
        for (const Boundary& boundary : boundaries_)
            longest_boundary_ = std::max(longest_boundary_, boundary.text.size());
    }

    // ---- parts

    // A part begins: inside of the last open one, with its header.
    void open(std::uint64_t header_offset, std::uint64_t header_size) {
        if (!open_.empty()) ++parts_[open_.back()].children;
        open_.push_back(parts_.size());
        FoundPart& part = parts_.emplace_back();
        part.header_offset = header_offset;
        part.header_size = header_size;
        in_header_ = true;
        header_.clear();
        header_line_octets_ = 0;
    }

    // The header of the part at hand is complete: decides what its body is.
    void end_header() {
        FoundPart& part = parts_[open_.back()];
        const bool is_root = open_.size() == 1;
        // At a boundary the header ends where that line begins.
        const std::uint64_t end = line_state_ == LineState::candidate ? line_offset_ : offset_;
        if (!is_root) part.header_size = end - part.header_offset;
        part.body_offset = is_root ? 0 : end;
        // Its lines are counted from here on.
        part.lines = line_ends_;
        in_header_ = false;
        const std::string boundary = read_header(part, is_root ? root_header_ : std::string_view(header_));
        if (part.mime.type == "multipart")
            begin_multipart(part, boundary);
        else if (part.mime.is_message())
            begin_message(part);
        else
            begin_leaf(part);
    }

    // @return the boundary parameter
    std::string read_header(FoundPart& part, std::string_view header) {
        const FoundPart* parent = open_.size() > 1 ? &parts_[open_[open_.size() - 2]] : nullptr;
        const bool in_digest = parent && parent->mime.type == "multipart" && parent->mime.subtype == "digest";
        part.mime = read_mime_header(header, in_digest);
        if (parent && parent->mime.is_message()) {
            std::string envelope;
            append_envelope(envelope, read_envelope(header));
            if (!spend(envelope.size())) envelope.clear(), append_envelope(envelope, {});
            parts_[open_[open_.size() - 2]].envelope = std::move(envelope);
        }
        std::string boundary(part.mime.parameter("boundary"));
        boundary.resize(boundary.find_last_not_of(blanks) + 1);
        if (!spend(part.mime.text_octets())) forget_texts(part.mime);
        return boundary;
    }

    bool spend(std::size_t octets) {
        if (octets > max_structure_texts - texts_) return false;
        texts_ += octets;
        return true;
    }

    // Keeps what a part is, without what is said of it.
    static void forget_texts(MimeHeader& mime) {
        MimeHeader kept;
        const bool is_short = mime.type.size() + mime.subtype.size() + mime.encoding.size() < 100;
        if (is_short) kept.type = mime.type, kept.subtype = mime.subtype, kept.encoding = mime.encoding;
        mime = std::move(kept);
    }

    void begin_multipart(FoundPart& part, const std::string& boundary) {
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

    void begin_message(FoundPart& part) {
        if (open_.size() > max_depth || parts_.size() >= max_parts) return make_opaque(part);
        open(part.body_offset, 0);
    }

    static void make_opaque(FoundPart& part) {
        part.mime.type = "application";
        part.mime.subtype = "octet-stream";
        part.mime.parameters.clear();
    }

    void begin_leaf(const FoundPart& part) {
        const MimeHeader& mime = part.mime;
        const bool is_text = mime.type == "text" && (mime.subtype == "plain" || mime.subtype == "html");
        is_first_text_ = is_text && mime.disposition != "attachment" && is_blank(first_text_.octets);
        if (is_first_text_)
            first_text_ = {{}, mime.encoding, std::string(mime.parameter("charset")), mime.subtype == "html"};
    }

    // Ends all parts below that depth in open_. The line end before a boundary belongs to the boundary.
    void close_down_to(std::size_t depth, std::uint64_t end) {
        std::uint64_t limit = end;
        for (std::size_t i = depth + 1; i < open_.size(); ++i) limit = close(parts_[open_[i]], end, limit);
        open_.resize(std::min(open_.size(), depth + 1));
        is_first_text_ = false;
    }

    // @param limit  where the part around it ends, if that ends here too
    // @return where this one ends
    std::uint64_t close(FoundPart& part, std::uint64_t end, std::uint64_t limit) {
        const bool at_boundary_line = line_state_ == LineState::candidate;
        std::uint64_t lines = line_ends_ - part.lines;
        if (at_boundary_line && end > part.body_offset) {
            --lines;
            end -= octet_before(end, 2) == '\r' && end - part.body_offset > 1 ? 2 : 1;
        }
        // The line end of the boundary may be the empty line that ended the header, or behind the boundary that began
        // it.
        part.body_offset = std::min(part.body_offset, limit);
        part.header_offset = std::min(part.header_offset, part.body_offset);
        end = std::min(end, limit);
        if (&part != &parts_.front()) part.header_size = part.body_offset - part.header_offset;

        part.body_size = end - part.body_offset;
        const bool is_line_open = part.body_size > 0 && octet_before(end, 1) != '\n';
        part.lines = part.body_size > 0 ? lines + is_line_open : 0;
        return end;
    }

    // ---- octets already gone by

    // The octet n before that offset, NUL before the first. Kept of what has been fed: enough to look back from the
    // beginning of a line whose own octets are in line_.
    char octet_before(std::uint64_t offset, std::uint64_t n) const {
        if (offset < n) return '\0';
        const std::uint64_t at = offset - n;
        if (at >= chunk_offset_ && at - chunk_offset_ < chunk_.size()) return chunk_[at - chunk_offset_];
        return at < tail_offset_ || at - tail_offset_ >= tail_.size() ? '\0' : tail_[at - tail_offset_];
    }

    void keep_tail() {
        const std::size_t kept = max_boundary_octets + 16;
        if (chunk_.size() >= kept)
            tail_ = chunk_.substr(chunk_.size() - kept);
        else
            tail_ += chunk_;
        if (tail_.size() > 2 * kept) tail_.erase(0, tail_.size() - kept);
        tail_offset_ = offset_ - tail_.size();
    }

    std::vector<FoundPart> parts_;
    std::vector<std::size_t> open_;    // indices of the open parts, the message first
    std::vector<Boundary> boundaries_; // of the open multiparts, outermost first
    std::size_t longest_boundary_ = 0;
    std::size_t texts_ = 0; // octets of texts in parts_

    std::string_view root_header_;
    std::string header_; // of the part at hand, as far as it is kept
    std::uint64_t header_line_octets_ = 0;
    bool in_header_ = false;
    bool part_begins_ = false; // behind the boundary line

    LineState line_state_ = LineState::start;
    std::string line_; // a candidate's octets
    std::uint64_t line_offset_ = 0;
    std::uint64_t line_ends_ = 0; // so far
    std::uint64_t offset_ = 0;    // of the next octet

    std::string_view chunk_;
    std::uint64_t chunk_offset_ = 0;
    std::string tail_;
    std::uint64_t tail_offset_ = 0;

    FirstText first_text_;
    bool is_first_text_ = false; // the part at hand is it
};

MimeParser::MimeParser(std::string_view header) : machine_(std::make_unique<Machine>(header)) {}
MimeParser::~MimeParser() = default;
MimeParser::MimeParser(MimeParser&&) noexcept = default;
MimeParser& MimeParser::operator=(MimeParser&&) noexcept = default;

void MimeParser::feed(std::string_view octets) { machine_->feed(octets); }

std::string MimeParser::finish() { return machine_->finish(); }

FirstText MimeParser::take_first_text() { return machine_->take_first_text(); }

} // namespace pillarbox::message
