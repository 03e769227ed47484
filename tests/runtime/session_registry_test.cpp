// The list of sessions: who is on it, who is refused, and how they are ended.
#include "appliance/runtime/memory_stream.h"
#include "appliance/runtime/session_registry.h"
#include "appliance/runtime/stream.h"

#include <algorithm>
#include <atomic>
#include <doctest/doctest.h>
#include <memory>
#include <string>
#include <thread>

using namespace pillarbox::runtime;
using namespace std::chrono_literals;

namespace {

/// A connection that reads lines until something ends it; how it ended is in `ending`.
struct Client {
    Client(Loop& loop, SessionRegistry& list, std::size_t most, const std::string& address = "192.0.2.1")
        : stream(loop, peer.transport(), Peer{address, 4711, "192.0.2.2", 25}), registry(list) {
        id = registry.add(stream, "mx", most, refusal);
    }
    ~Client() { registry.remove(id); }
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    MemoryPeer peer;
    Stream stream;
    SessionRegistry& registry;
    std::uint64_t id = 0;
    std::string refusal, ending;
};

Task<void> listen(Client& client) {
    try {
        for (;;) {
            const Line line = co_await client.stream.read_line(100);
            client.ending = "read " + line.text;
        }
    } catch (const Stopping& stopping) {
        client.ending = stopping.what();
    }
}

struct Site {
    Loop loop;
    SessionRegistry registry;

    void run() {
        while (loop.run_once(0ms)) {
        }
    }
    void serve(Client& client) {
        loop.spawn(listen(client));
        run();
    }
};

} // namespace

TEST_CASE("session registry: lists who is there, in the order they came") {
    Site site;
    CHECK(site.registry.size() == 0);
    CHECK(site.registry.list().empty());
    const std::int64_t before = unix_seconds();
    Client first(site.loop, site.registry, 10);
    {
        Client second(site.loop, site.registry, 10, "::1");
        const auto all = site.registry.list();
        REQUIRE(all.size() == 2);
        CHECK(all[0].id == 1);
        CHECK(all[0].role == "mx");
        CHECK(all[0].address == "192.0.2.1");
        CHECK(all[0].account == "");
        CHECK(all[0].since >= before);
        CHECK(all[0].since <= unix_seconds());
        CHECK_FALSE(all[0].tls);
        CHECK(all[0].state == "connected");
        CHECK(all[0].last_command == "");
        CHECK(all[1].id == 2);
        CHECK(all[1].address == "::1");
    }
    CHECK(site.registry.size() == 1);
    Client third(site.loop, site.registry, 10);
    CHECK(third.id == 3); // an id is not used again
}

TEST_CASE("session registry: a stream that speaks TLS from the start is listed so") {
    Site site;
    MemoryPeer peer;
    peer.assume_tls();
    Stream stream(site.loop, peer.transport(), Peer{});
    std::string refusal;
    const std::uint64_t id = site.registry.add(stream, "", 1, refusal);
    CHECK(site.registry.list().at(0).tls);
    CHECK(site.registry.list().at(0).role == "");
    site.registry.remove(id);
    CHECK(site.registry.size() == 0);
}

TEST_CASE("session registry: a session changes its own line, and none when it is not listed") {
    Site site;
    Client first(site.loop, site.registry, 10);
    Client second(site.loop, site.registry, 10);
    site.registry.update(second.id, [](SessionInfo& info) {
        info.account = "alice";
        info.state = "ready";
    });
    CHECK(site.registry.list().at(0).account == "");
    CHECK(site.registry.list().at(1).account == "alice");
    CHECK(site.registry.list().at(1).state == "ready");
    bool called = false;
    site.registry.update(99, [&called](SessionInfo&) { called = true; });
    CHECK_FALSE(called);
}

TEST_CASE("session registry: the limit at n-1, n and n+1; who is refused takes no place") {
    Site site;
    Client first(site.loop, site.registry, 2);
    CHECK(first.refusal == "");
    {
        Client second(site.loop, site.registry, 2);
        CHECK(second.refusal == "");
        Client third(site.loop, site.registry, 2);
        CHECK(third.refusal == "Too many connections, try again later");
        CHECK(third.id == 3); // for the log
        CHECK(site.registry.size() == 2);
    }
    Client fourth(site.loop, site.registry, 2);
    CHECK(fourth.refusal == "");
    Client lowered(site.loop, site.registry, 1);
    CHECK(lowered.refusal != "");
    Client raised(site.loop, site.registry, 3);
    CHECK(raised.refusal == "");
    CHECK(site.registry.size() == 3);
}

TEST_CASE("session registry: one is dropped, the others go on") {
    Site site;
    Client first(site.loop, site.registry, 2), second(site.loop, site.registry, 2),
        refused(site.loop, site.registry, 2);
    site.serve(first);
    site.serve(second);
    CHECK(site.registry.drop(first.id, "Dropped"));
    CHECK(first.ending == ""); // not before its loop's turn
    site.run();
    CHECK(first.ending == "Dropped");
    second.peer.send("NOOP\r\n");
    site.run();
    CHECK(second.ending == "read NOOP");
    CHECK_FALSE(site.registry.drop(refused.id, "Dropped"));
    CHECK_FALSE(site.registry.drop(99, "Dropped"));
    CHECK_FALSE(site.registry.drop(0, "Dropped")); // no id, and not all of them
    site.run();
    CHECK(second.ending == "read NOOP");
    site.registry.stop("test ends");
    site.run();
}

TEST_CASE("session registry: stopping ends all and refuses the next with the reason") {
    Site site;
    Client first(site.loop, site.registry, 2), second(site.loop, site.registry, 2);
    site.serve(first);
    site.registry.stop("Shutting down");
    site.serve(second); // listed before the stop, waits only now
    CHECK(first.ending == "Shutting down");
    CHECK(second.ending == "Shutting down");
    Client full(site.loop, site.registry, 2);
    CHECK(full.refusal == "Shutting down"); // rather than that it is full
    Client third(site.loop, site.registry, 10);
    CHECK(third.refusal == "Shutting down");
    CHECK(site.registry.size() == 2);
}

TEST_CASE("session registry: a session that leaves before its loop's turn is not touched, nor is a registry gone") {
    Loop loop;
    auto registry = std::make_unique<SessionRegistry>();
    {
        Client client(loop, *registry, 10);
        CHECK(registry->drop(client.id, "Dropped"));
    }
    registry.reset();
    CHECK(loop.run_once(0ms)); // the call it posted
    CHECK(loop.tasks() == 0);
}

TEST_CASE("session registry: sessions of several loops come and go while another thread lists and drops") {
    SessionRegistry registry;
    std::atomic<int> running = 2;
    const auto come_and_go = [&registry, &running] {
        Loop loop;
        for (int turn = 0; turn < 200; ++turn) {
            Client client(loop, registry, 10);
            registry.update(client.id, [](SessionInfo& info) { info.state = "ready"; });
            while (loop.run_once(0ms)) {
            }
        }
        --running;
    };
    std::thread one(come_and_go), two(come_and_go);
    std::size_t most = 0;
    while (running > 0) {
        const auto all = registry.list();
        most = std::max(most, all.size());
        for (const SessionInfo& info : all) registry.drop(info.id, "Dropped");
        std::this_thread::yield();
    }
    one.join();
    two.join();
    CHECK(most <= 2);
    CHECK(registry.size() == 0);
}
