// Signals as events of a loop: no handler runs in the middle of anything.
#pragma once

#include "appliance/runtime/loop.h"

#include <initializer_list>
#include <string>

namespace pillarbox::runtime {

/// Takes the listed signals. Made in main() before any thread that does not call block_all_signals() (threads.h), as a
/// signal is delivered to whatever thread lets it in; the runtime's own threads let none in.
class Signals {
public:
    /// @param loop  where next() is awaited; must live longer
    /// Throws std::system_error.
    Signals(Loop& loop, std::initializer_list<int> numbers);
    ~Signals(); // on the loop's thread, or when it runs no more; the signals stay blocked
    Signals(const Signals&) = delete;
    Signals& operator=(const Signals&) = delete;

    /// The number of the next signal (SIGTERM ...), in order of arrival as far as the kernel keeps it. One waiter.
    Task<int> next();
    /// Thread-safe: the next() under way, or the next one, yields 0.
    void stop();

private:
    Loop& loop_;
    Source source_;
    bool stopped_ = false; // on the loop's thread
};

} // namespace pillarbox::runtime
