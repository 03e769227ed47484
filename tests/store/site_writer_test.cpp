// SiteWriter: order, results, exceptions, and what a failing disk leads to.
#include "store/site_writer.h"

#include "store/db.h"
#include "store/failure.h"
#include "tests/store/temp_folder.h"

#include <doctest/doctest.h>
#include <sqlite3.h>
#include <vector>

using namespace pillarbox;
using namespace pillarbox::store;

namespace {

runtime::Task<void> take_births(SiteWriter& writer, std::vector<std::int64_t>& births) {
    const auto next = [](Site& site) { return site.next_birth(); };
    for (int i = 0; i < 3; ++i) {
        const auto birth = co_await writer.run(next);
        births.push_back(birth);
    }
    const auto nothing = [](Site&) {};
    co_await writer.run(nothing);
    births.push_back(0);
}

void disk_fails(Site&) { throw DbError(SQLITE_IOERR_FSYNC, "disk I/O error"); }

struct TestWriter {
    TempFolder folder;
    std::string file = folder / "site.db";
    TestWriter() { Site::create(file, "example.org"); }
};

} // namespace

TEST_CASE("store SiteWriter: coroutines get their results in order") {
    const TestWriter test;
    SiteWriter writer(test.file);
    runtime::Loop loop;
    std::vector<std::int64_t> births;
    loop.post([&] { loop.spawn(take_births(writer, births)); });
    loop.stop();
    loop.run();
    CHECK(births == std::vector<std::int64_t>{1, 2, 3, 0});
}

TEST_CASE("store SiteWriter: what is thrown comes to the caller, and the next one goes on") {
    const TestWriter test;
    SiteWriter writer(test.file);
    CHECK_THROWS_WITH_AS(writer.run_here([](Site&) { throw std::logic_error("so"); }), "so", std::logic_error);
    CHECK(writer.run_here([](Site& site) { return site.next_birth(); }) == 1);
}

TEST_CASE("store SiteWriter: after an I/O error it opens anew, three times in an hour and it stays closed") {
    const TestWriter test;
    SiteWriter writer(test.file);
    const auto site_at = [](Site& site) { return &site; };
    const Site* before = writer.run_here(site_at);
    CHECK(writer.run_here(site_at) == before);
    for (int i = 0; i < 2; ++i) {
        CHECK_THROWS_AS(writer.run_here(disk_fails), DbError);
        CHECK(writer.run_here([](Site& site) { return site.next_birth(); }) == i + 1);
    }
    CHECK(writer.trouble().empty());
    CHECK_THROWS_AS(writer.run_here(disk_fails), DbError);
    CHECK_THROWS_AS(writer.run_here(site_at), StoreFailure);
    CHECK_THROWS_AS(writer.run_here(site_at), StoreFailure);
    CHECK(writer.trouble().find("3 times in an hour") != std::string::npos);
}
