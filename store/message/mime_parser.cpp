// Cuts the octets behind a message's header into lines, as far as is needed to find boundaries and the ends of headers.
#include "store/message/mime_parser.h"
#include "store/message/mime_parts.h"
#include "store/message/structure.h"

#include <algorithm>

namespace pillarbox::message {

class MimeParser::Machine {
public:
    explicit Machine(std::string_view header) : parts_(header) {}

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
        if (line_state_ == LineState::candidate) decide(); // a line without end
        const bool is_line_open = octet_before(offset_, 1) != '\n';
        return encode_structure(parts_.finish({offset_, 0, line_ends_, is_line_open}));
    }

    FirstText take_first_text() { return parts_.take_first_text(); }

private:
    enum class LineState : std::uint8_t {
        start,
        candidate, // begins like a boundary; collected in line_ until that is known
        ordinary,
        boundary, // the rest of a boundary line
    };

    void begin_line(char first) {
        line_offset_ = offset_;
        line_.clear();
        line_state_ = first == '-' && parts_.boundary_octets() > 0 ? LineState::candidate : LineState::ordinary;
    }

    void candidate(std::string_view rest) {
        const std::size_t wanted = std::min(rest.size(), parts_.boundary_octets() - line_.size());
        const std::size_t end = rest.substr(0, wanted).find('\n');
        const std::size_t n = end == rest.npos ? wanted : end + 1;
        line_ += rest.substr(0, n);
        offset_ += n;
        if (end != rest.npos || line_.size() == parts_.boundary_octets()) decide();
    }

    // line_ is a boundary or, so far as it is known, an ordinary line.
    void decide() {
        const bool has_end = line_.ends_with('\n');
        const MimeParts::Line kind = parts_.look_at(line_);
        if (kind == MimeParts::Line::ordinary) {
            line_state_ = LineState::ordinary;
            take(line_);
            if (has_end) end_line();
            return;
        }
        parts_.end_at_boundary(end_before_line());
        part_begins_ = kind == MimeParts::Line::boundary;
        line_state_ = LineState::boundary;
        if (has_end) end_boundary_line();
    }

    BodyEnd end_before_line() const {
        BodyEnd end{line_offset_, 0, line_ends_, false};
        if (line_offset_ > 0) end.line_end = octet_before(line_offset_, 2) == '\r' ? 2 : 1;
        end.is_line_open = octet_before(line_offset_ - end.line_end, 1) != '\n';
        return end;
    }

    void ordinary(std::string_view rest) {
        const std::size_t n = parts_.in_header() ? header_line(rest) : body_lines(rest);
        take(rest.substr(0, n));
        offset_ += n;
        if (rest[n - 1] == '\n') end_line();
    }

    static std::size_t header_line(std::string_view rest) {
        const std::size_t end = rest.find('\n');
        return end == rest.npos ? rest.size() : end + 1;
    }

    // As many lines as can be taken at once: up to the next that may be a boundary.
    std::size_t body_lines(std::string_view rest) const {
        if (parts_.boundary_octets() == 0) return rest.size();
        std::size_t end = 0;
        do {
            const std::size_t line_end = rest.find('\n', end);
            if (line_end == rest.npos) return rest.size();
            end = line_end + 1;
        } while (end < rest.size() && rest[end] != '-');
        return end;
    }

    // Octets of an ordinary line, or of several in a body.
    void take(std::string_view octets) {
        for (std::size_t at = octets.find('\n'); at != octets.npos; at = octets.find('\n', at + 1)) ++line_ends_;
        if (!parts_.in_header()) return parts_.take_body(octets);
        header_line_octets_ += octets.size();
        parts_.take_header(octets);
    }

    void end_line() {
        line_state_ = LineState::start;
        if (!parts_.in_header()) return;
        const bool is_empty =
            header_line_octets_ == 1 || (header_line_octets_ == 2 && octet_before(offset_, 2) == '\r');
        header_line_octets_ = 0;
        if (is_empty) parts_.end_header(offset_, line_ends_);
    }

    void rest_of_boundary(std::string_view rest) {
        const std::size_t end = rest.find('\n');
        offset_ += end == rest.npos ? rest.size() : end + 1;
        if (end != rest.npos) end_boundary_line();
    }

    void end_boundary_line() {
        ++line_ends_;
        line_state_ = LineState::start;
        header_line_octets_ = 0;
        if (part_begins_) parts_.begin_part(offset_);
        part_begins_ = false;
    }

    // The octet n before that offset, NUL before the first. Of what went by, enough is kept to look back from the
    // beginning of a line whose own octets are in line_.
    char octet_before(std::uint64_t offset, std::uint64_t n) const {
        if (offset < n) return '\0';
        const std::uint64_t at = offset - n;
        if (at >= chunk_offset_ && at - chunk_offset_ < chunk_.size()) return chunk_[at - chunk_offset_];
        return at < tail_offset_ || at - tail_offset_ >= tail_.size() ? '\0' : tail_[at - tail_offset_];
    }

    void keep_tail() {
        constexpr std::size_t kept = max_boundary_octets + 16;
        if (chunk_.size() >= kept)
            tail_ = chunk_.substr(chunk_.size() - kept);
        else
            tail_ += chunk_;
        if (tail_.size() > 2 * kept) tail_.erase(0, tail_.size() - kept);
        tail_offset_ = offset_ - tail_.size();
    }

    MimeParts parts_;
    LineState line_state_ = LineState::start;
    std::string line_;
    std::uint64_t line_offset_ = 0;
    std::uint64_t line_ends_ = 0; // so far
    std::uint64_t offset_ = 0;    // of the next octet
    std::uint64_t header_line_octets_ = 0;
    bool part_begins_ = false; // behind the boundary line

    std::string_view chunk_;
    std::uint64_t chunk_offset_ = 0;
    std::string tail_;
    std::uint64_t tail_offset_ = 0;
};

MimeParser::MimeParser(std::string_view header) : machine_(std::make_unique<Machine>(header)) {}
MimeParser::~MimeParser() = default;
MimeParser::MimeParser(MimeParser&&) noexcept = default;
MimeParser& MimeParser::operator=(MimeParser&&) noexcept = default;

void MimeParser::feed(std::string_view octets) { machine_->feed(octets); }

std::string MimeParser::finish() { return machine_->finish(); }

FirstText MimeParser::take_first_text() { return machine_->take_first_text(); }

} // namespace pillarbox::message
