// Figures as people read them: octets, spans of time, grouped digits.
#include "webstatus/verdict.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace pillarbox::webstatus {

std::string in_words_octets(std::uint64_t octets) {
    constexpr std::array<const char*, 7> units{"octets", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    auto value = static_cast<double>(octets);
    std::size_t unit = 0;
    while (value >= 1024 && unit + 1 < units.size()) {
        value /= 1024;
        ++unit;
    }
    std::array<char, 32> text{};
    const bool fine = unit > 0 && value < 100;
    std::snprintf(text.data(), text.size(), fine ? "%.1f %s" : "%.0f %s", value, units[unit]);
    return text.data();
}

std::string in_words_seconds(std::int64_t seconds) {
    struct Unit {
        std::int64_t seconds;
        const char *one, *many;
    };
    constexpr std::array<Unit, 4> units{
        {{86400, " day", " days"}, {3600, " h", " h"}, {60, " min", " min"}, {1, " s", " s"}}};
    seconds = std::max<std::int64_t>(seconds, 0);
    for (std::size_t at = 0; at < units.size(); ++at) {
        const std::int64_t whole = seconds / units[at].seconds;
        if (whole == 0 && at + 1 < units.size()) continue;
        std::string text = std::to_string(whole) + (whole == 1 ? units[at].one : units[at].many);
        if (at + 1 == units.size()) return text;
        const std::int64_t rest = seconds % units[at].seconds / units[at + 1].seconds;
        const auto& small = units[at + 1];
        if (rest > 0) text += " " + std::to_string(rest) + (rest == 1 ? small.one : small.many);
        return text;
    }
    return "0 s";
}

std::string grouped(std::uint64_t number) {
    std::string digits = std::to_string(number);
    for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, 1, ',');
    return digits;
}

} // namespace pillarbox::webstatus
