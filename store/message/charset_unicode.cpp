// Decoders of UTF-7 (RFC 2152) and UTF-16 (RFC 2781).
#include "store/message/charset_step.h"

namespace pillarbox::message {
namespace {

int base64_digit(unsigned char c) {
    if (between(c, 'A', 'Z')) return c - 'A';
    if (between(c, 'a', 'z')) return c - 'a' + 26;
    if (between(c, '0', '9')) return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

} // namespace

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

} // namespace pillarbox::message
