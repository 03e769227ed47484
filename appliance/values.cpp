// The words that values of settings are written in: sizes, numbers, choices, addresses to listen on.
#include "appliance/values.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <limits>

namespace pillarbox::appliance {

namespace {

constexpr std::string_view units = "KMGT";

/// The number text begins with; what follows it is left in text. False: there is none, or it does not fit.
bool take_number(std::string_view& text, std::uint64_t& number) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{}) return false;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return true;
}

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

} // namespace

std::uint64_t parse_number(std::string_view text, std::uint64_t least, std::uint64_t most) {
    std::uint64_t number = 0;
    if (!take_number(text, number) || !text.empty() || number < least || number > most) {
        throw BadValue("must be a number from " + std::to_string(least) + " to " + std::to_string(most));
    }
    return number;
}

std::uint64_t parse_octets(std::string_view text) {
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    const char* const wrong = "must be a size such as 4096, 64K, 500M, 1G or 2T";
    std::uint64_t number = 0;
    if (!take_number(text, number) || text.size() > 1) throw BadValue(wrong);
    unsigned shift = 0;
    if (!text.empty()) {
        const auto unit = units.find(text.front());
        if (unit == std::string_view::npos) throw BadValue(wrong);
        shift = 10 * static_cast<unsigned>(unit + 1);
    }
    if (number > most >> shift) throw BadValue("is larger than any disk: the most is 8 EiB less one octet");
    return number << shift;
}

std::string format_octets(std::uint64_t octets) {
    std::size_t unit = 0;
    while (octets != 0 && octets % 1024 == 0 && unit < units.size()) {
        octets /= 1024;
        ++unit;
    }
    std::string text = std::to_string(octets);
    if (unit > 0) text += units[unit - 1];
    return text;
}

std::size_t parse_choice(std::string_view text, const std::vector<std::string_view>& words) {
    const auto found = std::find(words.begin(), words.end(), text);
    if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
    std::string all;
    for (const auto word : words) {
        if (!all.empty()) all += word == words.back() ? " or " : ", ";
        all += word;
    }
    throw BadValue("must be " + all);
}

namespace {

std::string parse_one_listen(std::string_view text) {
    const char* const wrong = "must be ADDRESS:PORT with a numeric address, as 127.0.0.1:25 or [::]:25, several by "
                              "comma, or off";
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) throw BadValue(wrong);
    std::string_view host = text.substr(0, colon);
    const bool six = host.size() > 2 && host.front() == '[' && host.back() == ']';
    if (six) host = host.substr(1, host.size() - 2);
    in6_addr address{};
    if (inet_pton(six ? AF_INET6 : AF_INET, std::string(host).c_str(), &address) != 1) throw BadValue(wrong);
    parse_number(text.substr(colon + 1), 0, 65535);
    return std::string(text);
}

} // namespace

std::vector<std::string> parse_listen(std::string_view text) {
    std::vector<std::string> addresses;
    if (text == "off") return addresses;
    for (std::size_t begin = 0; begin <= text.size();) {
        const auto comma = std::min(text.find(',', begin), text.size());
        addresses.push_back(parse_one_listen(trimmed(text.substr(begin, comma - begin))));
        begin = comma + 1;
    }
    return addresses;
}

std::vector<std::string> parse_loopback_listen(std::string_view text) {
    auto addresses = parse_listen(text);
    for (const auto& address : addresses) {
        if (address.compare(0, 4, "127.") != 0 && address.compare(0, 6, "[::1]:") != 0) {
            throw BadValue("must be an address of this machine alone, in 127.0.0.0/8 or [::1], as it asks nobody for a "
                           "password; a proxy can carry it further");
        }
    }
    return addresses;
}

std::string parse_host(std::string_view text) {
    const char* const wrong = "must be a host name of letters, digits, hyphens and dots";
    if (text.size() > 253) throw BadValue("is longer than the 253 octets a host name may have");
    std::string host;
    std::size_t label = 0;
    for (const char c : text) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        const bool inside = c == '-' && label > 0;
        if (c == '.' ? label == 0 || host.back() == '-' : !letter && !inside) throw BadValue(wrong);
        label = c == '.' ? 0 : label + 1;
        if (label > 63) throw BadValue("has a part longer than the 63 octets RFC 1035 allows");
        host += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    if (!host.empty() && (label == 0 || host.back() == '-')) throw BadValue(wrong);
    return host;
}

std::pair<std::uint32_t, std::uint32_t> parse_idle_timeout(std::string_view text) {
    constexpr std::uint64_t day = 86400;
    std::uint64_t before = 0, after = 0;
    const bool first = take_number(text, before) && !text.empty() && (text.front() == ' ' || text.front() == '\t');
    text = trimmed(text);
    if (!first || !take_number(text, after) || !text.empty() || before < 1 || before > day || after > 365 * day ||
        (after != 0 && after < 1800)) {
        throw BadValue("must be two numbers of seconds: before log-in (1 to 86400), and after it (0 for never, or at "
                       "least 1800: RFC 9051 5.4)");
    }
    return {static_cast<std::uint32_t>(before), static_cast<std::uint32_t>(after)};
}

} // namespace pillarbox::appliance
