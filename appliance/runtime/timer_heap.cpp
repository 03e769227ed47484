// The deadlines of a loop's waiting coroutines: a binary heap that knows where each one sits.
#include "appliance/runtime/timer_heap.h"

namespace pillarbox::runtime {

void TimerHeap::insert(Timer& timer) {
    heap_.push_back(&timer);
    sift_up(&timer, heap_.size() - 1);
}

void TimerHeap::erase(Timer& timer) noexcept {
    const std::size_t index = timer.heap_index_;
    if (index == Wait::no_timer) return;
    timer.heap_index_ = Wait::no_timer;
    Timer* last = heap_.back();
    heap_.pop_back();
    if (last == &timer) return;
    // The last one takes the free place; from there it may have to go either way.
    if (index > 0 && last->deadline() < heap_[(index - 1) / 2]->deadline()) {
        sift_up(last, index);
    } else {
        sift_down(last, index);
    }
}

void TimerHeap::sift_up(Timer* timer, std::size_t index) noexcept {
    while (index > 0) {
        const std::size_t parent = (index - 1) / 2;
        if (heap_[parent]->deadline() <= timer->deadline()) break;
        place(heap_[parent], index);
        index = parent;
    }
    place(timer, index);
}

void TimerHeap::sift_down(Timer* timer, std::size_t index) noexcept {
    for (;;) {
        std::size_t child = 2 * index + 1;
        if (child >= heap_.size()) break;
        if (child + 1 < heap_.size() && heap_[child + 1]->deadline() < heap_[child]->deadline()) ++child;
        if (timer->deadline() <= heap_[child]->deadline()) break;
        place(heap_[child], index);
        index = child;
    }
    place(timer, index);
}

} // namespace pillarbox::runtime
