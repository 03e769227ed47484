// An address of the envelope (RFC 5321 4.1.2, Mailbox), and the sender's form of it, which may be null.
#include "smtp/address.h"

#include "smtp/parser.h"

#include <algorithm>

namespace pillarbox::smtp {
namespace {

bool is_dot_string(std::string_view text) {
    if (text.empty() || text.front() == '.' || text.back() == '.' || text.find("..") != text.npos) return false;
    return std::all_of(text.begin(), text.end(), [](char c) { return c == '.' || is_atext(c); });
}

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + '"';
}

} // namespace

std::string Address::text() const {
    if (null()) return {};
    std::string out = is_dot_string(local_part) ? local_part : quoted(local_part);
    if (!domain.empty()) out += '@' + domain;
    return out;
}

} // namespace pillarbox::smtp
