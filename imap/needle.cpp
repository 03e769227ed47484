// Finds a text in others, sixteen octets at a time (RFC 9051 6.4.4).
#include "imap/needle.h"

#include "imap/characters.h"

#include <unicase.h>
#include <uninorm.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>
#include <utility>

namespace pillarbox::imap {
namespace {

constexpr std::array<char, 256> lower = [] {
    std::array<char, 256> table{};
    for (int c = 0; c < 256; ++c)
        table[static_cast<std::size_t>(c)] = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
    return table;
}();

char fold(char c) { return lower[static_cast<unsigned char>(c)]; }

/// Sixteen octets that are worked on together, by whatever the processor has for it.
using Block = std::uint8_t __attribute__((vector_size(16)));

bool any(Block block) {
    std::uint64_t halves[2];
    std::memcpy(halves, &block, sizeof halves);
    return (halves[0] | halves[1]) != 0;
}

/// One octet in either case.
class Pattern {
public:
    explicit Pattern(char lower_case) {
        std::memset(&fold_, is_letter(lower_case) ? 0x20 : 0, sizeof fold_);
        std::memset(&octet_, lower_case, sizeof octet_);
    }
    /// Where it stands among sixteen octets: 255 there, 0 elsewhere.
    Block in(const char* text) const {
        Block block;
        std::memcpy(&block, text, sizeof block);
        return reinterpret_cast<Block>((block | fold_) == octet_);
    }

private:
    Block fold_, octet_;
};

/// Full case folding and form C; nothing for what is no UTF-8.
std::optional<std::string> folded(std::string_view text) {
    std::size_t length = 0;
    const auto* octets = reinterpret_cast<const std::uint8_t*>(text.data());
    const std::unique_ptr<std::uint8_t, decltype(&std::free)> result(
        u8_casefold(octets, text.size(), nullptr, UNINORM_NFC, nullptr, &length), &std::free);
    if (!result) return std::nullopt;
    return std::string(reinterpret_cast<const char*>(result.get()), length);
}

std::string folded_ascii(std::string_view text) {
    std::string all(text);
    std::ranges::transform(all, all.begin(), fold);
    return all;
}

} // namespace

Needle::Needle(std::string_view text) : is_ascii_(std::ranges::none_of(text, is_8bit)) {
    auto all = is_ascii_ ? std::nullopt : folded(text);
    folds_texts_ = all.has_value();
    folded_ = all ? std::move(*all) : folded_ascii(text);
}

// Sixteen places at once: those where the first and the last octet fit are looked at one by one.
bool Needle::search(std::string_view text) const {
    const std::size_t size = folded_.size();
    if (text.size() < size) return false;
    const std::size_t places = text.size() - size + 1;
    const Pattern first(folded_.front()), last(folded_.back());
    std::size_t at = 0;
    for (; at + sizeof(Block) <= places; at += sizeof(Block)) {
        const Block fits = first.in(text.data() + at) & last.in(text.data() + at + size - 1);
        if (!any(fits)) continue;
        for (std::size_t i = 0; i < sizeof(Block); ++i) {
            if (fits[i] && matches(text.data() + at + i)) return true;
        }
    }
    for (; at < places; ++at) {
        if (matches(text.data() + at)) return true;
    }
    return false;
}

bool Needle::matches(const char* text) const {
    return std::equal(folded_.begin(), folded_.end(), text, [](char a, char b) { return a == fold(b); });
}

bool Needle::is_in(std::string_view text) const {
    if (folded_.empty()) return true;
    if (!folds_texts_) return search(text);
    if (std::ranges::none_of(text, is_8bit)) return false; // folding brings no letter outside of ASCII into being
    const auto all = folded(text);
    return search(all ? std::string_view(*all) : text);
}

// Folding can make a text a third of its size or three times it; characters are not cut in two.
std::size_t Needle::overlap() const noexcept { return is_ascii_ ? folded_.size() : 4 * folded_.size() + 8; }

} // namespace pillarbox::imap
