// An ascending set of UIDs kept as ranges.
#pragma once

#include "store/types.h"

#include <cstddef>
#include <vector>

namespace pillarbox::store {

struct UidRange {
    std::uint32_t first, last; // inclusive
    auto operator<=>(const UidRange&) const = default;
};

/// UIDs as disjoint, ascending, non-adjacent ranges. Membership is a binary search.
class UidSet {
public:
    UidSet() = default;
    static UidSet all() { return UidSet(1, 0xffffffff); }
    UidSet(std::uint32_t first, std::uint32_t last) { add(first, last); }
    explicit UidSet(Uid uid) { add(uid.value, uid.value); }

    void add(Uid uid) { add(uid.value, uid.value); }
    /// Merges a range in; cheap when ranges come in ascending order. Either end may be the greater one
    /// (RFC 9051 9, seq-range: 4:2 is 2:4); 0 is no UID and is left out.
    void add(std::uint32_t first, std::uint32_t last);
    bool contains(Uid uid) const noexcept;
    bool empty() const noexcept { return ranges_.empty(); }
    /// How many UIDs, as numbers; not how many messages.
    std::uint64_t count() const noexcept;
    const std::vector<UidRange>& ranges() const noexcept { return ranges_; }
    /// The part of this set that is >= from.
    UidSet from(Uid from) const;
    UidSet intersected(const UidSet& other) const;
    UidSet without(const UidSet& other) const;
    bool operator==(const UidSet&) const = default;

private:
    std::vector<UidRange> ranges_;
};

} // namespace pillarbox::store
