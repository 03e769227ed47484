// Mailbox names: modified UTF-7 both ways, and what a name may hold (RFC 9051 5.1 and appendix A.1).
#include "imap/mailbox_name.h"

#include "imap/characters.h"

#include <uninorm.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>

namespace pillarbox::imap {
namespace {

// base64 with `,` for `/` and without padding
constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

bool is_direct(char c) { return c >= 0x20 && c <= 0x7e; }

void write_utf8(std::string& out, char32_t c) {
    if (c < 0x80) {
        out += static_cast<char>(c);
        return;
    }
    const int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    constexpr unsigned char leads[] = {0, 0xC0, 0xE0, 0xF0};
    out += static_cast<char>(leads[more] | (c >> (6 * more)));
    for (int i = more - 1; i >= 0; --i) out += static_cast<char>(0x80 | ((c >> (6 * i)) & 0x3F));
}

/// The next character of well-formed UTF-8.
char32_t take_utf8(std::string_view& text) {
    const auto lead = static_cast<unsigned char>(text.front());
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    char32_t c = length == 1 ? lead : lead & (0xFFu >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) c = c << 6 | (static_cast<unsigned char>(text[i]) & 0x3F);
    text.remove_prefix(length);
    return c;
}

/// Puts UTF-16 units together to characters.
class Utf16Reader {
public:
    explicit Utf16Reader(std::string& out) : out_(out) {}
    bool take(std::uint16_t unit) {
        if (unit >= 0xDC00 && unit <= 0xDFFF) {
            if (high_ == 0) return false;
            write_utf8(out_, 0x10000 + ((high_ - 0xD800u) << 10) + (unit - 0xDC00u));
            high_ = 0;
            return true;
        }
        if (high_ != 0) return false;
        if (unit >= 0xD800 && unit <= 0xDBFF) {
            high_ = unit;
        } else if (unit < 0x80 && is_direct(static_cast<char>(unit))) {
            return false; // what can stand for itself must (appendix A.1)
        } else {
            write_utf8(out_, unit);
        }
        return true;
    }
    bool complete() const { return high_ == 0; }

private:
    std::string& out_;
    std::uint16_t high_ = 0;
};

/// One shifted run, without its `&` and `-`.
bool decode_run(std::string_view run, std::string& out) {
    Utf16Reader reader(out);
    std::uint32_t bits = 0;
    int held = 0;
    for (const char c : run) {
        const auto value = alphabet.find(c);
        if (value == std::string_view::npos) return false;
        bits = bits << 6 | static_cast<std::uint32_t>(value);
        held += 6;
        if (held < 16) continue;
        held -= 16;
        if (!reader.take(static_cast<std::uint16_t>(bits >> held))) return false;
        bits &= (1u << held) - 1;
    }
    return reader.complete() && held < 6 && bits == 0;
}

std::optional<std::string> from_utf7(std::string_view wire) {
    std::string name;
    bool after_run = false;
    while (!wire.empty()) {
        if (wire.front() != '&') {
            if (!is_direct(wire.front())) return std::nullopt;
            name += wire.front();
            wire.remove_prefix(1);
            after_run = false;
            continue;
        }
        const std::size_t end = wire.find('-');
        if (end == std::string_view::npos) return std::nullopt;
        if (end == 1) {
            name += '&';
        } else if (after_run || !decode_run(wire.substr(1, end - 1), name)) {
            return std::nullopt; // two runs in a row shift needlessly
        }
        after_run = end != 1;
        wire.remove_prefix(end + 1);
    }
    return name;
}

/// Writes UTF-16 units in modified base64.
class RunWriter {
public:
    explicit RunWriter(std::string& out) : out_(out) {}
    void put(char32_t c) {
        if (c >= 0x10000) {
            unit(0xD800 + ((c - 0x10000) >> 10));
            unit(0xDC00 + ((c - 0x10000) & 0x3FF));
        } else {
            unit(c);
        }
    }
    void finish() {
        if (held_ > 0) out_ += alphabet[bits_ << (6 - held_) & 0x3F];
    }

private:
    void unit(std::uint32_t value) {
        bits_ = bits_ << 16 | value;
        for (held_ += 16; held_ >= 6; held_ -= 6) out_ += alphabet[bits_ >> (held_ - 6) & 0x3F];
        bits_ &= (1u << held_) - 1;
    }
    std::string& out_;
    std::uint32_t bits_ = 0;
    int held_ = 0;
};

std::string to_utf7(std::string_view name) {
    std::string wire;
    while (!name.empty()) {
        if (is_direct(name.front())) {
            wire += name.front();
            if (name.front() == '&') wire += '-';
            name.remove_prefix(1);
            continue;
        }
        wire += '&';
        RunWriter run(wire);
        while (!name.empty() && !is_direct(name.front())) run.put(take_utf8(name));
        run.finish();
        wire += '-';
    }
    return wire;
}

std::optional<std::string> normalised(std::string_view text) {
    const auto* octets = reinterpret_cast<const std::uint8_t*>(text.data());
    std::size_t length = 0;
    const std::unique_ptr<std::uint8_t, decltype(&std::free)> result(
        u8_normalize(UNINORM_NFC, octets, text.size(), nullptr, &length), &std::free);
    if (!result) return std::nullopt;
    return std::string(reinterpret_cast<const char*>(result.get()), length);
}

} // namespace

std::optional<std::string> decode_name(std::string_view wire, NameCoding coding) {
    // In UTF-7 a name takes up to 4/3 of its UTF-16 and a shift a character: no valid name comes from more.
    if (wire.size() > 5 * longest_name) return std::nullopt;
    std::optional<std::string> name;
    if (coding == NameCoding::modified_utf7) {
        name = from_utf7(wire);
    } else if (is_utf8(wire)) {
        name = std::string(wire);
    }
    if (!name) return std::nullopt;
    if (std::ranges::any_of(*name, is_8bit)) name = normalised(*name);
    if (!name || name->size() > longest_name) return std::nullopt;
    const std::string_view first_level(name->data(), std::min(name->find(delimiter), name->size()));
    if (equal_ignoring_case(first_level, "INBOX")) name->replace(0, 5, "INBOX"); // RFC 9051 5.1
    return name;
}

std::string encode_name(std::string_view name, NameCoding coding) {
    if (coding == NameCoding::utf8 || std::ranges::none_of(name, [](char c) { return !is_direct(c) || c == '&'; })) {
        return std::string(name);
    }
    return to_utf7(name);
}

} // namespace pillarbox::imap
