// Words of server responses: numbers, strings in their shortest legal form, status lines (RFC 9051 7 and 9).
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pillarbox::imap {

/// Whether a client takes UTF-8 inside quoted strings: only after ENABLE IMAP4rev2 (RFC 9051 appendix A).
enum class Quoting : std::uint8_t { ascii, utf8 };

inline void write_number(std::string& out, std::uint64_t number) {
    char digits[20];
    const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    out.append(digits, end);
}

/// A quoted string where the text allows it, else a literal. NULs are left out: no string can hold one
/// (RFC 9051 9, CHAR8).
void write_string(std::string& out, std::string_view text, Quoting quoting);

/// write_string(), or NIL when there is nothing.
void write_nstring(std::string& out, std::optional<std::string_view> text, Quoting quoting);

/// An atom where the text is one, else write_string(); so mailbox names stay readable in traces.
void write_astring(std::string& out, std::string_view text, Quoting quoting);

/// `{5}` CRLF; the octets follow.
void write_literal_size(std::string& out, std::uint64_t octets);

/// Whether all octets may stand in an atom (RFC 9051 9, ATOM-CHAR), and there is at least one.
bool is_atom(std::string_view text);

/// How a command ends.
struct Completion {
    enum class Status : std::uint8_t { ok, no, bad };
    Status status = Status::ok;
    std::string code; ///< response code without brackets, or empty: "TRYCREATE" (RFC 9051 7.1)
    std::string text;
};

Completion ok(std::string text);
Completion ok(std::string code, std::string text);
Completion no(std::string code, std::string text);
Completion bad(std::string text);

/// `A1 OK [CODE] text` CRLF.
void write_completion(std::string& out, std::string_view tag, const Completion& done);

} // namespace pillarbox::imap
