// Waiting with a deadline: the tie between a suspended coroutine, what it waits for and the loop's timers.
#include "appliance/runtime/loop_impl.h"

#include <stdexcept>

namespace pillarbox::runtime {

Wait::~Wait() {
    // Its coroutine is about to be destroyed too; until then nothing can wake it.
    if (awaiter_) awaiter_->leave();
}

void Wait::wake(Outcome outcome) {
    if (!awaiter_) {
        if (forward_) forward_->wake(outcome);
        return;
    }
    awaiter_->outcome_ = outcome;
    awaiter_->resume();
}

void Wait::wake_soon(Outcome outcome) {
    if (!awaiter_) {
        if (forward_) forward_->wake_soon(outcome);
        return;
    }
    // A deadline long past, whose outcome is not `timeout`: whichever of the two dies first takes it out again.
    Awaiter& awaiter = *awaiter_;
    TimerHeap& timers = awaiter.loop_->impl_->timers;
    timers.erase(awaiter);
    awaiter.outcome_ = outcome;
    awaiter.deadline_ = Monotonic::min();
    timers.insert(awaiter);
}

Wait::Awaiter::~Awaiter() {
    if (loop_) leave();
}

void Wait::Awaiter::await_suspend(std::coroutine_handle<> handle) {
    Loop* loop = Loop::current();
    if (!loop) throw std::logic_error("a coroutine waits outside of a loop");
    if (wait_->awaiter_) throw std::logic_error("two coroutines wait for the same thing");
    if (deadline_ != Monotonic::max()) loop->impl_->timers.insert(*this);
    loop_ = loop;
    handle_ = handle;
    wait_->awaiter_ = this;
}

void Wait::Awaiter::leave() noexcept {
    if (heap_index_ != no_timer) loop_->impl_->timers.erase(*this);
    wait_->awaiter_ = nullptr;
    loop_ = nullptr;
}

void Wait::Awaiter::resume() {
    const auto handle = handle_;
    const EnterLoop enter(loop_);
    leave();
    handle.resume(); // this is gone now
}

} // namespace pillarbox::runtime
