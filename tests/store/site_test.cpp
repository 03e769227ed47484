// site.db: what is written is there after a reopening, and what must not repeat does not.
#include "store/site.h"

#include "appliance/runtime/clock.h"
#include "store/db.h"
#include "store/failure.h"
#include "tests/store/temp_folder.h"

#include <doctest/doctest.h>
#include <set>

using namespace pillarbox::store;
using pillarbox::runtime::ScramKeys;

namespace {

/// A new site.db in a folder of its own.
struct TestSite {
    TempFolder folder;
    std::string file = folder / "site.db";
    TestSite() { Site::create(file, "example.org"); }
};

NewAccount new_account(const std::string& name) {
    NewAccount account{name, Limits{1000, 20}, VolumeId{1}, Hashing{std::string(16, '\1'), 15'000}, Credential{}};
    account.credential.sha256 = ScramKeys{std::string(32, 'a'), std::string("b\0c", 3)};
    account.credential.sha1 = ScramKeys{"d", "e"};
    account.credential.created = 1'700'000'000;
    return account;
}

std::string failure_of(const std::string& file) {
    try {
        const Site site(file);
    } catch (const std::runtime_error& e) {
        return e.what();
    }
    return "";
}

} // namespace

TEST_CASE("store Site: a new one has its domain, a secret and a name of its own") {
    const TestSite one, two;
    Site a(one.file), b(two.file);
    const Directory directory = a.directory();
    CHECK(directory.site_domain == "example.org");
    CHECK(directory.domains == std::vector<std::string>{"example.org"});
    CHECK(directory.accounts.empty());
    CHECK(a.secret().size() == 32);
    CHECK(a.secret() != b.secret());
    CHECK(a.uuid().size() == 36);
    CHECK(a.uuid()[14] == '4'); // RFC 4122 4.4
    CHECK(a.uuid() != b.uuid());
    CHECK_THROWS_AS(Site::create(one.file, "example.net"), StoreFailure);
    CHECK(Site(one.file).directory().site_domain == "example.org");
}

TEST_CASE("store Site: birth and boot numbers never repeat, not over a reopening") {
    const TestSite test;
    std::set<std::int64_t> births, boots;
    for (int round = 0; round < 3; ++round) {
        Site site(test.file);
        for (int i = 0; i < 3; ++i) births.insert(site.next_birth());
        boots.insert(site.next_boot());
    }
    CHECK(births.size() == 9);
    CHECK(*births.begin() == 1);
    CHECK(*births.rbegin() == 9);
    CHECK(boots.size() == 3);
    CHECK(*boots.begin() >= pillarbox::runtime::unix_seconds() - 60);
}

TEST_CASE("store Site: an account is creating, then active, then deleting, then gone") {
    const TestSite test;
    AccountId id;
    {
        Site site(test.file);
        const auto account = site.begin_account(new_account("alice"));
        REQUIRE(account);
        id = account->id;
        CHECK(account->state == AccountState::creating);
        const auto again = site.begin_account(new_account("alice"));
        REQUIRE(!again);
        CHECK(again.error() == StoreError::exists);
        const auto bob = site.begin_account(new_account("bob"));
        REQUIRE(bob);
        CHECK(bob->id.value == id.value + 1);
    }
    Site site(test.file);
    Directory directory = site.directory();
    REQUIRE(directory.accounts.size() == 2);
    const Account* alice = directory.by_name("alice");
    REQUIRE(alice != nullptr);
    CHECK(alice->id == id);
    CHECK(alice->state == AccountState::creating);
    CHECK(alice->limits.octets == 1000);
    CHECK(alice->limits.messages == 20);
    CHECK(alice->volume == VolumeId{1});

    for (const auto state : {AccountState::active, AccountState::moving, AccountState::deleting}) {
        site.set_state(id, state);
        CHECK(site.directory().by_id(id)->state == state);
    }
    REQUIRE(site.add_alias("al", id));
    site.erase_account(id);
    directory = site.directory();
    CHECK(directory.by_name("alice") == nullptr);
    CHECK(directory.aliases.empty());
    CHECK(site.secrets().size() == 1);
    // The number of a deleted account is not given again.
    const auto later = site.begin_account(new_account("alice"));
    REQUIRE(later);
    CHECK(later->id.value == id.value + 2);
}

TEST_CASE("store Site: domains and aliases are there once each") {
    const TestSite test;
    Site site(test.file);
    const auto alice = site.begin_account(new_account("alice"));
    REQUIRE(alice);
    site.set_state(alice->id, AccountState::active);
    CHECK(site.add_domain("example.net"));
    CHECK(site.add_domain("example.net").error() == StoreError::exists);
    CHECK(site.add_domain("example.org").error() == StoreError::exists);
    CHECK(site.add_alias("info@example.net", alice->id));
    CHECK(site.add_alias("info@example.net", alice->id).error() == StoreError::exists);
    const Directory directory = site.directory();
    CHECK(directory.site_domain == "example.org");
    CHECK(directory.domains == std::vector<std::string>{"example.org", "example.net"});
    CHECK(directory.resolve("info", "example.net").account != nullptr);
    CHECK(directory.resolve("info", "example.org").account == nullptr);
}

TEST_CASE("store Site: the main password is replaced, octets and all") {
    const TestSite test;
    Site site(test.file);
    REQUIRE(site.begin_account(new_account("alice")));
    const auto bob = site.begin_account(new_account("bob"));
    REQUIRE(bob);

    const Hashing hashing{std::string(16, '\2'), 4096};
    Credential credential;
    credential.sha256 = ScramKeys{"new", "keys"};
    CHECK(site.set_password(bob->id, hashing, credential));
    CHECK(site.set_password(AccountId{7}, hashing, credential).error() == StoreError::not_found);

    const auto secrets = Site(test.file).secrets();
    REQUIRE(secrets.size() == 2);
    REQUIRE(secrets[0].credentials.size() == 1);
    const Credential& first = secrets[0].credentials[0];
    CHECK(secrets[0].hashing == Hashing{std::string(16, '\1'), 15'000});
    CHECK(first.sha256 == ScramKeys{std::string(32, 'a'), std::string("b\0c", 3)});
    CHECK(first.sha1 == ScramKeys{"d", "e"});
    CHECK(first.created == 1'700'000'000);
    CHECK(secrets[1].hashing == hashing);
    REQUIRE(secrets[1].credentials.size() == 1);
    CHECK(secrets[1].credentials[0].sha256 == ScramKeys{"new", "keys"});
}

TEST_CASE("store Site: the salt stays while other passwords depend on it") {
    const TestSite test;
    Site site(test.file);
    const auto alice = site.begin_account(new_account("alice"));
    REQUIRE(alice);
    Credential phone;
    phone.id = 1;
    phone.name = "phone";
    const Hashing same = new_account("").hashing, other{std::string(16, '\2'), 15'000};
    REQUIRE(site.set_password(alice->id, same, phone));
    CHECK(site.set_password(alice->id, other, Credential{}).error() == StoreError::cannot);
    CHECK(site.set_password(alice->id, same, Credential{}));
    const auto secrets = site.secrets();
    REQUIRE(secrets[0].credentials.size() == 2);
    CHECK(secrets[0].credentials[1].name == "phone");
}

TEST_CASE("store Site: a missing, unfinished, newer or damaged file says so") {
    const TempFolder folder;
    const std::string file = folder / "site.db";
    CHECK(failure_of(file).find(file) != std::string::npos);

    {
        DbOptions options;
        options.create = true;
        const Db cut_short(file, options);
    }
    CHECK(failure_of(file).find("not finished") != std::string::npos);
    Site::create(file, "example.org"); // takes up what was begun
    CHECK(failure_of(file).empty());

    { Db(file, DbOptions{}).execute("PRAGMA user_version=99"); }
    CHECK(failure_of(file).find("newer") != std::string::npos);
    CHECK_THROWS_AS(Site{file}, SchemaTooNew);

    { Db(file, DbOptions{}).execute("PRAGMA user_version=1; INSERT INTO account VALUES(1,'x',42,1,0,0,0,x'',1)"); }
    CHECK_THROWS_AS(Site(file).directory(), std::runtime_error);
}
