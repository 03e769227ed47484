// Decoders of charsets: UTF-8 and those of one octet a character. Others: charset_asia.cpp, charset_unicode.cpp.
#include "store/message/charset.h"
#include "store/message/charset_names.h"
#include "store/message/charset_step.h"
#include "store/message/charset_tables.h"

#include <Poco/TextEncoding.h>
#include <algorithm>
#include <cstring>

namespace pillarbox::message {
namespace {

using Kind = KnownCharset::Kind;

bool is_continuation(unsigned char c) { return (c & 0xC0) == 0x80; }

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

// Steps over octets below 0x80, eight at a time as far as that goes.
const unsigned char* skip_ascii(const unsigned char* p, const unsigned char* end) {
    for (std::uint64_t word = 0; end - p >= 8; p += 8) {
        std::memcpy(&word, p, 8);
        if ((word & 0x8080808080808080U) != 0) break;
    }
    return p;
}

} // namespace

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

std::string to_utf8(std::string_view octets, std::string_view charset) {
    std::string out;
    out.reserve(octets.size());
    CharsetDecoder decoder(charset);
    decoder.feed(octets, out);
    decoder.finish(out);
    return out;
}

} // namespace pillarbox::message
