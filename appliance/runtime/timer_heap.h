// The deadlines of a loop's waiting coroutines: a binary heap, earliest first, that knows where each one sits.
#pragma once

#include "appliance/runtime/loop.h"

#include <vector>

namespace pillarbox::runtime {

/// Holds the awaiters that wait with a deadline; they take themselves out before they die.
class TimerHeap {
public:
    using Timer = Wait::Awaiter;

    bool empty() const noexcept { return heap_.empty(); }
    std::size_t size() const noexcept { return heap_.size(); }
    /// The one with the earliest deadline; not on an empty heap.
    Timer& first() const noexcept { return *heap_.front(); }
    void insert(Timer& timer);
    /// Does nothing for one that is not in the heap.
    void erase(Timer& timer) noexcept;

private:
    void place(Timer* timer, std::size_t index) noexcept {
        heap_[index] = timer;
        timer->heap_index_ = index;
    }
    void sift_up(Timer* timer, std::size_t index) noexcept;
    void sift_down(Timer* timer, std::size_t index) noexcept;

    std::vector<Timer*> heap_;
};

} // namespace pillarbox::runtime
