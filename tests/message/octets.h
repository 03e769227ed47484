// Little helpers of the message tests: octets from hexadecimal, base64, reproducible random octets.
#pragma once
#include <cstdint>
#include <random>
#include <string>
#include <string_view>

namespace pillarbox::message::tests {

inline std::string unhex(std::string_view digits) {
    std::string out;
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
        out += static_cast<char>(std::stoi(std::string(digits.substr(i, 2)), nullptr, 16));
    return out;
}

inline std::string random_octets(std::mt19937& random, std::size_t n) {
    std::string out(n, '\0');
    for (char& c : out) c = static_cast<char>(random() & 0xFF);
    return out;
}

inline std::string base64(std::string_view octets) {
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t i = 0; i < octets.size(); i += 3) {
        std::uint32_t bits = 0;
        for (std::size_t j = i; j < i + 3; ++j)
            bits = bits << 8 | (j < octets.size() ? static_cast<unsigned char>(octets[j]) : 0U);
        for (std::size_t j = 0; j < 4; ++j) out += i + j > octets.size() ? '=' : digits[bits >> (18 - 6 * j) & 63];
        if (i % 57 == 54) out += "\r\n";
    }
    return out;
}

} // namespace pillarbox::message::tests
