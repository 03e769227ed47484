// Room on the disk: the floor at its edges, the ballast made, topped up and given up.
#include "store/space.h"

#include "tests/store/temp_folder.h"

#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>

using namespace pillarbox;
using namespace pillarbox::store;

namespace {
constexpr std::uint64_t mib = 1024 * 1024;
constexpr std::uint64_t far_too_much = std::uint64_t{1} << 60;
} // namespace

TEST_CASE("store default_floor: 1 % of the disk between 256 MiB and 2 GiB") {
    CHECK(default_floor(0) == 256 * mib);
    CHECK(default_floor(25'600 * mib) == 256 * mib);
    CHECK(default_floor(25'700 * mib) == 257 * mib);
    CHECK(default_floor(204'800 * mib) == 2048 * mib);
    CHECK(default_floor(far_too_much) == 2048 * mib);
    CHECK(ballast_size(default_floor(0)) == 64 * mib);
    CHECK(ballast_size(4 * mib) == mib);
    CHECK(ballast_size(far_too_much) == 64 * mib);
}

TEST_CASE("store Space: takes what leaves the floor free, to the octet") {
    const Space::Look look{1000, 900};
    CHECK(look.takes(0));
    CHECK(look.takes(99));
    CHECK(look.takes(100));
    CHECK(!look.takes(101));
    CHECK(!look.takes(far_too_much));
    CHECK(Space::Look{900, 900}.takes(0));
    CHECK(!Space::Look{900, 900}.takes(1));
    CHECK(!Space::Look{899, 900}.takes(0));
}

TEST_CASE("store Space: the ballast is made at the start, with the right of its owner only") {
    const TempFolder folder;
    runtime::Pool pool(1);
    Space space(folder.path(), 4 * mib, pool);
    space.settle();
    CHECK(space.ballast() == mib);
    CHECK(std::filesystem::file_size(folder / "ballast") == mib);
    using std::filesystem::perms;
    CHECK(std::filesystem::status(folder / "ballast").permissions() == (perms::owner_read | perms::owner_write));
    const Space::Look look = space.look();
    CHECK(look.floor == 4 * mib);
    CHECK(look.takes(1000));
    CHECK(!look.takes(far_too_much));
}

TEST_CASE("store Space: a ballast cut short is topped up") {
    const TempFolder folder;
    std::ofstream(folder / "ballast") << std::string(1000, 'x');
    runtime::Pool pool(1);
    Space space(folder.path(), 4 * mib, pool);
    space.settle();
    CHECK(std::filesystem::file_size(folder / "ballast") == mib);
}

TEST_CASE("store Space: below the floor nothing is taken and the ballast goes, and comes back with the room") {
    const TempFolder folder;
    runtime::Pool pool(1);
    {
        Space roomy(folder.path(), 4 * mib, pool);
        roomy.settle();
    }
    {
        Space tight(folder.path(), far_too_much, pool);
        CHECK(!tight.look().takes(0));
        tight.settle();
        CHECK(tight.ballast() == 0);
        CHECK(!std::filesystem::exists(folder / "ballast"));
        CHECK(!tight.look().takes(0)); // the room it left is not for mail
    }
    Space roomy(folder.path(), 4 * mib, pool);
    roomy.settle();
    CHECK(roomy.ballast() == mib);
}

TEST_CASE("store Space: a ballast that cannot be written is not tried again at once; mail goes on") {
    const TempFolder folder;
    std::filesystem::create_symlink("/nowhere/at/all", folder / "ballast"); // links are not followed
    runtime::Pool pool(1);
    Space space(folder.path(), 4 * mib, pool);
    space.settle();
    CHECK(space.ballast() == 0);
    CHECK(space.look().takes(0));
    space.settle();
    CHECK(space.ballast() == 0);
}

TEST_CASE("store Space: a disk that cannot be asked has nothing free") {
    const TempFolder folder;
    runtime::Pool pool(1);
    Space space(folder / "gone", 4 * mib, pool);
    CHECK(!space.look().takes(0));
}
