// SASLprep (see saslprep.h).
#include "appliance/runtime/saslprep.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <memory>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>
#include <vector>

namespace pillarbox::runtime {

namespace {

struct Range {
    ucs4_t first, last;
};

bool in(const Range* first, const Range* last, ucs4_t c) {
    const auto* range = std::partition_point(first, last, [&](const Range& r) { return r.last < c; });
    return range != last && range->first <= c;
}

/// RFC 3454 C.1.2, mapped to SPACE. U+200B is in B.1 too; RFC 4013 2.1 names this table first.
constexpr Range spaces[] = {{0xa0, 0xa0},     {0x1680, 0x1680}, {0x2000, 0x200b},
                            {0x202f, 0x202f}, {0x205f, 0x205f}, {0x3000, 0x3000}};
/// RFC 3454 B.1, commonly mapped to nothing.
constexpr Range nothing[] = {{0xad, 0xad},     {0x34f, 0x34f},   {0x1806, 0x1806}, {0x180b, 0x180d},
                             {0x200c, 0x200d}, {0x2060, 0x2060}, {0xfe00, 0xfe0f}, {0xfeff, 0xfeff}};
/// RFC 3454 C.2 to C.9: controls, private use, surrogates, what is no character or no plain text, tags.
constexpr Range prohibited[] = {{0x0, 0x1f},        {0x7f, 0x9f},       {0x340, 0x341},     {0x6dd, 0x6dd},
                                {0x70f, 0x70f},     {0x180e, 0x180e},   {0x200c, 0x200f},   {0x2028, 0x202e},
                                {0x2060, 0x2063},   {0x206a, 0x206f},   {0x2ff0, 0x2ffb},   {0xd800, 0xf8ff},
                                {0xfdd0, 0xfdef},   {0xfeff, 0xfeff},   {0xfff9, 0xffff},   {0x1d173, 0x1d17a},
                                {0x1fffe, 0x1ffff}, {0x2fffe, 0x2ffff}, {0x3fffe, 0x3ffff}, {0x4fffe, 0x4ffff},
                                {0x5fffe, 0x5ffff}, {0x6fffe, 0x6ffff}, {0x7fffe, 0x7ffff}, {0x8fffe, 0x8ffff},
                                {0x9fffe, 0x9ffff}, {0xafffe, 0xaffff}, {0xbfffe, 0xbffff}, {0xcfffe, 0xcffff},
                                {0xdfffe, 0xdffff}, {0xe0001, 0xe0001}, {0xe0020, 0xe007f}, {0xefffe, 0x10ffff}};

using Points = std::vector<ucs4_t>;

std::optional<Points> decode(std::string_view text) {
    const auto* data = reinterpret_cast<const std::uint8_t*>(text.data());
    if (u8_check(data, text.size()) != nullptr) return std::nullopt;
    Points points;
    for (std::size_t at = 0; at < text.size();) {
        ucs4_t c = 0;
        at += static_cast<std::size_t>(u8_mbtouc(&c, data + at, text.size() - at));
        points.push_back(c);
    }
    return points;
}

/// RFC 4013 2.1 and 2.2: mapping, then NFKC.
std::optional<Points> mapped(const Points& points) {
    Points kept;
    for (const ucs4_t c : points) {
        if (in(std::begin(nothing), std::end(nothing), c)) continue;
        kept.push_back(in(std::begin(spaces), std::end(spaces), c) ? ' ' : c);
    }
    std::size_t size = 0;
    const std::unique_ptr<std::uint32_t, void (*)(void*)> normal(
        u32_normalize(UNINORM_NFKC, kept.data(), kept.size(), nullptr, &size), std::free);
    if (!normal) return std::nullopt;
    return Points(normal.get(), normal.get() + size);
}

bool is_right_to_left(ucs4_t c) {
    const int category = uc_bidi_category(c);
    return category == UC_BIDI_R || category == UC_BIDI_AL;
}

/// RFC 3454 6: text with a right-to-left character has no left-to-right one, and begins and ends with the former.
bool has_one_direction(const Points& points) {
    if (std::none_of(points.begin(), points.end(), is_right_to_left)) return true;
    return is_right_to_left(points.front()) && is_right_to_left(points.back()) &&
           std::none_of(points.begin(), points.end(), [](ucs4_t c) { return uc_bidi_category(c) == UC_BIDI_L; });
}

std::string encode(const Points& points) {
    std::string out;
    for (const ucs4_t c : points) {
        std::uint8_t unit[6];
        const int size = u8_uctomb(unit, c, sizeof unit);
        out.append(reinterpret_cast<const char*>(unit), static_cast<std::size_t>(std::max(size, 0)));
    }
    return out;
}

} // namespace

std::optional<std::string> saslprep(std::string_view text) {
    if (std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; })) return std::string(text);
    const auto points = decode(text);
    if (!points) return std::nullopt;
    const auto prepared = mapped(*points);
    if (!prepared) return std::nullopt;
    const auto bad = [](ucs4_t c) { return in(std::begin(prohibited), std::end(prohibited), c); };
    if (std::any_of(prepared->begin(), prepared->end(), bad)) return std::nullopt;
    if (!has_one_direction(*prepared)) return std::nullopt;
    return encode(*prepared);
}

} // namespace pillarbox::runtime
