// Sets of message numbers: resolving, joining, writing (RFC 9051 9, sequence-set).
#include "imap/sequence_set.h"

#include "imap/wire.h"

#include <algorithm>

namespace pillarbox::imap {

NumberRanges resolve(const SequenceSet& set, std::uint32_t largest) {
    NumberRanges ranges;
    ranges.reserve(set.ranges.size());
    for (auto [first, last] : set.ranges) {
        if (first == SequenceSet::star) first = largest;
        if (last == SequenceSet::star) last = largest;
        if (first > last) std::swap(first, last);
        if (first != 0) ranges.push_back({first, last});
    }
    normalise(ranges);
    return ranges;
}

bool within(const SequenceSet& set, std::uint32_t exists) {
    if (exists == 0) return set.ranges.empty();
    const auto outside = [exists](NumberRange range) { return range.first > exists || range.last > exists; };
    return std::ranges::none_of(set.ranges, outside);
}

void normalise(NumberRanges& ranges) {
    std::ranges::sort(ranges, {}, &NumberRange::first);
    std::size_t kept = 0;
    for (const NumberRange range : ranges) {
        if (kept > 0 && (range.first <= ranges[kept - 1].last || range.first - 1 == ranges[kept - 1].last)) {
            ranges[kept - 1].last = std::max(ranges[kept - 1].last, range.last);
        } else {
            ranges[kept++] = range;
        }
    }
    ranges.resize(kept);
}

std::uint64_t count(const NumberRanges& ranges) {
    std::uint64_t sum = 0;
    for (const NumberRange range : ranges) sum += std::uint64_t{range.last} - range.first + 1;
    return sum;
}

bool contains(const NumberRanges& ranges, std::uint32_t number) {
    const auto found = std::ranges::lower_bound(ranges, number, {}, &NumberRange::last);
    return found != ranges.end() && found->first <= number;
}

void append(NumberRanges& ranges, std::uint32_t number) {
    if (!ranges.empty() && ranges.back().last + 1 == number) {
        ranges.back().last = number;
    } else {
        ranges.push_back({number, number});
    }
}

void write(std::string& out, const NumberRanges& ranges) {
    bool first = true;
    for (const NumberRange range : ranges) {
        if (!first) out += ',';
        first = false;
        write_number(out, range.first);
        if (range.last == range.first) continue;
        out += ':';
        write_number(out, range.last);
    }
}

} // namespace pillarbox::imap
