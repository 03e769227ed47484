// Words of server responses (RFC 9051 7 and 9).
#include "imap/wire.h"

#include "imap/characters.h"

#include <algorithm>

namespace pillarbox::imap {
namespace {

/// Longer strings go as literals: clients read those without looking at each octet.
constexpr std::size_t longest_quoted = 1000;

bool can_be_quoted(std::string_view text, Quoting quoting) {
    if (text.size() > longest_quoted) return false;
    const auto refuses = [quoting](char c) {
        return c == '\r' || c == '\n' || c == '\0' || (quoting == Quoting::ascii && is_8bit(c));
    };
    if (std::ranges::any_of(text, refuses)) return false;
    return quoting == Quoting::ascii || is_utf8(text);
}

void write_quoted(std::string& out, std::string_view text) {
    out += '"';
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    out += '"';
}

} // namespace

void write_literal_size(std::string& out, std::uint64_t octets) {
    out += '{';
    write_number(out, octets);
    out += "}\r\n";
}

void write_string(std::string& out, std::string_view text, Quoting quoting) {
    if (can_be_quoted(text, quoting)) {
        write_quoted(out, text);
        return;
    }
    const auto nuls = static_cast<std::size_t>(std::ranges::count(text, '\0'));
    write_literal_size(out, text.size() - nuls);
    if (nuls == 0) {
        out += text;
    } else {
        std::ranges::copy_if(text, std::back_inserter(out), [](char c) { return c != '\0'; });
    }
}

void write_nstring(std::string& out, std::optional<std::string_view> text, Quoting quoting) {
    if (text) {
        write_string(out, *text, quoting);
    } else {
        out += "NIL";
    }
}

bool is_atom(std::string_view text) { return !text.empty() && std::ranges::all_of(text, is_atom_char); }

void write_astring(std::string& out, std::string_view text, Quoting quoting) {
    // An atom spelt NIL would read as "nothing" to clients that parse astrings loosely.
    const bool nil = text.size() == 3 && equal_ignoring_case(text, "NIL");
    if (is_atom(text) && !nil) {
        out += text;
    } else {
        write_string(out, text, quoting);
    }
}

Completion ok(std::string text) { return {Completion::Status::ok, {}, std::move(text)}; }
Completion ok(std::string code, std::string text) { return {Completion::Status::ok, std::move(code), std::move(text)}; }
Completion no(std::string code, std::string text) { return {Completion::Status::no, std::move(code), std::move(text)}; }
Completion bad(std::string text) { return {Completion::Status::bad, {}, std::move(text)}; }

void write_completion(std::string& out, std::string_view tag, const Completion& done) {
    constexpr std::string_view words[] = {" OK ", " NO ", " BAD "};
    out += tag;
    out += words[static_cast<std::size_t>(done.status)];
    if (!done.code.empty()) {
        out += '[';
        out += done.code;
        out += "] ";
    }
    out += done.text;
    out += "\r\n";
}

} // namespace pillarbox::imap
