// Part numbers and sections of IMAP (RFC 9051 6.4.5.1).
#include "store/message/structure.h"

namespace pillarbox::message {
namespace {

// Takes the next number off `1.2.3`; 0 when there is none or it is no part number.
std::uint32_t take_number(std::string_view& text) {
    std::uint32_t value = 0;
    std::size_t i = 0;
    for (; i < text.size() && text[i] >= '0' && text[i] <= '9'; ++i) {
        if (value > max_parts || (i == 0 && text[i] == '0')) return 0;
        value = value * 10 + static_cast<std::uint32_t>(text[i] - '0');
    }
    const bool goes_on = i + 1 < text.size() && text[i] == '.';
    if (i != text.size() && !goes_on) return 0;
    text.remove_prefix(goes_on ? i + 1 : i);
    return value;
}

// Part `number` among those that are numbered inside of a message or multipart: the message's own body is number 1
// unless it is a multipart.
const Part* numbered(const Structure& structure, const Part& message, std::uint32_t number) {
    if (!message.is_multipart()) return number == 1 ? &message : nullptr;
    if (number > message.children) return nullptr;
    std::uint32_t index = static_cast<std::uint32_t>(&message - structure.parts.data()) + 1;
    for (std::uint32_t i = 1; i < number; ++i) index = structure.parts[index].end;
    return &structure.parts[index];
}

// Where the numbers below a part count: in itself if it is a multipart, in the message inside if it is one of those.
const Part* numbering(const Part& part) {
    if (part.is_message()) return &part + 1;
    return part.is_multipart() ? &part : nullptr;
}

// The message that HEADER and TEXT of a part number speak of.
const Part* message_at(const Structure& structure, std::string_view number) {
    if (number.empty()) return &structure.parts.front();
    const Part* part = find_part(structure, number);
    return part != nullptr && part->is_message() ? part + 1 : nullptr;
}

SectionRange body_of(const Part& part) { return {false, part.body_offset, part.body_size}; }

// Of the root, the header is the one in front of everything.
SectionRange header_of(const Structure& structure, const Part& part) {
    return {&part == &structure.parts.front(), part.header_offset, part.header_size};
}

} // namespace

const Part* find_part(const Structure& structure, std::string_view number) {
    const Part* in = &structure.parts.front();
    const Part* part = nullptr;
    do {
        const std::uint32_t n = take_number(number);
        if (n == 0 || in == nullptr) return nullptr;
        part = numbered(structure, *in, n);
        if (part == nullptr) return nullptr;
        in = numbering(*part);
    } while (!number.empty());
    return part;
}

std::optional<SectionRange> section_range(const Structure& structure, std::string_view number, Section section) {
    const bool is_of_message = section == Section::header || section == Section::text;
    const Part* part = is_of_message ? message_at(structure, number) : find_part(structure, number);
    if (part == nullptr) return std::nullopt;
    const bool is_header = section == Section::header || section == Section::mime;
    return is_header ? header_of(structure, *part) : body_of(*part);
}

} // namespace pillarbox::message
