// The loop: timers, posts, taking turns, descriptors, and the end.
#include "appliance/runtime/log.h"
#include "appliance/runtime/loop.h"
#include "tests/runtime/shifted_clock.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <stdexcept>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace pillarbox::runtime;
using namespace std::chrono_literals;

namespace {

void run_quiet(Loop& loop) {
    while (loop.run_once(0ms)) {
    }
}

Task<void> sleeper(Loop& loop, std::chrono::milliseconds time, std::string name, std::string* log) {
    co_await loop.sleep(time);
    *log += name;
}

Task<void> waiter(Wait* wait, Monotonic by, Wait::Outcome* outcome) {
    const Wait::Outcome got = co_await wait->until(by);
    *outcome = got;
}

Task<void> counter(Loop& loop, int turns, std::string name, std::string* log) {
    for (int i = 0; i < turns; ++i) {
        *log += name;
        co_await loop.yield();
    }
}

Task<void> failing() {
    throw std::runtime_error("nobody caught this");
    co_return;
}

Task<void> impatient(Loop& loop, int* count) {
    for (;;) {
        co_await loop.sleep(0ms);
        ++*count;
    }
}

Task<void> end_of(Wait* wait, int* ends) {
    co_await wait->until(Monotonic::max());
    ++*ends;
}

} // namespace

TEST_CASE("loop: sleepers wake in the order of their deadlines when the clock gets there, not before") {
    ShiftedClock clock;
    const ClockOverride override(clock);
    Loop loop;
    std::string log;
    for (const int i : {7, 3, 9, 1, 5, 8, 2, 6, 4}) {
        loop.spawn(sleeper(loop, std::chrono::hours(i), std::to_string(i), &log));
    }
    run_quiet(loop);
    CHECK(log.empty());
    clock.shift(3h - 1ms);
    run_quiet(loop);
    CHECK(log == "12");
    clock.shift(1ms);
    run_quiet(loop);
    CHECK(log == "123");
    clock.shift(24h);
    run_quiet(loop);
    CHECK(log == "123456789");
    CHECK(loop.tasks() == 0);
}

TEST_CASE("loop: timers leave the heap from any place and the others stay in order") {
    ShiftedClock clock;
    const ClockOverride override(clock);
    Loop loop;
    constexpr int count = 200;
    std::vector<Wait> waits(count);
    std::vector<Wait::Outcome> outcomes(count, Wait::Outcome::none);
    for (int i = 0; i < count; ++i) {
        const auto by = clock.now.load() + std::chrono::seconds((i * 73) % 199 + 1);
        loop.spawn(waiter(&waits[i], by, &outcomes[i]));
    }
    for (int i = 0; i < count; i += 3) waits[i].wake();
    clock.shift(100s);
    run_quiet(loop);
    for (int i = 0; i < count; ++i) {
        const bool due = (i * 73) % 199 + 1 <= 100;
        const auto expected = i % 3 == 0 ? Wait::Outcome::ready : due ? Wait::Outcome::timeout : Wait::Outcome::none;
        CHECK(outcomes[i] == expected);
    }
}

TEST_CASE("loop: real time passes for real sleepers") {
    Loop loop;
    std::string log;
    const auto start = std::chrono::steady_clock::now();
    loop.spawn(sleeper(loop, 20ms, "x", &log));
    loop.stop();
    loop.run();
    CHECK(log == "x");
    CHECK(std::chrono::steady_clock::now() - start >= 20ms);
}

TEST_CASE("loop: wake_soon wakes at the next turn with its outcome, and not when someone was faster") {
    Loop loop;
    Wait wait;
    auto outcome = Wait::Outcome::none;
    loop.spawn(waiter(&wait, Monotonic::max(), &outcome));
    wait.wake_soon(Wait::Outcome::interrupted);
    CHECK(outcome == Wait::Outcome::none);
    run_quiet(loop);
    CHECK(outcome == Wait::Outcome::interrupted);
    loop.spawn(waiter(&wait, Monotonic::max(), &outcome));
    wait.wake_soon(Wait::Outcome::interrupted);
    wait.wake(Wait::Outcome::ready);
    CHECK(outcome == Wait::Outcome::ready);
    CHECK_FALSE(loop.run_once(0ms));
}

TEST_CASE("loop: a forwarding Wait wakes the other only while nobody waits on it itself") {
    Loop loop;
    Wait first, second;
    int firsts = 0, seconds = 0;
    first.forward(&second);
    loop.spawn(end_of(&second, &seconds));
    loop.spawn(end_of(&first, &firsts));
    first.wake();
    CHECK(firsts == 1);
    CHECK(seconds == 0);
    first.wake();
    CHECK(seconds == 1);
}

TEST_CASE("loop: two waiters on one Wait are refused, and so is waiting outside of a loop") {
    Loop loop;
    Wait wait;
    auto outcome = Wait::Outcome::none;
    loop.spawn(waiter(&wait, Monotonic::max(), &outcome));
    loop.spawn(waiter(&wait, Monotonic::max(), &outcome));
    CHECK(loop.tasks() == 1);
    CHECK(recent_problems(1).find("two coroutines wait") != std::string::npos);
    auto outside = waiter(&wait, Monotonic::max(), &outcome);
    outside.start();
    CHECK(outside.done());
    CHECK(outcome == Wait::Outcome::none);
}

TEST_CASE("loop: posts of other threads run on its thread, in order") {
    Loop loop;
    std::vector<int> seen;
    const auto own = std::this_thread::get_id();
    bool right_thread = true;
    std::thread other([&] {
        for (int i = 0; i < 1000; ++i) {
            loop.post([&, i] {
                right_thread = right_thread && std::this_thread::get_id() == own && Loop::current() == &loop;
                seen.push_back(i);
            });
        }
        loop.stop();
    });
    loop.run();
    other.join();
    REQUIRE(seen.size() == 1000);
    for (int i = 0; i < 1000; ++i) CHECK(seen[i] == i);
    CHECK(right_thread);
    CHECK(Loop::current() == nullptr);
}

TEST_CASE("loop: a post wakes a loop that sleeps") {
    Loop loop;
    bool done = false;
    std::thread other([&] {
        std::this_thread::sleep_for(20ms);
        loop.post([&] { done = true; });
    });
    const auto start = std::chrono::steady_clock::now();
    CHECK(loop.run_once(10s));
    other.join();
    CHECK(done);
    CHECK(std::chrono::steady_clock::now() - start < 5s);
}

TEST_CASE("loop: those who yield take turns") {
    Loop loop;
    std::string log;
    loop.spawn(counter(loop, 3, "a", &log));
    loop.spawn(counter(loop, 3, "b", &log));
    run_quiet(loop);
    CHECK(log == "ababab");
}

TEST_CASE("loop: one who sleeps for no time at all does not keep the others from running") {
    Loop loop;
    int count = 0;
    loop.spawn(impatient(loop, &count));
    for (int i = 0; i < 5; ++i) loop.run_once(0ms);
    CHECK(count == 5);
}

TEST_CASE("loop: an exception that leaves a task is logged and ends that task only") {
    Loop loop;
    loop.spawn(failing());
    CHECK(loop.tasks() == 0);
    CHECK(recent_problems(1).find("nobody caught this") != std::string::npos);
    loop.post([] { throw std::runtime_error("nor this"); });
    run_quiet(loop);
    CHECK(recent_problems(1).find("nor this") != std::string::npos);
}

TEST_CASE("loop: stop waits for the tasks, abandon does not") {
    Wait wait;
    int ends = 0;
    {
        Loop loop;
        loop.spawn(end_of(&wait, &ends));
        loop.post([&] { wait.wake(); });
        loop.stop();
        loop.run();
        CHECK(ends == 1);
    }
    {
        Loop loop;
        loop.spawn(end_of(&wait, &ends));
        loop.stop();
        loop.abandon();
        loop.run();
        CHECK(loop.tasks() == 1);
    }
    CHECK(ends == 1);
}

TEST_CASE("loop: a descriptor wakes its reader, and a source removed in the middle of a batch is left alone") {
    Loop loop;
    int first[2], second[2];
    REQUIRE(::pipe2(first, O_NONBLOCK) == 0);
    REQUIRE(::pipe2(second, O_NONBLOCK) == 0);
    auto one = std::make_unique<Source>(), two = std::make_unique<Source>();
    one->fd = first[0];
    two->fd = second[0];
    loop.add(*one);
    loop.add(*two);
    int woken = 0;
    // Whoever is first takes both away.
    const auto take_away = [](Loop* at, Wait* wait, std::unique_ptr<Source>* a, std::unique_ptr<Source>* b,
                              int* count) -> Task<void> {
        co_await wait->until(Monotonic::max());
        ++*count;
        at->remove(**a);
        at->remove(**b);
        a->reset();
        b->reset();
    };
    loop.spawn(take_away(&loop, &one->reader, &one, &two, &woken));
    loop.spawn(take_away(&loop, &two->reader, &one, &two, &woken));
    REQUIRE(::write(first[1], "x", 1) == 1);
    REQUIRE(::write(second[1], "x", 1) == 1);
    run_quiet(loop);
    CHECK(woken == 1);
    for (const int fd : {first[0], first[1], second[0], second[1]}) ::close(fd);
}
