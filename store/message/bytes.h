// Writes and reads the versioned blobs: numbers as varints, texts behind their lengths.
#pragma once
#include "store/message/blob.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pillarbox::message {

/// Appends a number, seven bits an octet, the lowest first.
inline void put_number(std::string& out, std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
    out += static_cast<char>(value);
}

/// Appends a number with a sign, small when it is near zero.
inline void put_signed(std::string& out, std::int64_t value) {
    put_number(out, static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63));
}

inline void put_text(std::string& out, std::string_view text) {
    put_number(out, text.size());
    out += text;
}

/// Nothing is written as 0, a text of n octets as n + 1.
inline void put_optional(std::string& out, const std::optional<std::string>& text) {
    put_number(out, text ? text->size() + 1 : 0);
    if (text) out += *text;
}

/// Reads what the functions above wrote; throws BlobError on anything else.
class ByteReader {
public:
    explicit ByteReader(std::string_view octets) : rest_(octets) {}

    std::uint64_t number() {
        std::uint64_t value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            const auto octet = static_cast<unsigned char>(octets(1)[0]);
            value |= static_cast<std::uint64_t>(octet & 0x7F) << shift;
            if (octet < 0x80) return value;
        }
        throw BlobError("message blob: a number without end");
    }

    std::int64_t signed_number() {
        const std::uint64_t value = number();
        return static_cast<std::int64_t>(value >> 1 ^ (0 - (value & 1)));
    }

    std::string_view octets(std::uint64_t n) {
        if (n > rest_.size()) throw BlobError("message blob: cut short");
        const std::string_view out = rest_.substr(0, n);
        rest_.remove_prefix(n);
        return out;
    }

    std::string_view text() { return octets(number()); }

    std::optional<std::string_view> optional() {
        const std::uint64_t n = number();
        if (n == 0) return std::nullopt;
        return octets(n - 1);
    }

    void expect_end() const {
        if (!rest_.empty()) throw BlobError("message blob: octets left over");
    }

    /// Reads the version octet every blob begins with.
    void expect_version(char version) {
        if (octets(1)[0] != version) throw BlobError("message blob: of an unknown version");
    }

private:
    std::string_view rest_;
};

} // namespace pillarbox::message
