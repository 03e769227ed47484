// Several tasks side by side on one loop, and the wait for all of them.
#pragma once

#include "appliance/runtime/loop.h"
#include "appliance/runtime/task.h"

#include <exception>
#include <memory>

namespace pillarbox::imap {

/// Whoever adds tasks awaits done() before what they refer to ends.
class Gathering {
public:
    explicit Gathering(runtime::Loop& loop) : loop_(loop), state_(std::make_shared<State>()) {}

    /// Starts a task.
    void add(runtime::Task<void> task) {
        ++state_->left;
        loop_.spawn(run(state_, std::move(task)));
    }

    /// Waits for all of them; throws what the first one threw that failed.
    runtime::Task<void> done() {
        while (state_->left > 0) co_await state_->wait.until(runtime::Monotonic::max());
        if (state_->error) std::rethrow_exception(state_->error);
    }

private:
    struct State {
        std::size_t left = 0;
        std::exception_ptr error;
        runtime::Wait wait;
    };

    static runtime::Task<void> run(std::shared_ptr<State> state, runtime::Task<void> task) {
        try {
            co_await task;
        } catch (...) {
            if (!state->error) state->error = std::current_exception();
        }
        --state->left;
        state->wait.wake();
    }

    runtime::Loop& loop_;
    std::shared_ptr<State> state_; // shared with the tasks, the last of which may end behind this
};

} // namespace pillarbox::imap
