// Tables of the charsets that POCO lacks.
#pragma once
#include <array>
#include <cstdint>

namespace pillarbox::message {

/// What the octets 0x80 to 0xFF of KOI8-R (RFC 1489) and KOI8-U (RFC 2319) mean.
extern const std::array<char16_t, 128> koi8_r_high, koi8_u_high;

/// A code and the code point it means.
struct Gb18030Pair {
    std::uint16_t code;
    char16_t code_point;
};

/// Two-octet codes of GB 18030 that windows-936 lacks or reads otherwise, ascending; those of the private use area are
/// left out.
extern const std::array<Gb18030Pair, 81> gb18030_two_octets;

/// Four-octet codes below U+10000, counted from 81 30 81 30: where each run begins, ascending. Within a run code and
/// code point rise together.
extern const std::array<Gb18030Pair, 206> gb18030_ranges;

/// The first linear code behind the last run.
inline constexpr std::uint32_t gb18030_ranges_end = 39420;

} // namespace pillarbox::message
