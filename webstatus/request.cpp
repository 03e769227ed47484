// The head of an HTTP request: its grammar and its limits (RFC 9112 2 to 5).
#include "webstatus/request.h"

#include <algorithm>
#include <utility>

namespace pillarbox::webstatus {

namespace {

bool is_token(std::string_view text) { // RFC 9110 5.6.2
    constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
    return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
               marks.find(c) != std::string_view::npos;
    });
}

bool is_visible(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](unsigned char c) { return c > 0x20 && c < 0x7f; });
}

std::string lower(std::string_view text) {
    std::string result(text);
    for (char& c : result) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return result;
}

std::string_view trim(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Whether a comma-separated value holds the (lower case) word.
bool holds(std::string_view value, std::string_view word) {
    for (std::size_t begin = 0; begin <= value.size();) {
        const auto comma = std::min(value.find(',', begin), value.size());
        if (lower(trim(value.substr(begin, comma - begin))) == word) return true;
        begin = comma + 1;
    }
    return false;
}

} // namespace

void Request::take_request_line(std::string_view line) {
    const auto first = line.find(' ');
    const auto last = line.rfind(' ');
    if (first == std::string_view::npos || first == last) throw BadRequest{400, "no request line"};
    const std::string_view version = line.substr(last + 1);
    const auto digit = [&](std::size_t at) { return version[at] >= '0' && version[at] <= '9'; };
    if (version.size() != 8 || version.substr(0, 5) != "HTTP/" || version[6] != '.' || !digit(5) || !digit(7)) {
        throw BadRequest{400, "no HTTP version"};
    }
    if (version[5] != '1') throw BadRequest{505, "HTTP/1.1 is spoken here"};
    old_ = version[7] == '0';
    keep_alive_ = !old_;
    method_ = line.substr(0, first);
    if (!is_token(method_)) throw BadRequest{400, "the method is no token"};
    take_target(line.substr(first + 1, last - first - 1));
}

void Request::take_target(std::string_view target) {
    if (!is_visible(target)) throw BadRequest{400, "the target holds blanks or control characters"};
    const std::string start = lower(target.substr(0, 7));
    if (start == "http://") { // absolute-form counts before Host: RFC 9112 3.2.2
        target.remove_prefix(7);
        const auto end = std::min(target.find_first_of("/?"), target.size());
        take_host(target.substr(0, end));
        absolute_ = true;
        target.remove_prefix(end);
        if (target.empty() || target.front() == '?') target = "/";
    }
    if (target.empty() || target.front() != '/') throw BadRequest{400, "the target is no path"};
    path_ = target.substr(0, target.find('?'));
}

void Request::take_host(std::string_view value) {
    // uri-host [":" port]: RFC 9112 3.2
    const bool literal = !value.empty() && value.front() == '[';
    const auto after = literal ? value.find(']') : value.find(':');
    std::string_view name = value, port;
    if (literal) {
        if (after == std::string_view::npos) throw BadRequest{400, "the host is not closed by ]"};
        name = value.substr(0, after + 1);
        port = value.substr(after + 1);
    } else if (after != std::string_view::npos) {
        name = value.substr(0, after);
        port = value.substr(after);
    }
    const bool digits =
        port.empty() || (port.front() == ':' && port.size() <= 6 &&
                         std::all_of(port.begin() + 1, port.end(), [](char c) { return c >= '0' && c <= '9'; }));
    if (!digits || !is_visible(name)) throw BadRequest{400, "the host is none"};
    host_ = lower(name);
}

void Request::take_field(std::string_view line) {
    if (++fields_ > HttpLimits::fields) throw BadRequest{431, "there are too many fields"};
    const auto colon = line.find(':');
    // No blank before the colon (RFC 9112 5.1), no folded line (5.2): the name is a token from the line's first octet.
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) throw BadRequest{400, "a field is none"};
    const std::string name = lower(line.substr(0, colon));
    const std::string_view value = trim(line.substr(colon + 1));
    const bool control =
        std::any_of(value.begin(), value.end(), [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7f; });
    if (control) throw BadRequest{400, "a field holds control characters"};
    if (name == "host") {
        if (std::exchange(host_seen_, true)) throw BadRequest{400, "the host is named twice"};
        if (!absolute_) take_host(value);
    } else if (name == "connection") {
        if (holds(value, "close")) keep_alive_ = false;
    } else if (name == "transfer-encoding" || (name == "content-length" && value != "0")) {
        throw BadRequest{413, "no body is taken here"};
    }
}

void Request::finish() const {
    if (!old_ && !host_seen_) throw BadRequest{400, "no host is named"};
}

} // namespace pillarbox::webstatus
