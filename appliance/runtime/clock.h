// The one clock of the process: tests shift it, nothing else asks the system for the time.
#pragma once

#include <chrono>
#include <cstdint>

namespace pillarbox::runtime {

using Monotonic = std::chrono::steady_clock::time_point; // waits and give-ups: DESIGN 5.8
using WallTime = std::chrono::system_clock::time_point;  // what is written into mail and rows

/// Both times. Thread-safe.
class Clock {
public:
    virtual ~Clock() = default;
    virtual Monotonic monotonic() const;
    virtual WallTime wall() const;
};

/// The clock in force; the system's unless a test has set another.
const Clock& clock();

/// Puts another clock in force as long as it lives; for tests, one at a time. A loop that sleeps on another thread
/// notices a shifted clock at its next wake-up: post() something to it.
class ClockOverride {
public:
    explicit ClockOverride(const Clock& replacement);
    ~ClockOverride();
    ClockOverride(const ClockOverride&) = delete;
    ClockOverride& operator=(const ClockOverride&) = delete;
};

/// Unix time in whole seconds.
std::int64_t unix_seconds();
/// Unix time in milliseconds.
std::int64_t unix_milliseconds();

} // namespace pillarbox::runtime
