// Decoders of charsets: UTF-8, 7 and 16, POCO's tables, and what is read by arithmetic on top of them.
#include "store/message/charset.h"
#include "store/message/charset_names.h"
#include "store/message/charset_tables.h"

#include <Poco/TextEncoding.h>
#include <algorithm>
#include <cstring>

namespace pillarbox::message {
namespace {

using Kind = KnownCharset::Kind;

constexpr std::uint32_t replacement = 0xFFFD;
constexpr int no_character = -1;

bool is_continuation(unsigned char c) { return (c & 0xC0) == 0x80; }

bool between(unsigned char c, int first, int last) { return c >= first && c <= last; }

bool is_surrogate(std::uint32_t c) { return c >= 0xD800 && c <= 0xDFFF; }

// Length, bits and bounds of a UTF-8 sequence by its first octet (RFC 3629 4).
struct Utf8Lead {
    std::size_t octets;
    std::uint32_t bits, least;
};

Utf8Lead utf8_lead(unsigned char c) {
    if (between(c, 0xC2, 0xDF)) return {2, c & 0x1FU, 0x80};
    if (between(c, 0xE0, 0xEF)) return {3, c & 0x0FU, 0x800};
    if (between(c, 0xF0, 0xF4)) return {4, c & 0x07U, 0x10000};
    return {0, 0, 0};
}

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

// Steps over octets below 0x80, eight at a time as far as that goes.
const unsigned char* skip_ascii(const unsigned char* p, const unsigned char* end) {
    for (std::uint64_t word = 0; end - p >= 8; p += 8) {
        std::memcpy(&word, p, 8);
        if ((word & 0x8080808080808080U) != 0) break;
    }
    return p;
}

int base64_digit(unsigned char c) {
    if (between(c, 'A', 'Z')) return c - 'A';
    if (between(c, 'a', 'z')) return c - 'a' + 26;
    if (between(c, '0', '9')) return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

} // namespace

// How many octets were used and what they mean (no_character: nothing). Nothing of both: more octets are needed.
struct CharsetDecoder::Step {
    std::size_t octets;
    int code_point;
};

bool knows_charset(std::string_view name) { return find_charset(name) != nullptr; }

bool is_utf8_charset(std::string_view name) {
    const KnownCharset* charset = find_charset(name);
    return name.empty() || (charset != nullptr && (charset->kind == Kind::utf8 || charset->kind == Kind::lenient));
}

void append_utf8(std::string& out, std::uint32_t c) {
    if (is_surrogate(c) || c > 0x10FFFF) c = replacement;
    const auto tail = [&](int shift) { out += static_cast<char>(0x80 | (c >> shift & 0x3F)); };
    if (c < 0x80) {
        out += static_cast<char>(c);
    } else if (c < 0x800) {
        out += static_cast<char>(0xC0 | c >> 6);
        tail(0);
    } else if (c < 0x10000) {
        out += static_cast<char>(0xE0 | c >> 12);
        tail(6), tail(0);
    } else {
        out += static_cast<char>(0xF0 | c >> 18);
        tail(12), tail(6), tail(0);
    }
}

std::string_view cut_utf8(std::string_view text, std::size_t octets) {
    if (text.size() <= octets) return text;
    while (octets > 0 && is_continuation(static_cast<unsigned char>(text[octets]))) --octets;
    return text.substr(0, octets);
}

CharsetDecoder::CharsetDecoder(std::string_view charset) : charset_(find_charset(charset)) {
    if (charset_ == nullptr) charset_ = &lenient_charset();
    is_big_endian_ = charset_->kind != Kind::utf16_le;
}

// Whether all octets below 0x80 stand for themselves, at any time.
bool CharsetDecoder::has_plain_ascii() const {
    const Kind kind = charset_->kind;
    return kind != Kind::utf7 && kind != Kind::iso_2022_jp && kind != Kind::utf16 && kind != Kind::utf16_le;
}

// Whether the octet stands for itself in the present state, so that runs of such octets are copied at once.
bool CharsetDecoder::is_direct(unsigned char c) const {
    if (c >= 0x80 || mode_ != Mode::ascii) return false;
    switch (charset_->kind) {
    case Kind::utf16:
    case Kind::utf16_le:
        return false;
    case Kind::utf7:
        return c != '+';
    case Kind::iso_2022_jp:
        return c != 0x1B;
    default:
        return true;
    }
}

void CharsetDecoder::feed(std::string_view octets, std::string& out) {
    std::string joined;
    if (!held_.empty()) {
        joined = std::move(held_);
        joined += octets;
        octets = joined;
        held_.clear();
    }
    const auto* p = reinterpret_cast<const unsigned char*>(octets.data());
    const auto* const end = p + octets.size();
    while (p != end) {
        const auto* run = has_plain_ascii() ? skip_ascii(p, end) : p;
        while (run != end && is_direct(*run)) ++run;
        out.append(reinterpret_cast<const char*>(p), static_cast<std::size_t>(run - p));
        p = run;
        if (p == end) return;
        const Step step = this->step(p, static_cast<std::size_t>(end - p));
        if (step.octets == 0 && step.code_point == no_character) {
            held_.assign(reinterpret_cast<const char*>(p), static_cast<std::size_t>(end - p));
            return;
        }
        if (step.code_point != no_character) append_utf8(out, static_cast<std::uint32_t>(step.code_point));
        p += step.octets;
    }
}

void CharsetDecoder::finish(std::string& out) {
    if (charset_->kind == Kind::lenient) {
        for (const char c : held_)
            append_utf8(out, static_cast<std::uint32_t>(windows_1252().characterMap()[static_cast<unsigned char>(c)]));
    } else if (!held_.empty() || high_surrogate_ != 0) {
        append_utf8(out, replacement);
    }
    held_.clear();
    high_surrogate_ = 0;
}

CharsetDecoder::Step CharsetDecoder::step(const unsigned char* p, std::size_t n) {
    switch (charset_->kind) {
    case Kind::lenient:
        return lenient(p, n);
    case Kind::utf8:
        return utf8(p, n);
    case Kind::single:
        return single_octet(*p);
    case Kind::double_octet:
        return double_octet(p, n);
    case Kind::koi8_r:
        return {1, koi8_r_high[*p - 0x80U]};
    case Kind::koi8_u:
        return {1, koi8_u_high[*p - 0x80U]};
    case Kind::euc_jp:
        return euc_jp(p, n);
    case Kind::iso_2022_jp:
        return iso_2022_jp(p, n);
    case Kind::gb18030:
        return gb18030(p, n);
    case Kind::utf7:
        return utf7(*p);
    default:
        return utf16(p, n);
    }
}

CharsetDecoder::Step CharsetDecoder::utf8(const unsigned char* p, std::size_t n) const {
    const Utf8Lead lead = utf8_lead(*p);
    if (lead.octets == 0) return {1, replacement};
    std::uint32_t c = lead.bits;
    for (std::size_t i = 1; i < lead.octets; ++i) {
        if (i == n) return {0, no_character};
        if (!is_continuation(p[i])) return {i, replacement};
        c = c << 6 | (p[i] & 0x3FU);
    }
    if (c < lead.least || is_surrogate(c) || c > 0x10FFFF) return {1, replacement};
    return {lead.octets, static_cast<int>(c)};
}

CharsetDecoder::Step CharsetDecoder::lenient(const unsigned char* p, std::size_t n) const {
    const Step step = utf8(p, n);
    if (step.octets == 0 || step.code_point != static_cast<int>(replacement)) return step;
    if (*p == 0xEF && step.octets == 3) return step; // U+FFFD itself
    return {1, windows_1252().characterMap()[*p]};
}

CharsetDecoder::Step CharsetDecoder::single_octet(unsigned char octet) const {
    const int c = charset_->encoding().characterMap()[octet];
    return {1, c >= 0 ? c : static_cast<int>(replacement)};
}

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

// RFC 2152: UTF-16 in base64 between `+` and the first octet that is no digit; `-` there is dropped.
CharsetDecoder::Step CharsetDecoder::utf7(unsigned char c) {
    if (mode_ == Mode::ascii) {
        if (c != '+') return {1, replacement}; // 8-bit
        mode_ = Mode::base64_first;
        bits_ = 0;
        bit_count_ = 0;
        return {1, no_character};
    }
    const int digit = base64_digit(c);
    if (digit < 0) {
        if (high_surrogate_ != 0) return high_surrogate_ = 0, Step{0, static_cast<int>(replacement)};
        const bool is_plus = mode_ == Mode::base64_first && c == '-';
        mode_ = Mode::ascii;
        if (is_plus) return {1, '+'};
        return {1, c == '-' ? no_character : c < 0x80 ? c : static_cast<int>(replacement)};
    }
    mode_ = Mode::base64;
    bits_ = bits_ << 6 | static_cast<std::uint32_t>(digit);
    bit_count_ += 6;
    if (bit_count_ < 16) return {1, no_character};
    bit_count_ -= 16;
    const std::uint32_t unit = bits_ >> bit_count_ & 0xFFFF;
    if (high_surrogate_ != 0 && (unit & 0xFC00) == 0xDC00) {
        const std::uint32_t both = 0x10000 + ((high_surrogate_ & 0x3FF) << 10) + (unit & 0x3FF);
        high_surrogate_ = 0;
        return {1, static_cast<int>(both)};
    }
    const bool is_high = (unit & 0xFC00) == 0xD800;
    const bool was_high = high_surrogate_ != 0;
    high_surrogate_ = is_high ? unit : 0;
    if (is_high) return {1, was_high ? static_cast<int>(replacement) : no_character};
    return {1, static_cast<int>(unit)};
}

CharsetDecoder::Step CharsetDecoder::utf16(const unsigned char* p, std::size_t n) {
    if (n < 2) return {0, no_character};
    const auto unit_at = [&](std::size_t i) {
        return is_big_endian_ ? static_cast<std::uint32_t>(p[i] << 8 | p[i + 1])
                              : static_cast<std::uint32_t>(p[i + 1] << 8 | p[i]);
    };
    const std::uint32_t unit = unit_at(0);
    if (is_first_ && (unit == 0xFEFF || unit == 0xFFFE)) {
        if (unit == 0xFFFE) is_big_endian_ = !is_big_endian_;
        is_first_ = false;
        return {2, no_character};
    }
    is_first_ = false;
    if ((unit & 0xFC00) != 0xD800) return {2, static_cast<int>(unit)};
    if (n < 4) return {0, no_character};
    const std::uint32_t low = unit_at(2);
    if ((low & 0xFC00) != 0xDC00) return {2, replacement};
    return {4, static_cast<int>(0x10000 + ((unit & 0x3FF) << 10) + (low & 0x3FF))};
}

std::string to_utf8(std::string_view octets, std::string_view charset) {
    std::string out;
    out.reserve(octets.size());
    CharsetDecoder decoder(charset);
    decoder.feed(octets, out);
    decoder.finish(out);
    return out;
}

} // namespace pillarbox::message
