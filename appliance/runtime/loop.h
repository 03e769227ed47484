// The event loop: one thread, edge-triggered epoll, timers, and the coroutines that live on it.
#pragma once

#include "appliance/runtime/clock.h"
#include "appliance/runtime/task.h"

#include <atomic>
#include <chrono>
#include <coroutine>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace pillarbox::runtime {

class Loop;

/// A coroutine waiting for one thing with a deadline. Registered with the loop while it waits; whoever brings the
/// thing calls wake() on the loop's thread. A Wait may be destroyed at any time on that thread (its session was given
/// up).
class Wait {
public:
    enum class Outcome : std::uint8_t { none, ready, timeout, interrupted };

    Wait() = default;
    ~Wait();
    Wait(const Wait&) = delete;
    Wait& operator=(const Wait&) = delete;

    /// Lets the coroutine that waits go on (at once, inline). Does nothing when nobody waits.
    void wake(Outcome outcome = Outcome::ready);
    bool waiting() const noexcept { return static_cast<bool>(handle_); }

    class Awaiter {
    public:
        Awaiter(Wait& wait, Monotonic deadline) noexcept : wait_(wait), deadline_(deadline) {}
        bool await_ready() const noexcept { return false; }
        void await_suspend(std::coroutine_handle<> handle);
        Outcome await_resume() const noexcept { return wait_.outcome_; }

    private:
        Wait& wait_;
        Monotonic deadline_;
    };
    /// Suspends until wake() or the deadline (Monotonic::max(): never).
    Awaiter until(Monotonic deadline) noexcept { return Awaiter(*this, deadline); }

private:
    friend class Loop;
    std::coroutine_handle<> handle_;
    Loop* loop_ = nullptr;
    std::size_t heap_index_ = no_timer; // position in the loop's timer heap
    Monotonic deadline_{};
    Outcome outcome_ = Outcome::none;
    static constexpr std::size_t no_timer = static_cast<std::size_t>(-1);
};

/// What a descriptor is to the loop: registered once (IN|OUT|RDHUP|ET); each direction has at most one waiter.
/// Try the call first, wait only on EAGAIN.
struct Source {
    int fd = -1;
    Wait reader;
    Wait writer;
};

/// One thread's loop. Every coroutine is spawned on one loop and stays there.
class Loop {
public:
    Loop();
    ~Loop();
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    /// Runs until stop() was called and no spawned task is left, or abandon() was called.
    void run();
    /// Handles what is ready and returns; waits at most that long for something. For tests: true when anything was
    /// done.
    bool run_once(std::chrono::milliseconds wait);
    /// Thread-safe: run() returns as soon as the last task has ended.
    void stop();
    /// Thread-safe: run() returns at once; the tasks still there are destroyed with the loop.
    void abandon();

    /// Thread-safe: calls f on the loop's thread, in order of posting.
    void post(std::function<void()> f);
    /// Thread-safe: resumes a coroutine of this loop on its thread.
    void resume(std::coroutine_handle<> handle);

    /// On the loop's thread: starts a task that the loop owns until it ends. An exception that leaves it is logged.
    void spawn(Task<void> task);
    std::size_t tasks() const noexcept;

    /// co_await loop.yield(): other sessions take their turn.
    class Yield {
    public:
        explicit Yield(Loop& loop) noexcept : loop_(loop) {}
        bool await_ready() const noexcept { return false; }
        void await_suspend(std::coroutine_handle<> handle) { loop_.requeue(handle); }
        void await_resume() const noexcept {}

    private:
        Loop& loop_;
    };
    Yield yield() noexcept { return Yield(*this); }
    /// Sleeps for that long; the clock in force decides.
    Task<void> sleep(std::chrono::milliseconds duration);

    void add(Source& source);
    void remove(Source& source) noexcept; // also forgets its events of the batch at hand

    /// The loop of this thread, while it runs; nullptr elsewhere.
    static Loop* current() noexcept;

private:
    friend class Wait;
    void requeue(std::coroutine_handle<> handle);
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace pillarbox::runtime
