// The worker pool: which thread takes what from the three queues.
#include "appliance/runtime/pool.h"

#include "appliance/runtime/threads.h"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

namespace pillarbox::runtime {

namespace {

constexpr std::array all_lanes{Lane::read, Lane::login, Lane::long_work}; // in order of precedence
constexpr std::size_t lanes = all_lanes.size();

unsigned cores() { return std::max(1U, std::thread::hardware_concurrency()); }

} // namespace

struct Pool::Impl {
    struct Queue {
        std::deque<Work*> waiting;
        unsigned running = 0;
        unsigned limit = 0;
    };

    Queue& queue(Lane lane) { return queues[static_cast<std::size_t>(lane)]; }

    /// Work that is not a read leaves one thread to the reads.
    bool may_start(Lane lane) {
        const Queue& own = queue(lane);
        if (own.waiting.empty() || own.running >= own.limit) return false;
        if (lane == Lane::read) return true;
        return queue(Lane::login).running + queue(Lane::long_work).running <
               std::max<std::size_t>(1, threads.size() - 1);
    }

    Queue* next() {
        for (const Lane lane : all_lanes) {
            if (may_start(lane)) return &queue(lane);
        }
        return nullptr;
    }

    bool all_taken() {
        return std::all_of(queues.begin(), queues.end(), [](const Queue& q) { return q.waiting.empty(); });
    }

    void run() {
        block_all_signals();
        name_thread("pool");
        std::unique_lock lock(mutex);
        for (;;) {
            Queue* found = nullptr;
            // One that finishes its work looks again itself, so what was held back by a limit is not forgotten.
            changed.wait(lock, [&] { return (found = next()) != nullptr || (ending && all_taken()); });
            if (!found) return;
            Work* work = found->waiting.front();
            found->waiting.pop_front();
            ++found->running;
            lock.unlock();
            work->run(); // it may be gone when this returns
            lock.lock();
            --found->running;
            if (ending) changed.notify_all();
        }
    }

    std::mutex mutex; // guards what follows, but for the threads
    std::condition_variable changed;
    std::array<Queue, lanes> queues;
    bool ending = false;
    std::vector<std::thread> threads;
};

Pool::Pool(unsigned threads) : impl_(std::make_unique<Impl>()) {
    const unsigned count = threads > 0 ? threads : 2 * cores();
    impl_->queue(Lane::read).limit = count;
    impl_->queue(Lane::long_work).limit = std::max(1U, count / 2);
    impl_->queue(Lane::login).limit = 1 + cores() / 4;
    const std::lock_guard lock(impl_->mutex); // they look at the number of threads
    for (unsigned i = 0; i < count; ++i) {
        impl_->threads.emplace_back([impl = impl_.get()] { impl->run(); });
    }
}

Pool::~Pool() {
    {
        const std::lock_guard lock(impl_->mutex);
        impl_->ending = true;
        impl_->changed.notify_all();
    }
    for (std::thread& thread : impl_->threads) thread.join();
}

void Pool::submit(Lane lane, Work& work) {
    const std::lock_guard lock(impl_->mutex);
    impl_->queue(lane).waiting.push_back(&work);
    impl_->changed.notify_one();
}

unsigned Pool::threads() const noexcept { return static_cast<unsigned>(impl_->threads.size()); }

std::size_t Pool::pending(Lane lane) const {
    const std::lock_guard lock(impl_->mutex);
    const Impl::Queue& queue = impl_->queue(lane);
    return queue.waiting.size() + queue.running;
}

} // namespace pillarbox::runtime
