// An ascending set of UIDs kept as ranges (see uid_set.h).
#include "store/uid_set.h"

#include <algorithm>
#include <utility>

namespace pillarbox::store {

namespace {

/// Whether a range that begins at first continues or overlaps one that ends at last: 3:4 and 5:7 are 3:7.
bool touches(std::uint32_t last, std::uint32_t first) { return first <= last || first - last == 1; }

} // namespace

void UidSet::add(std::uint32_t first, std::uint32_t last) {
    if (first > last) std::swap(first, last);
    if (last == 0) return;
    first = std::max(first, 1u);
    if (ranges_.empty() || (first > ranges_.back().last && !touches(ranges_.back().last, first))) {
        ranges_.push_back(UidRange{first, last});
        return;
    }
    // The first range that this one touches, and the first that lies wholly behind it.
    const auto begin = std::partition_point(
        ranges_.begin(), ranges_.end(), [&](const UidRange& r) { return r.last < first && !touches(r.last, first); });
    const auto end =
        std::partition_point(begin, ranges_.end(), [&](const UidRange& r) { return touches(last, r.first); });
    if (begin == end) {
        ranges_.insert(begin, UidRange{first, last});
        return;
    }
    begin->first = std::min(begin->first, first);
    begin->last = std::max((end - 1)->last, last);
    ranges_.erase(begin + 1, end);
}

bool UidSet::contains(Uid uid) const noexcept {
    const auto range =
        std::partition_point(ranges_.begin(), ranges_.end(), [&](const UidRange& r) { return r.last < uid.value; });
    return range != ranges_.end() && range->first <= uid.value;
}

std::uint64_t UidSet::count() const noexcept {
    std::uint64_t count = 0;
    for (const auto& range : ranges_) count += std::uint64_t{range.last} - range.first + 1;
    return count;
}

UidSet UidSet::from(Uid from) const {
    UidSet part;
    auto range =
        std::partition_point(ranges_.begin(), ranges_.end(), [&](const UidRange& r) { return r.last < from.value; });
    part.ranges_.assign(range, ranges_.end());
    if (!part.empty()) part.ranges_.front().first = std::max(part.ranges_.front().first, from.value);
    return part;
}

UidSet UidSet::intersected(const UidSet& other) const {
    UidSet both;
    auto a = ranges_.begin();
    auto b = other.ranges_.begin();
    while (a != ranges_.end() && b != other.ranges_.end()) {
        const auto first = std::max(a->first, b->first);
        const auto last = std::min(a->last, b->last);
        if (first <= last) both.add(first, last);
        if (a->last < b->last)
            ++a;
        else
            ++b;
    }
    return both;
}

UidSet UidSet::without(const UidSet& other) const {
    UidSet rest;
    auto cut = other.ranges_.begin();
    for (auto [first, last] : ranges_) {
        bool left = true; // of first..last something is left
        while (cut != other.ranges_.end() && cut->last < first) ++cut;
        for (auto c = cut; left && c != other.ranges_.end() && c->first <= last; ++c) {
            if (c->first > first) rest.add(first, c->first - 1);
            left = c->last < last;
            if (left) first = c->last + 1;
        }
        if (left) rest.add(first, last);
    }
    return rest;
}

} // namespace pillarbox::store
