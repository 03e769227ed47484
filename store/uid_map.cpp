// The map between sequence numbers and UIDs of one mailbox at one modseq (see uid_map.h).
#include "store/uid_map.h"

#include <algorithm>
#include <bit>

namespace pillarbox::store {

namespace {

constexpr std::uint32_t block_bits = 12;
constexpr std::uint32_t block_size = 1u << block_bits;
constexpr std::uint32_t offset_mask = block_size - 1;
/// From this count on a bitmap with its counts (640 octets) is smaller than a list.
constexpr std::uint32_t list_limit = 320;

std::uint32_t number_of(std::uint32_t uid) { return uid >> block_bits; }
std::uint32_t offset_of(std::uint32_t uid) { return uid & offset_mask; }

/// The position of the nth (from 0) set bit of a word that has more than n.
std::uint32_t nth_bit(std::uint64_t word, std::uint32_t n) {
    for (; n > 0; --n) word &= word - 1;
    return static_cast<std::uint32_t>(std::countr_zero(word));
}

/// Bits first..last (0..63, inclusive).
std::uint64_t mask(std::uint32_t first, std::uint32_t last) {
    const std::uint64_t up_to_last = last == 63 ? ~std::uint64_t{0} : (std::uint64_t{1} << (last + 1)) - 1;
    return up_to_last & ~((std::uint64_t{1} << first) - 1);
}

} // namespace

/// 4,096 consecutive UIDs. Full: both vectors empty. List: offsets ascending, words empty. Bitmap: 64 words, and in
/// offsets how many are set in the words before each.
struct UidMap::Block {
    std::uint32_t count = 0;
    std::vector<std::uint64_t> words;
    std::vector<std::uint16_t> offsets;

    explicit Block(const Bits& bits);
    bool full() const { return count == block_size; }
    bool has(std::uint32_t offset) const;
    std::uint32_t below(std::uint32_t offset) const;
    std::uint32_t nth(std::uint32_t n) const;
    Bits bits() const;
    void add_to(UidSet& set, std::uint32_t base, std::uint32_t first, std::uint32_t last) const;
};

UidMap::Block::Block(const Bits& bits) {
    for (const auto word : bits) count += static_cast<std::uint32_t>(std::popcount(word));
    if (full()) return;
    if (count >= list_limit) {
        words.assign(bits.begin(), bits.end());
        std::uint32_t before = 0;
        for (const auto word : bits) {
            offsets.push_back(static_cast<std::uint16_t>(before));
            before += static_cast<std::uint32_t>(std::popcount(word));
        }
        return;
    }
    offsets.reserve(count);
    for (std::uint32_t w = 0; w < bits.size(); ++w)
        for (auto word = bits[w]; word != 0; word &= word - 1)
            offsets.push_back(static_cast<std::uint16_t>(w * 64 + static_cast<std::uint32_t>(std::countr_zero(word))));
}

bool UidMap::Block::has(std::uint32_t offset) const {
    if (full()) return true;
    if (!words.empty()) return (words[offset / 64] >> (offset % 64)) & 1;
    return std::binary_search(offsets.begin(), offsets.end(), offset);
}

/// How many offsets are less than this one (0..4095).
std::uint32_t UidMap::Block::below(std::uint32_t offset) const {
    if (full()) return offset;
    if (words.empty())
        return static_cast<std::uint32_t>(std::lower_bound(offsets.begin(), offsets.end(), offset) - offsets.begin());
    const auto lower = words[offset / 64] & ((std::uint64_t{1} << (offset % 64)) - 1);
    return offsets[offset / 64] + static_cast<std::uint32_t>(std::popcount(lower));
}

/// The nth offset, n from 0 and less than count.
std::uint32_t UidMap::Block::nth(std::uint32_t n) const {
    if (full()) return n;
    if (words.empty()) return offsets[n];
    const auto w =
        static_cast<std::uint32_t>(std::upper_bound(offsets.begin(), offsets.end(), n) - offsets.begin()) - 1;
    return w * 64 + nth_bit(words[w], n - offsets[w]);
}

UidMap::Bits UidMap::Block::bits() const {
    Bits bits{};
    if (full())
        bits.fill(~std::uint64_t{0});
    else if (!words.empty())
        std::copy(words.begin(), words.end(), bits.begin());
    else
        for (const auto offset : offsets) bits[offset / 64] |= std::uint64_t{1} << (offset % 64);
    return bits;
}

/// Adds the UIDs with offsets first..last (inclusive) to the set, run by run.
void UidMap::Block::add_to(UidSet& set, std::uint32_t base, std::uint32_t first, std::uint32_t last) const {
    if (full()) {
        set.add(base + first, base + last);
        return;
    }
    if (words.empty()) {
        auto offset = std::lower_bound(offsets.begin(), offsets.end(), first);
        for (; offset != offsets.end() && *offset <= last; ++offset) set.add(base + *offset, base + *offset);
        return;
    }
    for (std::uint32_t w = first / 64; w <= last / 64; ++w) {
        auto word = words[w] & mask(w == first / 64 ? first % 64 : 0, w == last / 64 ? last % 64 : 63);
        while (word != 0) {
            const auto start = static_cast<std::uint32_t>(std::countr_zero(word));
            const auto run = static_cast<std::uint32_t>(std::countr_one(word >> start));
            set.add(base + w * 64 + start, base + w * 64 + start + run - 1);
            word &= ~mask(start, start + run - 1);
        }
    }
}

UidMap::UidMap(const std::vector<std::uint32_t>& ascending) {
    auto uid = ascending.begin();
    while (uid != ascending.end()) {
        const auto number = number_of(*uid);
        Bits bits{};
        for (; uid != ascending.end() && number_of(*uid) == number; ++uid)
            bits[offset_of(*uid) / 64] |= std::uint64_t{1} << (*uid % 64);
        append(number, bits);
    }
}

void UidMap::append(std::uint32_t number, const Bits& bits) {
    auto block = std::make_shared<const Block>(bits); // shared by all versions in which it looks like this
    if (block->count > 0) append(Slot{number, 0, std::move(block)});
}

void UidMap::append(const Slot& slot) {
    slots_.push_back(slot);
    slots_.back().before = size_;
    size_ += slot.block->count;
}

/// The first slot from there on whose number is not less.
UidMap::SlotIterator UidMap::slot_from(SlotIterator from, std::uint32_t number) const {
    return std::partition_point(from, slots_.cend(), [&](const Slot& slot) { return slot.number < number; });
}

Uid UidMap::at(std::uint32_t sequence_number) const {
    if (sequence_number == 0 || sequence_number > size_) return Uid{0};
    const auto n = sequence_number - 1;
    const auto after =
        std::partition_point(slots_.begin(), slots_.end(), [&](const Slot& slot) { return slot.before <= n; });
    const auto& slot = *(after - 1);
    return Uid{(slot.number << block_bits) + slot.block->nth(n - slot.before)};
}

std::uint32_t UidMap::position(Uid uid) const {
    const auto slot = slot_from(slots_.begin(), number_of(uid.value));
    const auto offset = offset_of(uid.value);
    if (slot == slots_.end() || slot->number != number_of(uid.value) || !slot->block->has(offset)) return 0;
    return slot->before + slot->block->below(offset) + 1;
}

std::uint32_t UidMap::rank(Uid uid) const {
    const auto slot = slot_from(slots_.begin(), number_of(uid.value));
    if (slot == slots_.end()) return size_;
    if (slot->number != number_of(uid.value)) return slot->before;
    return slot->before + slot->block->below(offset_of(uid.value));
}

UidSet UidMap::uids(std::uint32_t first, std::uint32_t last) const {
    if (first > last) std::swap(first, last); // RFC 9051 9: 4:2 is 2:4
    first = std::max(first, 1u);
    last = std::min(last, size_);
    if (first > last) return {};
    return existing(UidSet(at(first).value, at(last).value));
}

UidSet UidMap::existing(const UidSet& set) const {
    UidSet found;
    auto slot = slots_.begin();
    for (const auto& range : set.ranges()) {
        slot = slot_from(slot, number_of(range.first));
        // The last block of a range may be the first of the next one: look at it again.
        for (auto s = slot; s != slots_.end() && s->number <= number_of(range.last); ++s) {
            const auto first = s->number == number_of(range.first) ? offset_of(range.first) : 0;
            const auto last = s->number == number_of(range.last) ? offset_of(range.last) : offset_mask;
            s->block->add_to(found, s->number << block_bits, first, last);
        }
    }
    return found;
}

UidMap UidMap::with(const std::vector<std::uint32_t>& added_ascending, const UidSet& removed) const {
    UidMap next;
    next.slots_.reserve(slots_.size() + 1);
    auto slot = slots_.begin();
    auto added = added_ascending.begin();
    auto cut = removed.ranges().begin();
    while (slot != slots_.end() || added != added_ascending.end()) {
        const bool is_old =
            slot != slots_.end() && (added == added_ascending.end() || slot->number <= number_of(*added));
        const auto number = is_old ? slot->number : number_of(*added);
        const auto base = number << block_bits;
        while (cut != removed.ranges().end() && cut->last < base) ++cut;
        const bool is_cut = cut != removed.ranges().end() && cut->first <= base + offset_mask;
        if (is_old && !is_cut && (added == added_ascending.end() || number_of(*added) != number)) {
            next.append(*slot++);
            continue;
        }
        Bits bits = is_old ? (slot++)->block->bits() : Bits{};
        for (; added != added_ascending.end() && number_of(*added) == number; ++added)
            bits[offset_of(*added) / 64] |= std::uint64_t{1} << (*added % 64);
        for (auto c = cut; c != removed.ranges().end() && c->first <= base + offset_mask; ++c) {
            const auto first = std::max(c->first, base) - base;
            const auto last = std::min(c->last, base + offset_mask) - base;
            for (auto w = first / 64; w <= last / 64; ++w)
                bits[w] &= ~mask(w == first / 64 ? first % 64 : 0, w == last / 64 ? last % 64 : 63);
        }
        next.append(number, bits);
    }
    return next;
}

std::size_t UidMap::shared_blocks(const UidMap& other) const {
    std::size_t shared = 0;
    auto theirs = other.slots_.begin();
    for (const auto& slot : slots_) {
        theirs = other.slot_from(theirs, slot.number);
        if (theirs != other.slots_.end() && theirs->block == slot.block) ++shared;
    }
    return shared;
}

} // namespace pillarbox::store
