// Byte-exact access to a stored header block (RFC 5322 2.2).
#include "store/message/header.h"

#include <algorithm>
#include <cstring>

namespace pillarbox::message {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

bool is_blank(char c) { return c == ' ' || c == '\t'; }

std::string_view without_line_end(std::string_view line) {
    if (line.ends_with('\n')) line.remove_suffix(1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

// The octets of the empty line at the front of `text`, none if there is no empty line.
std::string_view empty_line(std::string_view text) {
    if (text.starts_with('\n')) return text.substr(0, 1);
    if (text.starts_with("\r\n")) return text.substr(0, 2);
    return {};
}

// A field ends at the first line end that no blank follows.
std::size_t field_octets(std::string_view text) {
    std::size_t end = 0;
    do {
        const std::size_t line_end = text.find('\n', end);
        if (line_end == text.npos) return text.size();
        end = line_end + 1;
    } while (end < text.size() && is_blank(text[end]));
    return end;
}

// Orders names by length, then without case: most pairs differ in their length.
bool before(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return a.size() < b.size();
    const auto less = [](char x, char y) { return lower(x) < lower(y); };
    return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(), less);
}

std::string subset(std::string_view block, const FieldNames& names, bool wanted) {
    std::string out;
    HeaderFields fields(block);
    while (const auto field = fields.next())
        if (names.contains(field->name) == wanted) out += field->whole;
    out += empty_line(fields.rest());
    return out;
}

} // namespace

std::optional<HeaderField> HeaderFields::next() {
    if (rest_.empty() || !empty_line(rest_).empty()) return std::nullopt;
    HeaderField field;
    field.whole = rest_.substr(0, field_octets(rest_));
    rest_.remove_prefix(field.whole.size());

    const std::string_view text = without_line_end(field.whole);
    field.value = text;
    const std::size_t colon = text.substr(0, text.find('\n')).find(':');
    if (colon == text.npos) return field;
    std::string_view name = text.substr(0, colon);
    while (!name.empty() && is_blank(name.back())) name.remove_suffix(1);
    // A blank inside: no name, but for instance a mailbox's `From alice Mon Jan 1 00:00:00` line.
    if (name.empty() || name.find_first_of(" \t") != name.npos) return field;
    field.name = name;
    field.value = text.substr(colon + 1);
    return field;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    const auto same = [](char x, char y) { return lower(x) == lower(y); };
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), same);
}

std::optional<HeaderField> find_field(std::string_view block, std::string_view name) {
    HeaderFields fields(block);
    while (const auto field = fields.next())
        if (!field->name.empty() && equal_ignoring_case(field->name, name)) return field;
    return std::nullopt;
}

std::string unfold(std::string_view value) {
    constexpr std::string_view blanks = " \t\r\n";
    const std::size_t begin = value.find_first_not_of(blanks);
    if (begin == value.npos) return {};
    value = value.substr(begin, value.find_last_not_of(blanks) + 1 - begin);
    std::string out(value);
    std::erase_if(out, [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
    return out;
}

FieldNames::FieldNames(std::span<const std::string_view> names) : names_(names.begin(), names.end()) {
    std::sort(names_.begin(), names_.end(), before);
}

bool FieldNames::contains(std::string_view name) const {
    return !name.empty() && std::binary_search(names_.begin(), names_.end(), name, before);
}

std::string select_fields(std::string_view block, const FieldNames& names) { return subset(block, names, true); }

std::string exclude_fields(std::string_view block, const FieldNames& names) { return subset(block, names, false); }

std::size_t HeaderSplitter::feed(std::string_view octets) {
    std::size_t i = 0;
    while (i < octets.size() && state_ != State::done) {
        if (state_ == State::in_line) {
            const std::size_t line_end = octets.find('\n', i);
            if (line_end == octets.npos) return octets.size();
            i = line_end + 1;
            state_ = State::line_start;
            continue;
        }
        const char c = octets[i++];
        if (c == '\n')
            state_ = State::done;
        else
            state_ = c == '\r' && state_ == State::line_start ? State::line_start_cr : State::in_line;
    }
    return i;
}

std::size_t header_size(std::string_view message) { return HeaderSplitter().feed(message); }

} // namespace pillarbox::message
