// Store: accounts from enroll to removal, also cut short; log-in; quota and room; mail in and out; opening refused.
#include "store/store.h"

#include "store/db.h"
#include "store/failure.h"
#include "store/site.h"
#include "store/volume.h"
#include "tests/store/test_store.h"

#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <set>
#include <sys/stat.h>
#include <unistd.h>

using namespace pillarbox;
using namespace pillarbox::store;
namespace fs = std::filesystem;

namespace {

const std::string hello = "From: a@b\r\nSubject: hello\r\n\r\nHello, world\r\n";

std::shared_ptr<const SpoolEnvelope> envelope_to(const Account& account) {
    SpoolEnvelope envelope;
    envelope.sender = "sender@example.com";
    envelope.recipients.push_back(SpoolRecipient{account.name + "@example.org", account.id, "", 0});
    return std::make_shared<const SpoolEnvelope>(std::move(envelope));
}

/// Delivers everything that is due.
std::size_t deliver_all(TestStore& test) {
    const auto claims = test.run(test.store().spool().claim(256));
    std::vector<Delivery> deliveries;
    for (const Claimed& claim : claims) {
        deliveries.emplace_back();
        deliveries.back().claim = claim;
        deliveries.back().account = claim.recipient().account;
    }
    std::size_t good = 0;
    for (const auto& result : test.run(test.store().spool().deliver(std::move(deliveries)))) good += result ? 1 : 0;
    return good;
}

/// What opening a store with these settings fails with; "" when it does not.
std::string failure_of(const StoreSettings& settings, runtime::Pool& pool) {
    try {
        const Store store(settings, pool);
    } catch (const StoreFailure& e) {
        return e.what();
    }
    return "";
}

std::string creation_failure(const std::string& folder, const std::string& domain) {
    try {
        Store::create(folder, domain);
    } catch (const StoreFailure& e) {
        return e.what();
    }
    return "";
}

bool says(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

unsigned mode_of(const std::string& path) {
    struct stat status {};
    return stat(path.c_str(), &status) == 0 ? status.st_mode & 0777 : 0;
}

} // namespace

TEST_CASE("store: a new one is for its owner alone and is made only once") {
    TestStore test;
    CHECK(test.store().directory()->site_domain == "example.org");
    CHECK(mode_of(test.folder()) == 0700);
    CHECK(mode_of(test.folder() + "/site.db") == 0600);
    CHECK(mode_of(test.folder() + "/site.db-wal") == 0600);
    CHECK(mode_of(test.folder() + "/volume-1") == 0700);
    CHECK(mode_of(test.folder() + "/volume-1/body") == 0700);
    CHECK(mode_of(test.folder() + "/volume-1/mail.db") == 0600);
    CHECK(says(creation_failure(test.folder(), "example.org"), "in use by process"));
    test.close();
    CHECK(says(creation_failure(test.folder(), "example.org"), "there already"));
    CHECK(says(creation_failure(test.folder() + "/new", "not a domain"), "'not a domain' is not a domain name"));
    CHECK(says(creation_failure("/nowhere/at/all", "example.org"), "No such file"));
    CHECK(!fs::exists(test.folder() + "/new"));
}

TEST_CASE("store: what cannot be opened says why") {
    TestStore test;
    runtime::Pool pool(1);
    CHECK(says(failure_of(test.settings(), pool), "in use by process " + std::to_string(getpid())));
    test.close();
    StoreSettings other = test.settings();
    other.folder = test.folder() + "/none";
    CHECK(says(failure_of(other, pool), "No such file"));
    fs::create_directory(other.folder);
    CHECK(says(failure_of(other, pool), "pillarbox init"));
    CHECK(!fs::exists(other.folder + "/lock"));

    { Db(test.folder() + "/volume-1/mail.db", DbOptions{}).execute("PRAGMA user_version=99"); }
    CHECK(says(failure_of(test.settings(), pool), "newer than this program knows"));
    { Db(test.folder() + "/volume-1/mail.db", DbOptions{}).execute("PRAGMA user_version=1"); }
    CHECK(failure_of(test.settings(), pool).empty());
    { Db(test.folder() + "/site.db", DbOptions{}).execute("PRAGMA user_version=99"); }
    CHECK(says(failure_of(test.settings(), pool), "newer than this program knows"));
    std::ofstream(test.folder() + "/site.db") << std::string(10'000, 'x');
    CHECK(says(failure_of(test.settings(), pool), "cannot be opened"));
    CHECK(says(failure_of(test.settings(), pool), "site.db: file is not a database"));
}

TEST_CASE("store: init cut short before the volume is taken up again, a lost volume is not made anew") {
    TestStore test;
    test.close();
    runtime::Pool pool(1);
    fs::remove_all(test.folder() + "/volume-1");
    fs::create_directories(test.folder() + "/volume-1.new/body");
    test.open();
    test.enroll("alice");
    test.close();
    fs::rename(test.folder() + "/volume-1/mail.db", test.folder() + "/mail.db");
    CHECK(says(failure_of(test.settings(), pool), "mail.db is missing"));
    fs::rename(test.folder() + "/mail.db", test.folder() + "/volume-1/mail.db");
    CHECK(failure_of(test.settings(), pool).empty());
}

TEST_CASE("store: an enrolled account has its mailboxes and logs in, after a restart too") {
    TestStore test;
    const Account alice = test.enroll("Alice", Limits{5000, 3});
    CHECK(alice.name == "alice");
    CHECK(alice.state == AccountState::active);
    CHECK(alice.limits.octets == 5000);
    CHECK(test.enroll("bob").limits.octets == 1 << 30); // the default
    for (int round = 0; round < 2; ++round) {
        const auto directory = test.store().directory();
        REQUIRE(directory->by_name("alice") != nullptr);
        CHECK(directory->by_name("alice")->state == AccountState::active);
        for (const char* name : {"alice", "ALICE@example.org"}) { // hashed, then remembered
            const auto logged_in = test.run(test.store().authenticate(name, "secret"));
            REQUIRE(logged_in);
            CHECK(logged_in->id == alice.id);
        }
        CHECK(!test.run(test.store().authenticate("alice", "Secret")));
        CHECK(!test.run(test.store().authenticate("nobody", "secret")));
        CHECK(!test.run(test.store().authenticate("", "")));
        for (const char* name : {"inbox", "Drafts", "Sent", "Junk", "Trash", "Archive"})
            CHECK_MESSAGE(test.run(test.store().open(alice.id, name, true)), name);
        CHECK(test.store().status().accounts == 2);
        test.open();
    }
}

TEST_CASE("store: names and passwords that may not be are refused, and names that are taken") {
    TestStore test;
    test.enroll("alice");
    const auto enroll = [&](const char* name, const std::string& password) {
        return test.run(test.store().enroll(name, password, {}));
    };
    CHECK(enroll("ALICE", "x").error() == StoreError::exists);
    CHECK(enroll("a b", "x").error() == StoreError::bad_name);
    CHECK(enroll("carol", "").error() == StoreError::cannot);
    CHECK(enroll("carol", std::string(1025, 'x')).error() == StoreError::cannot);
    CHECK(test.run(test.store().set_password("alice", "")).error() == StoreError::cannot);
    CHECK(test.run(test.store().set_password("carol", "x")).error() == StoreError::not_found);
    CHECK(test.store().directory()->accounts.size() == 1);
}

TEST_CASE("store: a changed password is in force at once and for good") {
    TestStore test;
    test.enroll("alice");
    CHECK(test.run(test.store().authenticate("alice", "secret")));
    REQUIRE(test.run(test.store().set_password("alice", "changed")));
    for (int round = 0; round < 2; ++round) {
        CHECK(!test.run(test.store().authenticate("alice", "secret")));
        CHECK(test.run(test.store().authenticate("alice", "changed")));
        test.open();
    }
}

TEST_CASE("store: a removed account is gone, and its name and mail do not come back together") {
    TestStore test;
    const Account first = test.enroll("alice");
    REQUIRE(test.run(test.store().append(first.id, "INBOX", test.message(first, hello), {}, 1000)));
    REQUIRE(test.run(test.store().remove("alice")));
    CHECK(test.run(test.store().remove("alice")).error() == StoreError::not_found);
    CHECK(!test.run(test.store().authenticate("alice", "secret")));
    CHECK(test.store().directory()->resolve("alice", "example.org").kind == Resolved::Kind::unknown_user);
    CHECK(test.run(test.store().open(first.id, "INBOX", false)).error() == StoreError::not_found);
    CHECK(test.run(test.store().append(first.id, "INBOX", test.message(first, hello), {}, 1000)).error() ==
          StoreError::not_found);
    const Account second = test.enroll("alice");
    CHECK(second.id != first.id);
    const auto inbox = test.run(test.store().open(second.id, "INBOX", false));
    REQUIRE(inbox);
    CHECK(inbox->map->size() == 0);
}

TEST_CASE("store: a start finishes accounts that were being made or taken down") {
    TestStore test;
    const Account alice = test.enroll("alice");
    test.close();
    AccountId bob;
    {
        Site site(test.folder() + "/site.db");
        NewAccount wanted{"bob", {}, VolumeId{1}, Hashing{std::string(16, 's'), 64}, {}};
        wanted.credential.sha256 =
            runtime::scram_keys(runtime::ScramHash::sha256, "builder", wanted.hashing.salt, wanted.hashing.iterations);
        const auto begun = site.begin_account(wanted);
        REQUIRE(begun);
        bob = begun->id;
        site.set_state(alice.id, AccountState::deleting);
    }
    test.open();
    const auto directory = test.store().directory();
    CHECK(directory->by_name("alice") == nullptr);
    REQUIRE(directory->by_name("bob") != nullptr);
    CHECK(directory->by_name("bob")->state == AccountState::active);
    const auto logged_in = test.run(test.store().authenticate("bob", "builder"));
    REQUIRE(logged_in);
    CHECK(logged_in->id == bob);
    CHECK(test.run(test.store().open(bob, "Sent", true)));
    CHECK(test.run(test.store().open(alice.id, "INBOX", true)).error() == StoreError::not_found);
}

TEST_CASE("store: an account of a volume that is not there is refused at the start") {
    TestStore test;
    const Account alice = test.enroll("alice");
    test.close();
    { Db(test.folder() + "/site.db", DbOptions{}).execute("UPDATE account SET volume=2"); }
    runtime::Pool pool(1);
    CHECK(says(failure_of(test.settings(), pool), "alice lives on volume 2"));
}

TEST_CASE("store: accepted mail is there after a restart, and is delivered once") {
    TestStore test;
    const Account alice = test.enroll("alice");
    REQUIRE(test.run(test.store().accept(test.message(alice, hello), envelope_to(alice))));
    CHECK(test.store().status().accepted == 1);
    CHECK(test.store().status().spool_length == 1);
    CHECK(test.store().usage(alice.id).reserved == static_cast<std::int64_t>(hello.size()));
    test.open();
    CHECK(deliver_all(test) == 1);
    CHECK(test.store().status().delivered == 1);
    CHECK(test.store().status().spool_length == 0);
    CHECK(test.store().usage(alice.id).messages == 1);
    const auto inbox = test.run(test.store().open(alice.id, "INBOX", false));
    REQUIRE(inbox);
    CHECK(inbox->map->size() == 1);
}

TEST_CASE("store: a large message appended is there after a restart, file and all") {
    TestStore test;
    const Account alice = test.enroll("alice");
    std::string big = hello;
    while (big.size() < 300'000) big += std::to_string(big.size() * 7919) + "\r\n";
    REQUIRE(test.run(test.store().append(alice.id, "sent", test.message(alice, hello), {}, 1000)).error() ==
            StoreError::not_found); // only INBOX goes in any case
    const auto appended = test.run(test.store().append(alice.id, "Sent", test.message(alice, big), {}, 1000));
    REQUIRE(appended);
    test.open();
    const auto sent = test.run(test.store().open(alice.id, "Sent", false));
    REQUIRE(sent);
    test.store().volume_of(alice.id).read_here([&](Snapshot& snapshot) {
        const auto entry = snapshot.entry(sent->view.mailbox(), appended->uid);
        REQUIRE(entry);
        std::string octets(snapshot.header(entry->message)->data);
        snapshot.body(entry->message)->read(0, ~0ULL, octets);
        CHECK(octets == big);
    });
}

TEST_CASE("store may_receive: quota at limit - 1, limit and limit + 1") {
    TestStore test;
    const auto size = static_cast<std::int64_t>(hello.size());
    const Account alice = test.enroll("alice", Limits{1000, 3});
    CHECK(test.store().may_receive(alice, 0));
    CHECK(test.store().may_receive(alice, 999));
    CHECK(test.store().may_receive(alice, 1000));
    CHECK(test.store().may_receive(alice, 1001).error() == StoreError::over_quota);
    CHECK(test.store().may_receive(alice, ~std::uint64_t{0}).error() == StoreError::over_quota);
    // What is accepted and not delivered counts.
    REQUIRE(test.run(test.store().accept(test.message(alice, hello), envelope_to(alice))));
    const auto left = static_cast<std::uint64_t>(1000 - size);
    CHECK(test.store().may_receive(alice, left));
    CHECK(test.store().may_receive(alice, left + 1).error() == StoreError::over_quota);
    REQUIRE(deliver_all(test) == 1);
    CHECK(test.store().may_receive(alice, left));
    CHECK(test.store().may_receive(alice, left + 1).error() == StoreError::over_quota);
    // Messages: three fit.
    for (int count = 2; count <= 3; ++count) {
        CHECK(test.store().may_receive(alice, 1));
        REQUIRE(test.run(test.store().append(alice.id, "INBOX", test.message(alice, hello), {}, 1000)));
    }
    CHECK(test.store().may_receive(alice, 1).error() == StoreError::over_quota);
    CHECK(test.run(test.store().append(alice.id, "INBOX", test.message(alice, hello), {}, 1000)).error() ==
          StoreError::over_quota);
    const Account free = test.enroll("free", Limits{0, 0});
    CHECK(test.store().may_receive(free, 1'000'000'000));
}

TEST_CASE("store: below the floor no mail is taken, reading and log-in go on") {
    TestStore test;
    const Account alice = test.enroll("alice");
    REQUIRE(test.run(test.store().append(alice.id, "INBOX", test.message(alice, hello), {}, 1000)));
    test.settings().floor_octets = std::uint64_t{1} << 60;
    test.open();
    CHECK(test.store().may_receive(alice, 1).error() == StoreError::no_space);
    CHECK(test.run(test.store().accept(test.message(alice, hello), envelope_to(alice))).error() ==
          StoreError::no_space);
    CHECK(test.run(test.store().append(alice.id, "INBOX", test.message(alice, hello), {}, 1000)).error() ==
          StoreError::no_space);
    CHECK(test.run(test.store().enroll("bob", "x", {})).error() == StoreError::no_space);
    const StoreStatus status = test.store().status();
    CHECK(!status.accepting);
    CHECK(says(status.trouble, "nearly full"));
    CHECK(test.run(test.store().authenticate("alice", "secret")));
    const auto inbox = test.run(test.store().open(alice.id, "INBOX", true));
    REQUIRE(inbox);
    CHECK(inbox->map->size() == 1);
    const FlagChange deleted{FlagMode::add, flag::deleted, {}};
    REQUIRE(test.run(inbox->view.change_flags(UidSet::all(), deleted)));
    CHECK(test.run(inbox->view.expunge(UidSet::all()))->uids.count() == 1);
}

TEST_CASE("store: mailbox names are taken in any spelling and kept in one") {
    TestStore test;
    const Account alice = test.enroll("alice");
    Store& store = test.store();
    const auto made = test.run(store.create_mailbox(alice.id, "Entwu\xcc\x88rfe"));
    REQUIRE(made);
    CHECK(made->name == "Entw\xc3\xbcrfe");
    CHECK(test.run(store.create_mailbox(alice.id, "Entw\xc3\xbcrfe")).error() == StoreError::exists);
    CHECK(test.run(store.create_mailbox(alice.id, "a//b")).error() == StoreError::bad_name);
    CHECK(test.run(store.create_mailbox(alice.id, "iNBOX")).error() == StoreError::exists);
    CHECK(test.run(store.open(alice.id, "Entwu\xcc\x88rfe", true)));
    CHECK(test.run(store.open(alice.id, "\xff", true)).error() == StoreError::not_found);
    CHECK(test.run(store.rename_mailbox(alice.id, "Entwu\xcc\x88rfe", "x\n")).error() == StoreError::bad_name);
    REQUIRE(test.run(store.rename_mailbox(alice.id, "Entwu\xcc\x88rfe", "Neu")));
    REQUIRE(test.run(store.subscribe(alice.id, "nowhere", true)));
    CHECK(test.run(store.subscribe(alice.id, "", true)).error() == StoreError::bad_name);
    CHECK(test.run(store.delete_mailbox(alice.id, "inbox")).error() == StoreError::cannot);
    REQUIRE(test.run(store.delete_mailbox(alice.id, "Neu")));
    CHECK(test.run(store.delete_mailbox(alice.id, "Neu")).error() == StoreError::not_found);
}

TEST_CASE("store: transaction ids never repeat, are short, and fit into a Received field") {
    TestStore test;
    std::set<std::string> ids;
    for (int round = 0; round < 3; ++round) {
        for (int i = 0; i < 100; ++i) ids.insert(test.store().new_transaction_id());
        test.open();
    }
    CHECK(ids.size() == 300);
    for (const std::string& id : ids) {
        CHECK(id.size() <= 16);
        CHECK(id.find_first_not_of("0123456789abcdefghjkmnpqrstvwxyz-") == std::string::npos);
    }
}
