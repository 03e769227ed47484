// The event loop: one thread, edge-triggered epoll, timers, and the coroutines that live on it.
#pragma once

#include "appliance/runtime/clock.h"
#include "appliance/runtime/task.h"

#include <chrono>
#include <coroutine>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace pillarbox::runtime {

class Loop;
class Stream;

/// One thing that one coroutine at a time waits for, with a deadline. Whoever brings the thing calls wake() on the
/// loop's thread. Both a Wait and the coroutine waiting on it may be destroyed at any time on that thread, in either
/// order (the session was given up).
class Wait {
public:
    enum class Outcome : std::uint8_t { none, ready, timeout, interrupted };

    Wait() = default;
    ~Wait();
    Wait(const Wait&) = delete;
    Wait& operator=(const Wait&) = delete;

    /// Lets the coroutine that waits go on, at once, inline: when this returns the Wait may be gone. Does nothing
    /// when nobody waits.
    void wake(Outcome outcome = Outcome::ready);
    /// The same at the loop's next turn: for callers that must not see sessions run, and end, under their hands.
    void wake_soon(Outcome outcome = Outcome::ready);
    bool waiting() const noexcept { return awaiter_ != nullptr; }
    /// While nobody waits here, wake() wakes the other instead; nullptr ends it. The other must live as long.
    void forward(Wait* other) noexcept { forward_ = other; }

    class Awaiter {
    public:
        Awaiter(Wait& wait, Monotonic deadline) noexcept : wait_(&wait), deadline_(deadline) {}
        ~Awaiter();
        Awaiter(const Awaiter&) = delete;
        Awaiter& operator=(const Awaiter&) = delete;

        bool await_ready() const noexcept { return false; }
        /// Throws std::logic_error when another coroutine waits already, or outside of a loop.
        void await_suspend(std::coroutine_handle<> handle);
        Outcome await_resume() const noexcept { return outcome_; }

        Monotonic deadline() const noexcept { return deadline_; }

    private:
        friend class Wait;
        friend class TimerHeap;
        friend class Loop;
        void leave() noexcept; // nobody wakes it any more
        void resume();         // with the outcome at hand

        Wait* wait_;
        Loop* loop_ = nullptr; // set while it is suspended
        std::coroutine_handle<> handle_;
        Monotonic deadline_;
        std::size_t heap_index_ = no_timer;
        Outcome outcome_ = Outcome::timeout;
    };
    /// Suspends until wake() or the deadline (Monotonic::max(): never).
    Awaiter until(Monotonic deadline) noexcept { return Awaiter(*this, deadline); }

private:
    friend class TimerHeap;
    static constexpr std::size_t no_timer = static_cast<std::size_t>(-1);
    Awaiter* awaiter_ = nullptr;
    Wait* forward_ = nullptr;
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

    /// Runs until stop() was called and no spawned task and no post is left, or abandon() was called.
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
    /// On the loop's thread: every stream's next wait for a command, or the one under way, throws Stopping(reason);
    /// also those of streams made from now on, as connections accepted a moment ago may still be on their way here.
    void interrupt_streams(const std::string& reason);

    /// On the loop's thread, or before it runs: starts a task that the loop owns until it ends. An exception that
    /// leaves it is logged.
    void spawn(Task<void> task);
    /// Thread-safe: spawns what make() yields on the loop's thread; it counts in tasks() from now on.
    void start(std::function<Task<void>()> make);
    /// Thread-safe: the tasks that have not ended.
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

    /// Throws std::system_error.
    void add(Source& source);
    void remove(Source& source) noexcept; // also forgets its events of the batch at hand

    /// The loop of this thread, while it runs; nullptr elsewhere.
    static Loop* current() noexcept;

    struct Impl;

private:
    friend class Wait;
    friend class Handoff;
    friend class Stream;
    void adopt(Task<void> task);
    void requeue(std::coroutine_handle<> handle);
    void expect();                               // a fulfil() will come: the loop is not destroyed before it
    void fulfil(std::coroutine_handle<> handle); // thread-safe; resumes what expect() announced
    std::unique_ptr<Impl> impl_;
    Stream* streams_ = nullptr; // all that live on this loop, linked
    std::optional<std::string> streams_stop_;
};

} // namespace pillarbox::runtime
