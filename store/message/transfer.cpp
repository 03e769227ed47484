// Base64 and quoted-printable (RFC 2045 6.7 and 6.8).
#include "store/message/transfer.h"
#include "store/message/header.h"

#include <array>

namespace pillarbox::message {
namespace {

constexpr std::uint8_t not_base64 = 64;

constexpr std::array<std::uint8_t, 256> base64_values() {
    std::array<std::uint8_t, 256> table{};
    for (auto& value : table) value = not_base64;
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (std::size_t i = 0; i < digits.size(); ++i)
        table[static_cast<unsigned char>(digits[i])] = static_cast<std::uint8_t>(i);
    return table;
}

constexpr auto base64_value = base64_values();

// Blanks at the end of a line are dropped (RFC 2045 6.7 rule 3), but only so many are held back to find out.
constexpr std::size_t most_held = 1000;

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

bool is_blank(char c) { return c == ' ' || c == '\t'; }

} // namespace

TransferEncoding transfer_encoding(std::string_view name) {
    if (equal_ignoring_case(name, "base64")) return TransferEncoding::base64;
    if (equal_ignoring_case(name, "quoted-printable")) return TransferEncoding::quoted_printable;
    for (const std::string_view plain : {"", "7bit", "8bit", "binary"})
        if (equal_ignoring_case(name, plain)) return TransferEncoding::identity;
    return TransferEncoding::unknown;
}

void TransferDecoder::feed(std::string_view octets, std::string& out) {
    switch (encoding_) {
    case TransferEncoding::base64:
        return base64(octets, out);
    case TransferEncoding::quoted_printable:
        return quoted_printable(octets, out);
    default:
        out += octets;
    }
}

void TransferDecoder::finish(std::string& out) {
    if (encoding_ == TransferEncoding::base64) base64_flush(out);
    // Blanks at the very end are trailing ones; a lone equals sign is a soft line break cut short.
    if (held_.size() > 1 && held_[0] == '=' && !is_blank(held_[1]) && held_[1] != '\r') out += held_;
    held_.clear();
}

void TransferDecoder::base64(std::string_view octets, std::string& out) {
    out.reserve(out.size() + octets.size() / 4 * 3 + 3);
    for (const char c : octets) {
        const std::uint8_t value = base64_value[static_cast<unsigned char>(c)];
        if (value == not_base64) {
            if (c == '=') base64_flush(out); // parts joined by some gateways have padding inside
            continue;
        }
        bits_ = bits_ << 6 | value;
        if (++digits_ < 4) continue;
        const char triple[3] = {static_cast<char>(bits_ >> 16), static_cast<char>(bits_ >> 8),
                                static_cast<char>(bits_)};
        out.append(triple, 3);
        digits_ = 0;
        bits_ = 0;
    }
}

void TransferDecoder::base64_flush(std::string& out) {
    if (digits_ == 2) out += static_cast<char>(bits_ >> 4);
    if (digits_ == 3) {
        out += static_cast<char>(bits_ >> 10);
        out += static_cast<char>(bits_ >> 2);
    }
    digits_ = 0;
    bits_ = 0;
}

void TransferDecoder::quoted_printable(std::string_view octets, std::string& out) {
    std::string joined;
    if (!held_.empty()) {
        joined = std::move(held_);
        joined += octets;
        octets = joined;
        held_.clear();
    }
    std::size_t at = 0;
    while (at < octets.size()) {
        const std::size_t special = octets.find_first_of("= \t", at);
        out += octets.substr(at, special - at);
        if (special == octets.npos) return;
        at = escape(octets, special, out);
    }
}

// Decodes what begins with `=` or a blank; what is cut short goes to held_.
// @return where to go on
std::size_t TransferDecoder::escape(std::string_view octets, std::size_t at, std::string& out) {
    const bool is_equals = octets[at] == '=';
    const std::size_t blanks = at + is_equals;
    std::size_t end = octets.find_first_not_of(" \t", blanks);
    if (end == octets.npos) end = octets.size();
    const bool has_cr = end < octets.size() && octets[end] == '\r';
    const std::size_t line_end = end + has_cr;
    if (line_end < octets.size() && octets[line_end] == '\n') return is_equals ? line_end + 1 : end;

    const bool is_cut = line_end == octets.size() || (is_equals && end == blanks && end + 1 == octets.size());
    if (is_cut && octets.size() - at < most_held) {
        held_ = octets.substr(at);
        return octets.size();
    }
    if (is_equals && end == blanks && end + 1 < octets.size()) {
        const int high = hex_value(octets[end]), low = hex_value(octets[end + 1]);
        if (high >= 0 && low >= 0) {
            out += static_cast<char>(high * 16 + low);
            return end + 2;
        }
    }
    out += octets.substr(at, end - at);
    return end;
}

std::string decode_transfer(std::string_view octets, TransferEncoding encoding) {
    std::string out;
    TransferDecoder decoder(encoding);
    decoder.feed(octets, out);
    decoder.finish(out);
    return out;
}

} // namespace pillarbox::message
