// Log-in: right and wrong passwords, names that are none, what is remembered and when it is forgotten.
#include "store/credentials.h"

#include "appliance/runtime/clock.h"

#include <doctest/doctest.h>

using namespace pillarbox;
using namespace pillarbox::store;

namespace {

constexpr std::uint32_t few = 16; // iterations
constexpr AccountId alice{7}, bob{8}, nobody{0};

Secrets secrets(AccountId account, const std::string& password) {
    const Hashing hashing{std::string(16, 's'), few};
    return Secrets{account, hashing, {make_credential(password, hashing)}};
}

struct LaterClock : runtime::Clock {
    std::chrono::seconds later{0};
    runtime::WallTime wall() const override { return runtime::Clock::wall() + later; }
};

struct TestCredentials : Credentials {
    TestCredentials() : Credentials(std::string(32, 'x'), few) {
        replace({secrets(alice, "wonder"), secrets(bob, "builder")});
    }
};

} // namespace

TEST_CASE("store Credentials: the right password opens its own account only") {
    TestCredentials credentials;
    CHECK(credentials.verify(alice, "alice", "wonder"));
    CHECK(!credentials.verify(alice, "alice", "Wonder"));
    CHECK(!credentials.verify(alice, "alice", ""));
    CHECK(!credentials.verify(alice, "alice", "builder"));
    CHECK(!credentials.verify(bob, "bob", "wonder"));
    CHECK(!credentials.verify(nobody, "zoe", "wonder"));
    CHECK(!credentials.verify(AccountId{99}, "zoe", "wonder"));
    credentials.remove(alice);
    CHECK(!credentials.verify(alice, "alice", "wonder"));
}

TEST_CASE("store Credentials: a verified password is remembered until it changes") {
    TestCredentials credentials;
    CHECK(!credentials.remembers(alice, "wonder"));
    CHECK(credentials.verify(alice, "alice", "wonder"));
    CHECK(!credentials.verify(alice, "alice", "wrong"));
    CHECK(credentials.remembers(alice, "wonder"));
    CHECK(!credentials.remembers(alice, "wrong"));
    CHECK(!credentials.remembers(bob, "wonder"));
    CHECK(!credentials.remembers(nobody, "wonder"));

    credentials.put(secrets(alice, "changed"));
    CHECK(!credentials.remembers(alice, "wonder"));
    CHECK(!credentials.verify(alice, "alice", "wonder"));
    CHECK(credentials.verify(alice, "alice", "changed"));
    CHECK(credentials.remembers(alice, "changed"));
    credentials.remove(alice);
    CHECK(!credentials.remembers(alice, "changed"));
}

TEST_CASE("store Credentials: several passwords of one account, expired and scoped ones apart") {
    LaterClock clock;
    const runtime::ClockOverride in_force(clock);
    TestCredentials credentials;
    Secrets many = secrets(alice, "main");
    const auto add = [&](std::int64_t id, const char* password, std::int64_t scope, std::int64_t expires) {
        many.credentials.push_back(make_credential(password, many.hashing));
        many.credentials.back().id = id;
        many.credentials.back().scope = scope;
        many.credentials.back().expires = expires;
    };
    add(1, "phone", 0, 0);
    add(2, "old", 0, runtime::unix_seconds());
    add(3, "guest", 0, runtime::unix_seconds() + 100);
    add(4, "smtp only", 2, 0);
    credentials.put(many);
    CHECK(credentials.verify(alice, "alice", "main"));
    CHECK(credentials.verify(alice, "alice", "phone"));
    CHECK(!credentials.verify(alice, "alice", "old"));
    CHECK(credentials.verify(alice, "alice", "guest"));
    CHECK(!credentials.verify(alice, "alice", "smtp only"));
    CHECK(credentials.remembers(alice, "main"));
    CHECK(credentials.remembers(alice, "guest"));
    clock.later = std::chrono::seconds(101);
    CHECK(!credentials.remembers(alice, "guest"));
    CHECK(!credentials.verify(alice, "alice", "guest"));
    CHECK(credentials.remembers(alice, "main"));
    // The salt belongs to all of them.
    CHECK(credentials.new_hashing(alice) == many.hashing);
    CHECK(credentials.new_hashing(bob) != secrets(bob, "builder").hashing);
    CHECK(credentials.new_hashing(bob).salt.size() == 16);
    CHECK(credentials.new_hashing(bob).salt != credentials.new_hashing(bob).salt);
}

TEST_CASE("store Credentials: a name that is none has a salt like any other") {
    const TestCredentials credentials;
    const Hashing zoe = credentials.hashing(nobody, "zoe");
    CHECK(zoe.salt.size() == 16);
    CHECK(zoe.iterations == few);
    CHECK(credentials.hashing(nobody, "ZOE") == zoe);
    CHECK(credentials.hashing(nobody, "yan").salt != zoe.salt);
    CHECK(Credentials(std::string(32, 'x'), few).hashing(nobody, "zoe") == zoe); // after a restart too
    CHECK(Credentials(std::string(32, 'y'), few).hashing(nobody, "zoe") != zoe); // on another site not
    CHECK(credentials.hashing(alice, "alice") == secrets(alice, "").hashing);
}

TEST_CASE("store may_be_password: 1 to 1,024 octets without NUL") {
    CHECK(!may_be_password(""));
    CHECK(may_be_password("x"));
    CHECK(may_be_password(std::string(1023, 'x')));
    CHECK(may_be_password(std::string(1024, 'x')));
    CHECK(!may_be_password(std::string(1025, 'x')));
    CHECK(!may_be_password(std::string_view("a\0b", 3)));
}

TEST_CASE("store make_credential: keeps the keys of both hashes, not the password") {
    const Hashing hashing{std::string(16, 's'), few};
    const Credential made = make_credential("pencil", hashing);
    CHECK(made.sha256 == runtime::scram_keys(runtime::ScramHash::sha256, "pencil", hashing.salt, few));
    CHECK(made.sha1 == runtime::scram_keys(runtime::ScramHash::sha1, "pencil", hashing.salt, few));
    CHECK(made.created > 0);
    CHECK(made.id == Credential::main);
}
