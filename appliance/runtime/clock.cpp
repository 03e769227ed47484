// The clock in force: the system's, or the one a test has set.
#include "appliance/runtime/clock.h"

#include <atomic>

namespace pillarbox::runtime {

namespace {

const Clock system_clock;
std::atomic<const Clock*> in_force{&system_clock};

template <class Unit>
std::int64_t unix_time() {
    return std::chrono::duration_cast<Unit>(clock().wall().time_since_epoch()).count();
}

} // namespace

Monotonic Clock::monotonic() const { return std::chrono::steady_clock::now(); }
WallTime Clock::wall() const { return std::chrono::system_clock::now(); }

const Clock& clock() { return *in_force.load(std::memory_order_acquire); }

ClockOverride::ClockOverride(const Clock& replacement) { in_force.store(&replacement, std::memory_order_release); }
ClockOverride::~ClockOverride() { in_force.store(&system_clock, std::memory_order_release); }

std::int64_t unix_seconds() { return unix_time<std::chrono::seconds>(); }
std::int64_t unix_milliseconds() { return unix_time<std::chrono::milliseconds>(); }

} // namespace pillarbox::runtime
