// Finds a text in others: Horspool's search over octets folded by a table (RFC 9051 6.4.4).
#include "imap/needle.h"

#include "imap/characters.h"

#include <unicase.h>
#include <uninorm.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

namespace pillarbox::imap {
namespace {

constexpr std::array<char, 256> lower = [] {
    std::array<char, 256> table{};
    for (int c = 0; c < 256; ++c)
        table[static_cast<std::size_t>(c)] = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
    return table;
}();

char fold(char c) { return lower[static_cast<unsigned char>(c)]; }

/// Full case folding; the text itself when it is no UTF-8.
std::string folded(std::string_view text) {
    std::size_t length = 0;
    const auto* octets = reinterpret_cast<const std::uint8_t*>(text.data());
    const std::unique_ptr<std::uint8_t, decltype(&std::free)> result(
        u8_casefold(octets, text.size(), nullptr, UNINORM_NFC, nullptr, &length), &std::free);
    if (!result) return std::string(text);
    return std::string(reinterpret_cast<const char*>(result.get()), length);
}

} // namespace

Needle::Needle(std::string_view text) : is_ascii_(std::ranges::none_of(text, is_8bit)) {
    if (is_ascii_) {
        folded_.reserve(text.size());
        std::ranges::transform(text, std::back_inserter(folded_), fold);
    } else {
        folded_ = folded(text);
    }
    if (folded_.empty()) return;
    const std::size_t size = folded_.size();
    skip_.fill(static_cast<std::uint8_t>(std::min<std::size_t>(size, 255)));
    for (std::size_t i = 0; i + 1 < size; ++i) {
        const auto distance = static_cast<std::uint8_t>(std::min<std::size_t>(size - 1 - i, 255));
        const auto octet = static_cast<unsigned char>(folded_[i]);
        skip_[octet] = distance;
        if (is_letter(folded_[i])) skip_[static_cast<unsigned char>(to_upper(folded_[i]))] = distance;
    }
}

bool Needle::search(std::string_view text) const {
    const std::size_t size = folded_.size();
    const char last = folded_.back();
    for (std::size_t end = size - 1; end < text.size();) {
        const char octet = text[end];
        if (fold(octet) == last) {
            const char* begin = text.data() + (end - (size - 1));
            std::size_t same = 0;
            while (same + 1 < size && fold(begin[same]) == folded_[same]) ++same;
            if (same + 1 >= size) return true;
        }
        end += skip_[static_cast<unsigned char>(octet)];
    }
    return false;
}

bool Needle::is_in(std::string_view text) const {
    if (folded_.empty()) return true;
    if (is_ascii_) return search(text);
    if (std::ranges::none_of(text, is_8bit)) return false; // folding brings no letter outside of ASCII into being
    return search(folded(text));
}

// Folding can make a text a third of its size or three times it; characters are not cut in two.
std::size_t Needle::overlap() const noexcept { return is_ascii_ ? folded_.size() : 4 * folded_.size() + 8; }

} // namespace pillarbox::imap
