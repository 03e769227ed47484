// Judges the figures: one sentence for the whole site, one tile for each part.
#pragma once

#include "webstatus/site_status.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pillarbox::webstatus {

enum class Level : std::uint8_t { good, warning, bad };
std::string_view to_string(Level level); // "good", "warning", "bad"

/// One part of the site with its figure.
struct Tile {
    Level level = Level::good;
    std::string name, figure, note; // "Disk", "12.3 GiB free", "mail is refused below 1 GiB"
};

struct Verdict {
    Level level = Level::good;
    std::string sentence;                              // "All is well", or what is wrong and what to do
    std::vector<std::pair<Level, std::string>> others; // further findings, the worse first
    std::vector<Tile> tiles;
};

Verdict judge(const SiteStatus& status);

/// 13207024435 is "12.3 GiB".
std::string in_words_octets(std::uint64_t octets);
/// 93784 is "1 day 2 h"; the two largest units that count.
std::string in_words_seconds(std::int64_t seconds);
/// 1234567 is "1,234,567".
std::string grouped(std::uint64_t number);

} // namespace pillarbox::webstatus
