// Work that another thread does for a coroutine: the coroutine suspends, the thread runs and posts it back to its loop.
#pragma once

#include "appliance/runtime/loop.h"

#include <exception>
#include <optional>
#include <type_traits>

namespace pillarbox::runtime {

/// Something another thread runs once. It owns all it needs; run() must not throw.
class Work {
public:
    virtual ~Work() = default;
    virtual void run() noexcept = 0;
};

/// Awaiter base for handing work away: start() is called with the coroutine already suspended, and complete() resumes
/// it on its own loop. The awaiting coroutine must not be destroyed before complete(): a session that closes waits, and
/// a loop that is destroyed with such a coroutine waits for complete() first.
class Handoff {
public:
    virtual ~Handoff() = default;
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> handle) {
        handle_ = handle;
        loop_ = Loop::current();
        loop_->expect();
        start();
    }

protected:
    Handoff() = default;
    Handoff(const Handoff&) = delete;
    Handoff& operator=(const Handoff&) = delete;
    /// Gives the work to the other thread.
    virtual void start() = 0;
    /// On any thread, once: the work is done, the coroutine may go on.
    void complete() { loop_->fulfil(handle_); }

private:
    std::coroutine_handle<> handle_;
    Loop* loop_ = nullptr;
};

} // namespace pillarbox::runtime
