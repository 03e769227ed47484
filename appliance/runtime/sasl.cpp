// base64 (RFC 4648 4) and the PLAIN message (RFC 4616 2).
#include "appliance/runtime/sasl.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace pillarbox::runtime {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::array<std::int8_t, 256> values = [] {
    std::array<std::int8_t, 256> table{};
    table.fill(-1);
    for (std::size_t i = 0; i < alphabet.size(); ++i) {
        table[static_cast<unsigned char>(alphabet[i])] = static_cast<std::int8_t>(i);
    }
    return table;
}();

} // namespace

std::string base64_encode(std::string_view octets) {
    std::string text;
    text.reserve((octets.size() + 2) / 3 * 4);
    for (std::size_t at = 0; at < octets.size(); at += 3) {
        const std::size_t size = std::min<std::size_t>(3, octets.size() - at);
        std::uint32_t bits = 0;
        for (std::size_t i = 0; i < 3; ++i) {
            bits = bits << 8 | (i < size ? static_cast<unsigned char>(octets[at + i]) : 0u);
        }
        for (std::size_t i = 0; i < 4; ++i) text += i <= size ? alphabet[bits >> (18 - 6 * i) & 0x3F] : '=';
    }
    return text;
}

std::optional<std::string> base64_decode(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    std::size_t padding = 0;
    while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
    std::string octets;
    octets.reserve(text.size() / 4 * 3);
    std::uint32_t bits = 0;
    int held = 0;
    for (const char c : text.substr(0, text.size() - padding)) {
        const auto value = values[static_cast<unsigned char>(c)];
        if (value < 0) return std::nullopt;
        bits = bits << 6 | static_cast<std::uint32_t>(value);
        held += 6;
        if (held < 8) continue;
        held -= 8;
        octets += static_cast<char>(bits >> held & 0xFF);
    }
    if ((bits & ((1u << held) - 1)) != 0) return std::nullopt; // RFC 4648 3.5: the spare bits are zero
    return octets;
}

std::optional<PlainMessage> parse_plain(std::string_view message) {
    const std::size_t first = message.find('\0');
    if (first == std::string_view::npos) return std::nullopt;
    const std::size_t second = message.find('\0', first + 1);
    if (second == std::string_view::npos || message.find('\0', second + 1) != std::string_view::npos) {
        return std::nullopt;
    }
    PlainMessage plain;
    plain.authorization = message.substr(0, first);
    plain.name = message.substr(first + 1, second - first - 1);
    plain.password = message.substr(second + 1);
    if (plain.name.empty() || plain.password.empty()) return std::nullopt;
    return plain;
}

} // namespace pillarbox::runtime
