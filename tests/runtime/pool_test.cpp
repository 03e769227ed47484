// The worker pool: results, exceptions, threads, the limits of the lanes, and the end.
#include "appliance/runtime/pool.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <doctest/doctest.h>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace pillarbox::runtime;
using namespace std::chrono_literals;

namespace {

struct Seen {
    std::string text;
    bool same_thread = false;
    int resumed = 0;
};

Task<void> ask(Pool& pool, Seen* seen) {
    const auto home = std::this_thread::get_id();
    auto length = [text = std::string("a string on the heap, not a short one")] { return text.size(); };
    const std::size_t size = co_await pool.run(Lane::read, std::move(length));
    seen->text = std::to_string(size);
    auto owner = [] { return std::make_unique<int>(5); };
    const std::unique_ptr<int> five = co_await pool.run(Lane::long_work, owner);
    seen->text += " " + std::to_string(*five);
    auto nothing = [seen] { seen->text += " ran"; };
    co_await pool.run(Lane::login, nothing);
    auto fails = []() -> int { throw std::runtime_error("from the pool"); };
    try {
        co_await pool.run(Lane::read, fails);
    } catch (const std::runtime_error& e) {
        seen->text += std::string(" ") + e.what();
    }
    seen->same_thread = std::this_thread::get_id() == home;
}

/// A gate at which work waits until the test opens it; counts who is inside.
struct Gate {
    std::mutex mutex;
    std::condition_variable changed;
    int inside = 0, most = 0, done = 0;
    bool open = false;

    void pass() {
        std::unique_lock lock(mutex);
        most = std::max(most, ++inside);
        changed.notify_all();
        changed.wait(lock, [this] { return open; });
        --inside;
        ++done;
        changed.notify_all();
    }
    bool wait_inside(int count) {
        std::unique_lock lock(mutex);
        return changed.wait_for(lock, 10s, [&] { return inside >= count; });
    }
    void let_go() {
        const std::lock_guard lock(mutex);
        open = true;
        changed.notify_all();
    }
};

Task<void> through(Pool& pool, Lane lane, Gate& gate, int* resumed) {
    auto pass = [&gate] { gate.pass(); };
    co_await pool.run(lane, pass);
    ++*resumed;
}

Task<void> quick(Pool& pool, int* resumed) {
    auto nothing = [] {};
    co_await pool.run(Lane::read, nothing);
    ++*resumed;
}

void run_all(Loop& loop) {
    loop.stop();
    loop.run();
}

} // namespace

TEST_CASE("pool: results and exceptions come back on the coroutine's own thread") {
    Loop loop;
    Pool pool(2);
    Seen seen;
    loop.spawn(ask(pool, &seen));
    run_all(loop);
    CHECK(seen.text == "37 5 ran from the pool");
    CHECK(seen.same_thread);
    // The coroutine goes on a moment before the thread is counted as free.
    for (int i = 0; i < 1000 && pool.pending(Lane::read) > 0; ++i) std::this_thread::sleep_for(1ms);
    CHECK(pool.pending(Lane::read) == 0);
}

TEST_CASE("pool: long work takes at most half the threads, and reads go on beside it") {
    Loop loop;
    Pool pool(4);
    Gate gate;
    int resumed = 0, reads = 0;
    for (int i = 0; i < 6; ++i) loop.spawn(through(pool, Lane::long_work, gate, &resumed));
    REQUIRE(gate.wait_inside(2));
    for (int i = 0; i < 20; ++i) loop.spawn(quick(pool, &reads));
    for (int i = 0; i < 1000 && reads < 20; ++i) loop.run_once(10ms);
    CHECK(reads == 20);
    CHECK(pool.pending(Lane::long_work) == 6);
    gate.let_go();
    run_all(loop);
    CHECK(gate.most == 2);
    CHECK(resumed == 6);
}

TEST_CASE("pool: log-ins take one thread and a quarter of the cores, and never the last one with long work") {
    Loop loop;
    Pool pool(2);
    Gate gate;
    int resumed = 0, reads = 0;
    for (int i = 0; i < 4; ++i) loop.spawn(through(pool, Lane::login, gate, &resumed));
    for (int i = 0; i < 4; ++i) loop.spawn(through(pool, Lane::long_work, gate, &resumed));
    REQUIRE(gate.wait_inside(1));
    loop.spawn(quick(pool, &reads));
    for (int i = 0; i < 1000 && reads < 1; ++i) loop.run_once(10ms);
    CHECK(reads == 1);
    CHECK(gate.most == 1);
    gate.let_go();
    run_all(loop);
    CHECK(resumed == 8);
}

TEST_CASE("pool: one thread is enough for all lanes") {
    Loop loop;
    Pool pool(1);
    Gate gate;
    gate.open = true;
    int resumed = 0;
    for (const Lane lane : {Lane::long_work, Lane::login, Lane::read}) loop.spawn(through(pool, lane, gate, &resumed));
    run_all(loop);
    CHECK(resumed == 3);
}

TEST_CASE("pool: what is queued when it ends is run first, and a loop outlives what it waits for") {
    int resumed = 0;
    auto loop = std::make_unique<Loop>();
    Gate gate;
    auto pool = std::make_unique<Pool>(1);
    for (int i = 0; i < 10; ++i) loop->spawn(through(*pool, Lane::read, gate, &resumed));
    REQUIRE(gate.wait_inside(1));
    std::thread opener([&] {
        std::this_thread::sleep_for(20ms);
        gate.let_go();
    });
    loop.reset(); // the coroutines' work is not done: this waits for it
    opener.join();
    pool.reset();
    CHECK(gate.done == 10);
    CHECK(resumed == 0);
}
