// Text from outside made safe for HTML.
#include "webstatus/escape.h"

#include <cstdint>

namespace pillarbox::webstatus {

namespace {

constexpr std::string_view replacement = "\xef\xbf\xbd";

/// Octets of the valid UTF-8 character (RFC 3629 4) that text begins with; 0: there is none.
std::size_t character_size(std::string_view text) {
    const auto octet = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    const unsigned char lead = octet(0);
    if (lead < 0x80) return 1;
    const std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || text.size() < size) return 0;
    for (std::size_t at = 1; at < size; ++at) {
        if ((octet(at) & 0xc0) != 0x80) return 0;
    }
    // No overlong form, no surrogate, nothing beyond U+10FFFF: the second octet decides.
    if ((lead == 0xe0 && octet(1) < 0xa0) || (lead == 0xed && octet(1) > 0x9f)) return 0;
    if ((lead == 0xf0 && octet(1) < 0x90) || (lead == 0xf4 && octet(1) > 0x8f)) return 0;
    return size;
}

std::string_view reference(char c) {
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return {};
    }
}

bool is_control(char c) {
    const auto octet = static_cast<unsigned char>(c);
    return (octet < 0x20 && c != '\n' && c != '\t') || octet == 0x7f;
}

} // namespace

std::string escape_html(std::string_view text) {
    std::string out;
    out.reserve(text.size() + 16);
    while (!text.empty()) {
        const std::size_t size = character_size(text);
        if (size == 0 || (size == 1 && is_control(text.front()))) {
            out += replacement;
        } else if (const auto named = reference(text.front()); !named.empty()) {
            out += named;
        } else {
            out += text.substr(0, size);
        }
        text.remove_prefix(size == 0 ? 1 : size);
    }
    return out;
}

std::string valid_utf8(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const std::size_t size = character_size(text);
        out += size == 0 ? replacement : text.substr(0, size);
        text.remove_prefix(size == 0 ? 1 : size);
    }
    return out;
}

} // namespace pillarbox::webstatus
