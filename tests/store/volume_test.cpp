// The volume engine: accept, deliver, flags, copy, expunge, the hub, and what a restart finds.
#include "store/volume.h"

#include "appliance/runtime/loop.h"
#include "store/db.h"
#include "store/hub.h"
#include "store/jobs.h"
#include "store/message/envelope.h"
#include "store/open_view.h"
#include "store/spool.h"
#include "tests/store/temp_folder.h"

#include <doctest/doctest.h>
#include <optional>

using namespace pillarbox;
using namespace pillarbox::store;
using runtime::Loop;
using runtime::Task;

namespace {

constexpr AccountId alice{1}, bob{2};

/// A volume in a folder of its own, with two accounts, and a loop to run coroutines on.
class TestVolume {
public:
    TestVolume() : path_(folder_.path() + "/volume-1") {
        Volume::create(path_, 7);
        open();
        for (const AccountId id : {alice, bob}) CHECK(write(CreateAccount{id}));
    }
    void open(std::int64_t undelete_seconds = 7 * 86400) {
        volume_.reset();
        volume_.emplace(path_, VolumeId{1}, pool_, VolumeSettings{undelete_seconds, false});
    }
    Volume& volume() { return *volume_; }

    /// Runs a task to its end and yields its value.
    template <class T>
    T run(Task<T> task) {
        std::optional<T> value;
        loop_.spawn(into(std::move(task), value));
        for (int turns = 0; !value && turns < 5000; ++turns) loop_.run_once(std::chrono::milliseconds(10));
        REQUIRE(value.has_value());
        return std::move(*value);
    }
    template <class J>
    Result<typename J::Value> write(J job) {
        return run(volume_->write(std::move(job)));
    }
    std::shared_ptr<Prepared> message(const std::string& octets) {
        Incoming incoming(*volume_);
        incoming.feed(octets);
        REQUIRE(run(incoming.finish()));
        return incoming.take();
    }
    std::shared_ptr<const SpoolEnvelope> envelope(std::vector<AccountId> to) {
        SpoolEnvelope envelope;
        envelope.sender = "sender@example.org";
        envelope.transaction = "T1";
        for (const AccountId id : to) envelope.recipients.push_back(SpoolRecipient{"a@b", id, "", 0});
        return std::make_shared<const SpoolEnvelope>(std::move(envelope));
    }
    std::vector<Result<Delivered>> deliver_all() {
        const auto claims = run(volume_->spool().claim(256));
        std::vector<Delivery> deliveries;
        for (const Claimed& claim : claims) {
            Delivery delivery;
            delivery.claim = claim;
            delivery.account = claim.recipient().account;
            delivery.prefix = "Delivered-To: a@b\r\n";
            deliveries.push_back(std::move(delivery));
        }
        return run(volume_->spool().deliver(std::move(deliveries)));
    }
    Opened inbox(AccountId account) {
        auto opened = run(open_view(*volume_, account, account, "INBOX", true));
        REQUIRE(opened);
        return std::move(*opened);
    }
    Uid append(const std::string& octets, FlagChange flags = {}) {
        Append job{alice, "INBOX", message(octets), std::move(flags), 1000, {}};
        auto appended = write(std::move(job));
        REQUIRE(appended);
        return appended->uid;
    }
    Loop& loop() { return loop_; }

private:
    template <class T>
    static Task<void> into(Task<T> task, std::optional<T>& value) {
        value.emplace(co_await task);
    }
    TempFolder folder_;
    std::string path_;
    runtime::Pool pool_{2};
    Loop loop_;
    std::optional<Volume> volume_;
};

const std::string hello = "From: a@b\r\nSubject: hello\r\nMessage-ID: <1@b>\r\n\r\nHello, world\r\n";

/// Counters of the mailbox and the account against the rows they count.
void check_counters(TestVolume& test, AccountId account) {
    test.volume().read_here([&](Snapshot& snapshot) {
        std::int64_t octets = 0, messages = 0;
        for (const Mailbox& row : snapshot.mailboxes(account)) {
            std::int64_t seen_octets = 0, count = 0, unseen = 0, deleted = 0;
            snapshot.entries(row.id, UidSet::all(), [&](const Entry& entry) {
                ++count;
                seen_octets += entry.size;
                unseen += !(entry.flags & flag::seen);
                deleted += (entry.flags & flag::deleted) != 0;
                return true;
            });
            CHECK(row.messages == count);
            CHECK(row.octets == seen_octets);
            CHECK(row.unseen == unseen);
            CHECK(row.deleted == deleted);
            octets += seen_octets;
            messages += count;
        }
        CHECK(snapshot.usage(account)->octets == octets);
        CHECK(snapshot.usage(account)->messages == messages);
    });
}

} // namespace

TEST_CASE("volume: a new account has INBOX and the special-use mailboxes, subscribed") {
    TestVolume test;
    test.volume().read_here([](Snapshot& snapshot) {
        CHECK(snapshot.mailboxes(alice).size() == 6);
        CHECK(snapshot.subscriptions(alice).size() == 6);
        CHECK(snapshot.mailbox(alice, "inbox")->uidnext == Uid{1});
        CHECK(snapshot.mailbox(alice, "Trash")->special_use == SpecialUse::trash);
    });
    CHECK(test.write(CreateAccount{alice})); // a repeat after a crash
}

TEST_CASE("volume: accept reserves, delivery charges, every octet comes back") {
    TestVolume test;
    REQUIRE(test.run(test.volume().spool().accept(test.message(hello), test.envelope({alice, bob}))));
    CHECK(test.volume().usage(alice)->reserved == static_cast<std::int64_t>(hello.size()));
    CHECK(test.volume().spool().length() == 2);
    for (const auto& result : test.deliver_all()) REQUIRE(result);
    CHECK(test.volume().spool().length() == 0);
    CHECK(test.volume().usage(alice)->reserved == 0);

    const Opened inbox = test.inbox(bob);
    CHECK(inbox.map->size() == 1);
    CHECK(inbox.first_unseen == Uid{1});
    test.volume().read_here([&](Snapshot& snapshot) {
        const auto entry = snapshot.entry(inbox.view.mailbox(), Uid{1});
        REQUIRE(entry);
        const std::string prefix = snapshot.prefix(inbox.view.mailbox(), Uid{1});
        CHECK(prefix == "Delivered-To: a@b\r\n");
        CHECK(entry->size == static_cast<std::int64_t>(hello.size() + prefix.size()));
        std::string octets(snapshot.header(entry->message)->data);
        snapshot.body(entry->message)->read(0, ~0ULL, octets);
        CHECK(octets == hello);
    });
    check_counters(test, alice);
    check_counters(test, bob);
}

TEST_CASE("volume: what was accepted before a restart is delivered after it, exactly once") {
    TestVolume test;
    REQUIRE(test.run(test.volume().spool().accept(test.message(hello), test.envelope({alice, bob}))));
    const auto claims = test.run(test.volume().spool().claim(1)); // claimed, not delivered
    CHECK(claims.size() == 1);
    test.open();
    CHECK(test.volume().spool().length() == 2);
    for (const auto& result : test.deliver_all()) REQUIRE(result);
    const Opened inbox = test.inbox(alice);
    CHECK(inbox.map->size() == 1);
    test.volume().read_here([&](Snapshot& snapshot) {
        snapshot.envelopes(inbox.view.mailbox(), UidSet::all(), [](const EnvelopeRow& row) {
            CHECK(message::decode_envelope(row.data).imap.find("hello") != std::string_view::npos);
            return true;
        });
    });
    Delivery again;
    again.claim = claims.front();
    again.account = alice;
    std::vector<Delivery> repeat;
    repeat.push_back(std::move(again));
    const auto results = test.run(test.volume().spool().deliver(std::move(repeat)));
    CHECK(results.front().error() == StoreError::not_found);
    check_counters(test, alice);
}

TEST_CASE("volume: a direct delivery shares the transaction of accept and leaves no spool row") {
    TestVolume test;
    std::vector<Delivery> direct(2);
    direct[0].account = alice;
    direct[0].prefix = "Delivered-To: a@b\r\n";
    direct[1].account = bob;
    direct[1].mailbox = "Lists/new"; // made on the way
    auto plan = direct;
    const auto entry =
        test.run(test.volume().spool().accept(test.message(hello), test.envelope({alice, bob}), std::move(plan)));
    REQUIRE(entry);
    REQUIRE(entry->delivered.size() == 2);
    CHECK(entry->delivered[1].name == "Lists/new");
    CHECK(test.volume().spool().length() == 0);
    CHECK(test.volume().usage(alice)->reserved == 0);
    CHECK(test.volume().read_here([](Snapshot& s) { return s.db().value("SELECT count(*) FROM spool"); }) == 0);
    CHECK(test.volume().read_here([](Snapshot& s) { return s.db().value("SELECT refs FROM message"); }) == 2);
    check_counters(test, alice);
    check_counters(test, bob);

    direct[1].account = AccountId{99}; // gone in between: all of it goes through the spool
    const auto spooled =
        test.run(test.volume().spool().accept(test.message(hello), test.envelope({alice, bob}), std::move(direct)));
    REQUIRE(spooled);
    CHECK(spooled->delivered.empty());
    CHECK(test.volume().spool().length() == 2);
    CHECK(test.inbox(alice).map->size() == 1);
}

TEST_CASE("volume: a large body goes to a file and comes back unchanged") {
    TestVolume test;
    std::string big = hello;
    for (int i = 0; big.size() < 700'000; ++i) big += "line " + std::to_string(i * 7919) + "\r\n";
    const Uid uid = test.append(big);
    const Opened inbox = test.inbox(alice);
    test.volume().read_here([&](Snapshot& snapshot) {
        const auto entry = snapshot.entry(inbox.view.mailbox(), uid);
        std::string octets(snapshot.header(entry->message)->data);
        const auto body = snapshot.body(entry->message);
        CHECK(body->size() == big.size() - octets.size());
        body->read(0, ~0ULL, octets);
        CHECK(octets == big);
    });
}

TEST_CASE("volume: flags, keywords, copy, move and expunge keep counters and tell the hub") {
    TestVolume test;
    for (int i = 0; i < 10; ++i) test.append(hello);
    const Opened inbox = test.inbox(alice);
    const Position start = inbox.position();
    int calls = 0;
    const auto watch = inbox.view.watch(test.loop(), [&] { ++calls; });

    const auto changed = test.run(
        inbox.view.change_flags(UidSet(2, 4), FlagChange{FlagMode::add, flag::seen | flag::deleted, {"$Work"}}));
    REQUIRE(changed);
    CHECK(changed->changed.size() == 3);
    CHECK(changed->keywords->bit("$work") == changed->changed.front().flags >> 8 << 8);
    test.loop().run_once(std::chrono::milliseconds(10));
    CHECK(calls == 1);

    auto changes = test.run(inbox.view.changes(start));
    REQUIRE(changes);
    CHECK(changes->flags.size() == 3);
    CHECK(changes->expunged.empty());

    const auto archive = test.volume().read_here([](Snapshot& s) { return s.mailbox(alice, "Archive")->id; });
    const auto copied = test.run(inbox.view.copy(UidSet(1, 3), archive, {}, false));
    REQUIRE(copied);
    CHECK(copied->to == std::vector<UidRange>{{1, 3}});
    const auto moved = test.run(inbox.view.copy(UidSet(9, 10), archive, {}, true));
    REQUIRE(moved);
    CHECK(moved->expunged.count() == 2);

    const auto expunged = test.run(inbox.view.expunge(UidSet(1, 3)));
    REQUIRE(expunged);
    CHECK(expunged->uids == UidSet(2, 3));
    changes = test.run(inbox.view.changes(start));
    CHECK(changes->map->size() == 6);
    CHECK(changes->expunged.count() == 4);
    CHECK(changes->flags.size() == 1); // UID 4: changed and still there
    check_counters(test, alice);
}

TEST_CASE("volume: a scan answers what the ring has forgotten as the ring would") {
    TestVolume test;
    for (int i = 0; i < 5; ++i) test.append(hello);
    const Position start = test.inbox(alice).position(); // nobody keeps it open: the hub forgets
    {
        const Opened inbox = test.inbox(alice);
        REQUIRE(test.run(inbox.view.change_flags(UidSet(1, 2), FlagChange{FlagMode::add, flag::deleted, {}})));
        REQUIRE(test.run(inbox.view.expunge(UidSet(1, 1))));
    }
    test.append(hello);
    const Opened inbox = test.inbox(alice);
    const auto changes = test.run(inbox.view.changes(start));
    REQUIRE(changes);
    CHECK(changes->expunged == UidSet(1, 1));
    CHECK(changes->flags.size() == 1);
    CHECK(changes->now.uidnext == Uid{7});
    CHECK(changes->map->size() == 5);
}

TEST_CASE("volume: UNCHANGEDSINCE leaves newer messages alone") { // RFC 7162 3.1.3
    TestVolume test;
    for (int i = 0; i < 3; ++i) test.append(hello);
    const Opened inbox = test.inbox(alice);
    const ModSeq before = inbox.position().modseq;
    REQUIRE(test.run(inbox.view.change_flags(UidSet(2, 2), FlagChange{FlagMode::add, flag::seen, {}})));
    const auto changed =
        test.run(inbox.view.change_flags(UidSet(1, 3), FlagChange{FlagMode::add, flag::flagged, {}}, before));
    REQUIRE(changed);
    CHECK(changed->modified == UidSet(2, 2));
    CHECK(changed->changed.size() == 2);
}

TEST_CASE("volume: the 56th keyword of a mailbox is refused, freed slots are used again") {
    TestVolume test;
    test.append(hello);
    const Opened inbox = test.inbox(alice);
    const auto set = [&](int n, FlagMode mode) {
        FlagChange change{mode, 0, {"kw" + std::to_string(n)}};
        return test.run(inbox.view.change_flags(UidSet(1, 1), change));
    };
    for (int n = 1; n <= flag::keyword_slots; ++n) REQUIRE(set(n, FlagMode::add));
    CHECK(set(56, FlagMode::add).error() == StoreError::limit);
    REQUIRE(set(3, FlagMode::remove));
    REQUIRE(set(56, FlagMode::add));
}

TEST_CASE("volume: APPEND over quota is refused at limit + 1 and leaves nothing behind") {
    TestVolume test;
    const auto size = static_cast<std::int64_t>(hello.size());
    for (const auto& [limit, fits] :
         std::vector<std::pair<std::int64_t, bool>>{{size - 1, false}, {size, true}, {size + 1, true}}) {
        Append job{bob, "INBOX", test.message(hello), {}, 0, Limits{limit, 0}};
        const auto appended = test.write(std::move(job));
        CHECK(static_cast<bool>(appended) == fits);
        if (!appended) {
            CHECK(appended.error() == StoreError::over_quota);
            continue;
        }
        const Opened inbox = test.inbox(bob);
        REQUIRE(test.run(inbox.view.change_flags(UidSet::all(), FlagChange{FlagMode::add, flag::deleted, {}})));
        REQUIRE(test.run(inbox.view.expunge(UidSet::all())));
    }
    check_counters(test, bob);
}

TEST_CASE("volume: mailboxes are created with superiors, renamed with inferiors, deleted") {
    TestVolume test;
    REQUIRE(test.write(CreateMailbox{alice, "a/b/c", SpecialUse::none}));
    CHECK(test.write(CreateMailbox{alice, "a/b", SpecialUse::none}).error() == StoreError::exists);
    REQUIRE(test.write(RenameMailbox{alice, "a", "x/y"}));
    CHECK(test.write(DeleteMailbox{alice, "a/b/c"}).error() == StoreError::not_found);
    REQUIRE(test.write(DeleteMailbox{alice, "x/y/b/c"}));
    CHECK(test.write(DeleteMailbox{alice, "INBOX"}).error() == StoreError::cannot);
    CHECK(test.write(RenameMailbox{alice, "x", "x/z"}).error() == StoreError::cannot);
    test.append(hello);
    const auto old_validity = test.inbox(alice).row.uidvalidity;
    REQUIRE(test.write(RenameMailbox{alice, "INBOX", "saved"})); // RFC 9051 6.3.6: the messages go, INBOX stays
    CHECK(test.inbox(alice).map->size() == 0);
    CHECK(test.inbox(alice).row.uidvalidity == old_validity);
    const auto saved = test.run(open_view(test.volume(), alice, alice, "saved", true));
    REQUIRE(saved);
    CHECK(saved->map->size() == 1);
    CHECK(saved->row.uidvalidity != old_validity);
    check_counters(test, alice);
}

TEST_CASE("volume: without an undelete window the collector frees messages and files") {
    TestVolume test;
    test.open(0);
    std::string big = hello + std::string(200'000, 'x') + "\r\n";
    test.append(big);
    test.append(hello);
    const Opened inbox = test.inbox(alice);
    REQUIRE(test.run(inbox.view.change_flags(UidSet::all(), FlagChange{FlagMode::add, flag::deleted, {}})));
    REQUIRE(test.run(inbox.view.expunge(UidSet::all())));
    const auto messages = [](Snapshot& s) {
        return s.db().value("SELECT count(*) FROM message") + s.db().value("SELECT count(*) FROM body_gone") +
               s.db().value("SELECT count(*) FROM unref");
    };
    for (int i = 0; i < 100 && test.volume().read_here(messages) != 0; ++i)
        test.loop().run_once(std::chrono::milliseconds(50));
    CHECK(test.volume().read_here(messages) == 0);
    CHECK(test.volume().read_here([](Snapshot& s) { return s.db().value("SELECT count(*) FROM body"); }) == 0);
}
