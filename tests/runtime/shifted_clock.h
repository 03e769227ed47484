// A clock that stands still until a test moves it.
#pragma once

#include "appliance/runtime/clock.h"

class ShiftedClock : public pillarbox::runtime::Clock {
public:
    pillarbox::runtime::Monotonic monotonic() const override { return now; }
    pillarbox::runtime::Monotonic now = Clock().monotonic();
};
