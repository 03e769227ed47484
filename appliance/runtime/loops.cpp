// The loops of the process, each on its thread.
#include "appliance/runtime/listener.h"
#include "appliance/runtime/threads.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace pillarbox::runtime {

struct Loops::Impl {
    struct Runner {
        Loop loop;
        std::thread thread;
    };

    void run(Runner& runner) {
        block_all_signals();
        name_thread("loop");
        runner.loop.run();
        const std::lock_guard lock(mutex);
        --running;
        ended.notify_all();
    }

    void join_threads() {
        for (const auto& runner : runners) {
            if (runner->thread.joinable()) runner->thread.join();
        }
    }

    std::vector<std::unique_ptr<Runner>> runners;
    std::atomic<std::size_t> turn{0}; // who comes first among equals
    std::mutex mutex;                 // guards what follows
    std::condition_variable ended;
    std::size_t running = 0;
};

Loops::Loops(unsigned count) : impl_(std::make_unique<Impl>()) {
    if (count == 0) count = std::max(1U, std::thread::hardware_concurrency() / 2);
    impl_->running = count;
    for (unsigned i = 0; i < count; ++i) impl_->runners.push_back(std::make_unique<Impl::Runner>());
    for (const auto& runner : impl_->runners) {
        runner->thread = std::thread([this, at = runner.get()] { impl_->run(*at); });
    }
}

Loops::~Loops() {
    for (const auto& runner : impl_->runners) runner->loop.abandon();
    impl_->join_threads();
}

Loop& Loops::operator[](std::size_t index) { return impl_->runners.at(index)->loop; }
std::size_t Loops::size() const noexcept { return impl_->runners.size(); }

Loop& Loops::least_busy() {
    const std::size_t first = impl_->turn.fetch_add(1, std::memory_order_relaxed);
    Loop* best = nullptr;
    for (std::size_t i = 0; i < size(); ++i) {
        Loop& loop = (*this)[(first + i) % size()];
        if (!best || loop.tasks() < best->tasks()) best = &loop;
    }
    return *best;
}

void Loops::each(const std::function<void(Loop&)>& f) {
    for (const auto& runner : impl_->runners) {
        runner->loop.post([f, loop = &runner->loop] { f(*loop); });
    }
}

void Loops::interrupt_streams(const std::string& reason) {
    each([reason](Loop& loop) { loop.interrupt_streams(reason); });
}

void Loops::stop_all() {
    for (const auto& runner : impl_->runners) runner->loop.stop();
}

bool Loops::join(std::chrono::milliseconds limit) {
    std::unique_lock lock(impl_->mutex);
    const bool all = impl_->ended.wait_for(lock, limit, [this] { return impl_->running == 0; });
    lock.unlock();
    if (!all) {
        for (const auto& runner : impl_->runners) runner->loop.abandon();
    }
    impl_->join_threads();
    return all;
}

} // namespace pillarbox::runtime
