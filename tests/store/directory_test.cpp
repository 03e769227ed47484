// What addresses mean: accounts, aliases, domains, postmaster.
#include "store/directory.h"

#include <doctest/doctest.h>

using namespace pillarbox::store;

namespace {

Account account(std::int64_t id, const char* name, AccountState state = AccountState::active) {
    return Account{AccountId{id}, name, state, Limits{}, VolumeId{1}};
}

Directory example() {
    Directory directory;
    directory.site_domain = "example.org";
    directory.domains = {"example.org", "xn--bcher-kva.example"};
    directory.accounts = {account(3, "carol", AccountState::creating), account(2, "bob"), account(1, "alice"),
                          account(4, "dave", AccountState::deleting), account(5, "erin", AccountState::moving)};
    directory.aliases = {{"info", AccountId{2}}, {"info@xn--bcher-kva.example", AccountId{1}}, {"gone", AccountId{9}}};
    directory.index();
    return directory;
}

std::string who(const Directory& directory, const char* local, const char* domain) {
    const Resolved resolved = directory.resolve(local, domain);
    if (resolved.kind == Resolved::Kind::not_local) return "not local";
    return resolved.kind == Resolved::Kind::account ? resolved.account->name : "unknown";
}

} // namespace

TEST_CASE("store Directory: local parts and domains go in any case") {
    const Directory d = example();
    CHECK(who(d, "alice", "example.org") == "alice");
    CHECK(who(d, "ALICE", "Example.Org") == "alice");
    CHECK(who(d, "bob",
              "B\xc3\xbc"
              "cher.example") == "bob"); // a U-label (RFC 6531)
    CHECK(who(d, "nobody", "example.org") == "unknown");
    CHECK(who(d, "alice", "example.com") == "not local");
    CHECK(who(d, "alice", "sub.example.org") == "not local");
    CHECK(who(d, "alice", "[127.0.0.1]") == "not local");
    CHECK(who(d, "", "example.org") == "unknown");
}

TEST_CASE("store Directory: an alias of one domain goes before one of all, an account without alias follows") {
    const Directory d = example();
    CHECK(who(d, "Info", "example.org") == "bob");
    CHECK(who(d, "info", "xn--bcher-kva.example") == "alice");
    CHECK(who(d, "gone", "example.org") == "unknown");
}

TEST_CASE("store Directory: postmaster always reaches somebody") { // RFC 5321 4.5.1
    Directory d = example();
    CHECK(who(d, "Postmaster", "") == "alice");
    CHECK(who(d, "postmaster", "xn--bcher-kva.example") == "alice");
    CHECK(who(d, "postmaster", "example.com") == "not local");
    d.aliases["postmaster"] = AccountId{2};
    CHECK(who(d, "postmaster", "") == "bob");
    d.aliases["postmaster"] = AccountId{4}; // being deleted
    CHECK(who(d, "postmaster", "") == "alice");
    d.aliases.clear();
    d.accounts.push_back(account(6, "postmaster"));
    d.index();
    CHECK(who(d, "postmaster", "") == "postmaster");
    d.accounts.clear();
    d.index();
    CHECK(who(d, "postmaster", "") == "unknown");
}

TEST_CASE("store Directory: accounts being made or taken down get no mail, moving ones do") {
    const Directory d = example();
    CHECK(who(d, "carol", "example.org") == "unknown");
    CHECK(who(d, "dave", "example.org") == "unknown");
    CHECK(who(d, "erin", "example.org") == "erin");
}

TEST_CASE("store Directory: log-in names with and without the site's domain") {
    const Directory d = example();
    REQUIRE(d.by_name("Alice") != nullptr);
    CHECK(d.by_name("Alice")->id == AccountId{1});
    CHECK(d.by_name("alice@EXAMPLE.org") == d.by_name("alice"));
    CHECK(d.by_name("alice@xn--bcher-kva.example") == nullptr);
    CHECK(d.by_name("alice@") == nullptr);
    CHECK(d.by_name("") == nullptr);
    CHECK(d.by_id(AccountId{2})->name == "bob");
    CHECK(d.by_id(AccountId{7}) == nullptr);
}
