// A reply of the server: code, enhanced status code and text (RFC 5321 4.2, RFC 2034, RFC 3463).
#include "smtp/reply.h"

#include <algorithm>

namespace pillarbox::smtp {

Reply::Reply(int reply_code, std::string_view enhanced_code, std::string words)
    : code(reply_code), enhanced(enhanced_code), text(std::move(words)) {}

std::string Reply::wire() const {
    constexpr std::size_t max_line = 512 - 2; // RFC 5321 4.5.3.1.5
    std::string out;
    std::string_view rest = text;
    bool last = false;
    while (!last) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        last = end == rest.size();
        std::string line = std::to_string(code) + (last ? ' ' : '-');
        if (!enhanced.empty()) line += enhanced + ' ';
        line += rest.substr(0, end);
        if (line.size() > max_line) line.resize(max_line);
        std::replace_if(
            line.begin(), line.end(), [](char c) { return c < 0x20 || c > 0x7e; }, '?');
        out += line + "\r\n";
        rest.remove_prefix(last ? end : end + 1);
    }
    return out;
}

} // namespace pillarbox::smtp
