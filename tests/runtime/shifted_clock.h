// A clock that stands still until a test moves it.
#pragma once

#include "appliance/runtime/clock.h"

#include <atomic>

class ShiftedClock : public pillarbox::runtime::Clock {
public:
    using Time = pillarbox::runtime::Monotonic;
    Time monotonic() const override { return now; }
    void shift(Time::duration by) { now = now.load() + by; }
    std::atomic<Time> now = Clock().monotonic();
};
