// Decoders of East Asian charsets: POCO's tables, and what is read by arithmetic on top of them.
#include "store/message/charset_names.h"
#include "store/message/charset_step.h"
#include "store/message/charset_tables.h"

#include <Poco/TextEncoding.h>
#include <algorithm>

namespace pillarbox::message {
namespace {

// The code point of a cell of JIS X 0208, as windows-932 has it.
int jis_cell(int row, int cell) {
    int high = ((row - 0x21) >> 1) + 0x81;
    if (high > 0x9F) high += 0x40;
    const int low = (row & 1) != 0 ? cell + (cell >= 0x60 ? 0x20 : 0x1F) : cell + 0x7E;
    const unsigned char octets[2] = {static_cast<unsigned char>(high), static_cast<unsigned char>(low)};
    return windows_932().queryConvert(octets, 2);
}

// Half-width katakana: one octet from 0xA1 to 0xDF in windows-932.
std::uint32_t katakana(unsigned char c) { return 0xFF61U + (c - 0xA1U); }

std::uint32_t gb18030_linear(std::uint32_t linear) {
    // Everything above U+FFFF follows 90 30 81 30 in one run.
    constexpr std::uint32_t supplementary = 189'000;
    if (linear >= supplementary)
        return linear - supplementary <= 0xFFFFF ? linear - supplementary + 0x10000 : replacement;
    if (linear >= gb18030_ranges_end) return replacement;
    const auto above = [](std::uint32_t code, const Gb18030Pair& range) { return code < range.code; };
    const auto next = std::upper_bound(gb18030_ranges.begin(), gb18030_ranges.end(), linear, above);
    const Gb18030Pair& range = *(next - 1);
    return range.code_point + (linear - range.code);
}

} // namespace

CharsetDecoder::Step CharsetDecoder::double_octet(const unsigned char* p, std::size_t n) const {
    const int c = charset_->encoding().characterMap()[*p];
    if (c >= 0) return {1, c};
    if (c == -1) return {1, replacement};
    if (n < 2) return {0, no_character};
    const int both = charset_->encoding().queryConvert(p, 2);
    if (both >= 0) return {2, both};
    return {p[1] < 0x80 ? 1U : 2U, replacement};
}

CharsetDecoder::Step CharsetDecoder::euc_jp(const unsigned char* p, std::size_t n) const {
    if (*p == 0x8F) { // JIS X 0212, which windows-932 lacks
        if (n < 3) return {0, no_character};
        return {p[1] < 0x80 ? 1U : p[2] < 0x80 ? 2U : 3U, replacement};
    }
    if (*p != 0x8E && !between(*p, 0xA1, 0xFE)) return {1, replacement};
    if (n < 2) return {0, no_character};
    if (!between(p[1], 0xA1, 0xFE)) return {p[1] < 0x80 ? 1U : 2U, replacement};
    if (*p == 0x8E) return {2, p[1] <= 0xDF ? static_cast<int>(katakana(p[1])) : static_cast<int>(replacement)};
    const int c = jis_cell(*p & 0x7F, p[1] & 0x7F);
    return {2, c >= 0 ? c : static_cast<int>(replacement)};
}

// Escape sequences of RFC 1468, and those of the versions that followed it.
CharsetDecoder::Step CharsetDecoder::iso_2022_jp(const unsigned char* p, std::size_t n) {
    if (*p == 0x1B) {
        if (n < 3) return {0, no_character};
        if (p[1] == '(' && (p[2] == 'B' || p[2] == 'J')) return mode_ = Mode::ascii, Step{3, no_character};
        if (p[1] == '(' && p[2] == 'I') return mode_ = Mode::katakana, Step{3, no_character};
        if (p[1] == '$' && (p[2] == '@' || p[2] == 'B')) return mode_ = Mode::kanji, Step{3, no_character};
        if (p[1] != '$' || p[2] != '(') return {1, replacement};
        if (n < 4) return {0, no_character};
        mode_ = Mode::unknown; // JIS X 0212 and 0213
        return {4, no_character};
    }
    if (*p == '\r' || *p == '\n') { // each line begins in ASCII (RFC 1468)
        mode_ = Mode::ascii;
        return {1, *p};
    }
    if (*p <= 0x20) return {1, *p};
    if (mode_ == Mode::katakana && between(*p, 0x21, 0x5F)) return {1, static_cast<int>(katakana(*p | 0x80))};
    if (mode_ == Mode::ascii || mode_ == Mode::katakana || !between(*p, 0x21, 0x7E)) return {1, replacement};
    if (n < 2) return {0, no_character};
    if (!between(p[1], 0x21, 0x7E)) return {1, replacement};
    const int c = mode_ == Mode::kanji ? jis_cell(*p, p[1]) : no_character;
    return {2, c >= 0 ? c : static_cast<int>(replacement)};
}

CharsetDecoder::Step CharsetDecoder::gb18030(const unsigned char* p, std::size_t n) const {
    if (*p == 0x80) return {1, 0x20AC}; // as windows-936 has it
    if (*p == 0xFF) return {1, replacement};
    if (n < 2) return {0, no_character};
    if (between(p[1], '0', '9')) {
        if (n < 4) return {0, no_character};
        if (!between(p[2], 0x81, 0xFE) || !between(p[3], '0', '9')) return {1, replacement};
        const std::uint32_t linear =
            (((*p - 0x81U) * 10 + (p[1] - 0x30U)) * 126 + (p[2] - 0x81U)) * 10 + (p[3] - 0x30U);
        return {4, static_cast<int>(gb18030_linear(linear))};
    }
    const auto code = static_cast<std::uint16_t>(*p << 8 | p[1]);
    const auto below = [](const Gb18030Pair& pair, std::uint16_t value) { return pair.code < value; };
    const auto own = std::lower_bound(gb18030_two_octets.begin(), gb18030_two_octets.end(), code, below);
    if (own != gb18030_two_octets.end() && own->code == code) return {2, own->code_point};
    const int c = windows_936().queryConvert(p, 2);
    if (c >= 0) return {2, c};
    return {p[1] < 0x80 ? 1U : 2U, replacement};
}

} // namespace pillarbox::message
