// Strings and envelopes in the words of IMAP (RFC 9051 9).
#include "store/message/imap_text.h"
#include "store/message/envelope.h"

#include <algorithm>

namespace pillarbox::message {
namespace {

bool needs_literal(std::string_view text) {
    const auto is_odd = [](char c) { return static_cast<signed char>(c) <= 0 || c == '\r' || c == '\n'; };
    return std::any_of(text.begin(), text.end(), is_odd);
}

void append_literal(std::string& out, std::string_view text) {
    const auto nuls = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\0'));
    out += '{';
    out += std::to_string(text.size() - nuls);
    out += "}\r\n";
    for (const char c : text)
        if (c != '\0') out += c;
}

std::optional<std::string_view> view(const std::optional<std::string>& text) {
    if (!text) return std::nullopt;
    return *text;
}

} // namespace

void append_string(std::string& out, std::string_view text) {
    if (needs_literal(text)) return append_literal(out, text);
    out += '"';
    for (std::size_t at = 0;;) {
        const std::size_t special = text.find_first_of("\"\\", at);
        out += text.substr(at, special - at);
        if (special == text.npos) break;
        out += '\\';
        out += text[special];
        at = special + 1;
    }
    out += '"';
}

void append_nstring(std::string& out, const std::optional<std::string_view>& text) {
    if (text)
        append_string(out, *text);
    else
        out += "NIL";
}

void append_addresses(std::string& out, std::span<const Address> addresses) {
    if (addresses.empty()) {
        out += "NIL";
        return;
    }
    out += '(';
    for (const Address& address : addresses) {
        char before = '(';
        for (const auto* field : {&address.name, &address.adl, &address.mailbox, &address.host}) {
            out += before;
            append_nstring(out, view(*field));
            before = ' ';
        }
        out += ')';
    }
    out += ')';
}

void append_envelope(std::string& out, const Envelope& envelope) {
    out += '(';
    append_nstring(out, view(envelope.date));
    out += ' ';
    append_nstring(out, view(envelope.subject));
    for (const auto* list :
         {&envelope.from, &envelope.sender, &envelope.reply_to, &envelope.to, &envelope.cc, &envelope.bcc}) {
        out += ' ';
        append_addresses(out, *list);
    }
    out += ' ';
    append_nstring(out, view(envelope.in_reply_to));
    out += ' ';
    append_nstring(out, view(envelope.message_id));
    out += ')';
}

} // namespace pillarbox::message
