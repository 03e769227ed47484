// UidSet against std::set and at its ends.
#include "store/uid_set.h"
#include "tests/store/random_numbers.h"

#include <doctest/doctest.h>
#include <set>

using namespace pillarbox::store;

namespace {

using Numbers = std::set<std::uint32_t>;

Numbers numbers(const UidSet& set) {
    Numbers all;
    for (const auto& range : set.ranges())
        for (std::uint32_t uid = range.first; uid <= range.last; ++uid) all.insert(uid);
    return all;
}

/// Ranges are disjoint, ascending, and never adjacent.
bool is_canonical(const UidSet& set) {
    const auto& ranges = set.ranges();
    for (std::size_t i = 0; i < ranges.size(); ++i) {
        if (ranges[i].first == 0 || ranges[i].first > ranges[i].last) return false;
        if (i > 0 && ranges[i].first - ranges[i - 1].last < 2) return false;
    }
    return true;
}

struct Both {
    UidSet set;
    Numbers plain;
};

Both random_set(RandomNumbers& random) {
    Both both;
    const auto ranges = random() % 40;
    for (unsigned i = 0; i < ranges; ++i) {
        const std::uint32_t first = 1 + random() % 300;
        const std::uint32_t last = std::min<std::uint32_t>(300, first + random() % 12);
        both.set.add(first, last);
        for (auto uid = first; uid <= last; ++uid) both.plain.insert(uid);
    }
    return both;
}

} // namespace

TEST_CASE("store UidSet: ranges merge when they touch") {
    UidSet set;
    set.add(10, 12);
    set.add(1, 3);
    CHECK(set.ranges() == std::vector<UidRange>{{1, 3}, {10, 12}});
    set.add(4, 4);
    CHECK(set.ranges() == std::vector<UidRange>{{1, 4}, {10, 12}});
    set.add(9, 5); // RFC 9051 9: the order of the ends does not matter
    CHECK(set.ranges() == std::vector<UidRange>{{1, 12}});
    set.add(14, 20);
    CHECK(set.ranges() == std::vector<UidRange>{{1, 12}, {14, 20}});
    CHECK(set.count() == 19);
}

TEST_CASE("store UidSet: 0 is no UID, and the greatest one has no successor") {
    UidSet set(0, 0);
    CHECK(set.empty());
    set.add(0, 2);
    CHECK(set.ranges() == std::vector<UidRange>{{1, 2}});
    set.add(Uid{0xffffffff});
    set.add(Uid{0xfffffffe});
    CHECK(set.ranges() == std::vector<UidRange>{{1, 2}, {0xfffffffe, 0xffffffff}});
    CHECK(set.contains(Uid{0xffffffff}));
    CHECK(!set.contains(Uid{0xfffffffd}));
    CHECK(!set.contains(Uid{0}));
    CHECK(UidSet::all().count() == 0xffffffff);
    CHECK(UidSet::all().without(set).ranges() == std::vector<UidRange>{{3, 0xfffffffd}});
    CHECK(set.without(UidSet::all()).empty());
    CHECK(UidSet::all().from(Uid{0xffffffff}).ranges() == std::vector<UidRange>{{0xffffffff, 0xffffffff}});
}

TEST_CASE("store UidSet: agrees with std::set on random sets") {
    RandomNumbers random(20261121);
    for (int round = 0; round < 500; ++round) {
        const Both a = random_set(random);
        const Both b = random_set(random);
        REQUIRE(is_canonical(a.set));
        REQUIRE(numbers(a.set) == a.plain);
        REQUIRE(a.set.count() == a.plain.size());

        Numbers both, rest, later;
        const std::uint32_t from = random() % 320;
        for (const auto uid : a.plain) {
            (b.plain.count(uid) ? both : rest).insert(uid);
            if (uid >= from) later.insert(uid);
        }
        const UidSet intersected = a.set.intersected(b.set);
        const UidSet without = a.set.without(b.set);
        REQUIRE(numbers(intersected) == both);
        REQUIRE(is_canonical(intersected));
        REQUIRE(numbers(without) == rest);
        REQUIRE(is_canonical(without));
        REQUIRE(numbers(a.set.from(Uid{from})) == later);
        for (std::uint32_t uid = 0; uid <= 310; ++uid) REQUIRE(a.set.contains(Uid{uid}) == (a.plain.count(uid) == 1));
    }
}
