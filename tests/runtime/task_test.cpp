// Tasks: values, exceptions, the depth of the stack, and what is destroyed when.
#include "appliance/runtime/loop.h"
#include "appliance/runtime/task.h"

#include <doctest/doctest.h>
#include <memory>
#include <stdexcept>
#include <string>

using namespace pillarbox::runtime;

namespace {

Task<int> number(int value) { co_return value; }

Task<std::unique_ptr<int>> owned(int value) { co_return std::make_unique<int>(value); }

Task<int> thrower(std::string text) {
    throw std::runtime_error(text);
    co_return 0;
}

Task<void> sum_of(int count, long* sum) {
    for (int i = 0; i < count; ++i) {
        const int value = co_await number(i);
        *sum += value;
    }
}

Task<void> keep(std::string* out) {
    const std::unique_ptr<int> seven = co_await owned(7);
    *out = std::to_string(*seven);
}

Task<void> catcher(std::string* out) {
    try {
        co_await thrower("a text long enough to live on the heap");
    } catch (const std::runtime_error& e) {
        *out = e.what();
    }
}

/// Counts the objects that are alive.
struct Counted {
    explicit Counted(int* count) : count_(count) { ++*count_; }
    ~Counted() { --*count_; }
    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;
    int* count_;
};

Task<void> waiter(Wait* wait, int* alive) {
    const Counted counted(alive);
    co_await wait->until(Monotonic::max());
}

Task<void> nested(Wait* wait, int* alive) {
    const Counted counted(alive);
    co_await waiter(wait, alive);
}

Task<void> woken_often(Wait* wait, int* count) {
    for (;;) {
        co_await waiter(wait, count);
        *count += 10;
    }
}

} // namespace

TEST_CASE("task: values and exceptions reach the awaiting coroutine") {
    Loop loop;
    long sum = 0;
    loop.spawn(sum_of(10, &sum));
    CHECK(sum == 45);
    std::string kept;
    loop.spawn(keep(&kept));
    CHECK(kept == "7");
    std::string caught;
    loop.spawn(catcher(&caught));
    CHECK(caught == "a text long enough to live on the heap");
    CHECK(loop.tasks() == 0);
}

TEST_CASE("task: a long run of children that never wait does not grow the stack") {
    Loop loop;
    long sum = 0;
    loop.spawn(sum_of(300'000, &sum));
    CHECK(sum == 299'999L * 300'000 / 2);
}

TEST_CASE("task: children that wait and are woken do not grow the stack") {
    Loop loop;
    Wait wait;
    int count = 0;
    loop.spawn(woken_often(&wait, &count));
    for (int i = 0; i < 100'000; ++i) {
        wait.wake();
        REQUIRE(wait.waiting());
    }
    CHECK(count == 1'000'001); // one Counted is alive
}

TEST_CASE("task: destroying a suspended task destroys all its frames, and its Wait forgets it") {
    Wait wait;
    int alive = 0;
    {
        Loop loop;
        loop.spawn(nested(&wait, &alive));
        CHECK(alive == 2);
        CHECK(wait.waiting());
        CHECK(loop.tasks() == 1);
    }
    CHECK(alive == 0);
    CHECK_FALSE(wait.waiting());
    wait.wake(); // nobody is there
}

TEST_CASE("task: a Wait may die before the coroutine that waits on it") {
    int alive = 0;
    Loop loop;
    {
        auto wait = std::make_unique<Wait>();
        loop.spawn(nested(wait.get(), &alive));
        wait.reset();
    }
    CHECK(alive == 2); // it waits for ever, until the loop ends
}

TEST_CASE("task: a task that was never started is destroyed with what it was given") {
    auto held = std::make_shared<int>(1);
    const auto lambda = [](std::shared_ptr<int> value) -> Task<int> { co_return *value; };
    {
        const Task<int> task = lambda(held);
        CHECK(held.use_count() == 2);
        CHECK_FALSE(task.done());
    }
    CHECK(held.use_count() == 1);
}
