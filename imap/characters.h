// Classes of octets in the IMAP grammar (RFC 9051 9), and ASCII-only case folding.
#pragma once

#include <algorithm>
#include <string_view>

namespace pillarbox::imap {

constexpr bool is_8bit(char c) { return static_cast<unsigned char>(c) >= 0x80; }
constexpr bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
/// What keywords of the grammar are made of: `BODY.PEEK` ends before `[`, which an atom could hold.
constexpr bool is_word_char(char c) { return is_letter(c) || is_digit(c) || c == '.' || c == '-' || c == '_'; }
constexpr char to_upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

/// ATOM-CHAR
constexpr bool is_atom_char(char c) {
    return !is_8bit(c) && !is_control(c) && std::string_view(" (){%*\"\\]").find(c) == std::string_view::npos;
}
/// ASTRING-CHAR
constexpr bool is_astring_char(char c) { return is_atom_char(c) || c == ']'; }
/// list-char
constexpr bool is_list_char(char c) { return is_astring_char(c) || c == '%' || c == '*'; }

/// ASCII letters compare without case, everything else exactly.
constexpr bool equal_ignoring_case(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return to_upper(x) == to_upper(y); });
}

/// Whether the octets are well-formed UTF-8 (RFC 3629 4: no overlong forms, no surrogates).
bool is_utf8(std::string_view text);

} // namespace pillarbox::imap
