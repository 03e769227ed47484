// Which names accounts, mailboxes and domains may have (see names.h).
#include "store/names.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <idn2.h>
#include <memory>
#include <uninorm.h>
#include <unistr.h>

namespace pillarbox::store {

namespace {

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }
bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// Calls f for each part between separators; false as soon as f says false.
template <class F>
bool each_part(std::string_view text, char separator, F f) {
    while (true) {
        const auto end = text.find(separator);
        if (!f(text.substr(0, end))) return false;
        if (end == std::string_view::npos) return true;
        text.remove_prefix(end + 1);
    }
}

/// C0 and C1 controls and DEL, and the line and paragraph separators, which RFC 5198 2 bars from names in Net-Unicode.
bool is_control(ucs4_t c) { return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029; }

bool has_control(std::string_view utf8) {
    const auto* at = reinterpret_cast<const std::uint8_t*>(utf8.data());
    const auto* end = at + utf8.size();
    while (at < end) {
        ucs4_t c = 0;
        at += u8_mbtouc(&c, at, static_cast<std::size_t>(end - at));
        if (is_control(c)) return true;
    }
    return false;
}

std::optional<std::string> to_nfc(std::string_view utf8) {
    const auto* data = reinterpret_cast<const std::uint8_t*>(utf8.data());
    if (u8_check(data, utf8.size()) != nullptr) return std::nullopt;
    std::size_t size = 0;
    const std::unique_ptr<std::uint8_t, void (*)(void*)> normal(
        u8_normalize(UNINORM_NFC, data, utf8.size(), nullptr, &size), std::free);
    if (!normal) return std::nullopt;
    return std::string(reinterpret_cast<const char*>(normal.get()), size);
}

} // namespace

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

std::optional<std::string> account_name(std::string_view name) {
    if (name.empty() || name.size() > limits::account_name || name.front() == '-') return std::nullopt;
    std::string plain = lower(name);
    const bool good = each_part(plain, '.', [](std::string_view part) {
        return !part.empty() && std::all_of(part.begin(), part.end(),
                                            [](char c) { return is_letter_or_digit(c) || c == '-' || c == '_'; });
    });
    if (!good) return std::nullopt;
    return plain;
}

std::optional<std::string> mailbox_name(std::string_view name) {
    if (name.empty() || name.size() > limits::mailbox_name) return std::nullopt;
    std::string plain(name);
    if (!is_ascii(name)) {
        auto normal = to_nfc(name);
        if (!normal || normal->size() > limits::mailbox_name) return std::nullopt;
        plain = std::move(*normal);
    }
    if (has_control(plain)) return std::nullopt;
    std::size_t levels = 0;
    const bool good = each_part(plain, '/', [&](std::string_view level) {
        ++levels;
        return !level.empty() && levels <= limits::mailbox_levels;
    });
    if (!good) return std::nullopt;
    // RFC 9051 5.1: INBOX in any case is one mailbox; its inferiors follow, or LIST would show two trees.
    const auto first_level = std::min(plain.find('/'), plain.size());
    if (lower(plain.substr(0, first_level)) == "inbox") plain.replace(0, first_level, "INBOX");
    return plain;
}

std::optional<std::string> domain_name(std::string_view name) {
    if (name.empty() || name.size() > 4 * limits::domain_name) return std::nullopt;
    std::string plain = lower(name);
    if (!is_ascii(name)) {
        char* labels = nullptr;
        // Non-transitional processing: what browsers do today with sharp s and joiners (UTS 46).
        if (idn2_to_ascii_8z(plain.c_str(), &labels, IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT) != IDN2_OK)
            return std::nullopt;
        plain = labels;
        idn2_free(labels);
    }
    if (plain.size() > limits::domain_name) return std::nullopt;
    const bool good = each_part(plain, '.', [](std::string_view label) {
        return !label.empty() && label.size() <= limits::dns_label && label.front() != '-' && label.back() != '-' &&
               std::all_of(label.begin(), label.end(), [](char c) { return is_letter_or_digit(c) || c == '-'; });
    });
    if (!good) return std::nullopt;
    return plain;
}

} // namespace pillarbox::store
