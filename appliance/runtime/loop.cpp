// The event loop: what runs, in which order, and how it ends.
#include "appliance/runtime/loop.h"

#include "appliance/runtime/log.h"
#include "appliance/runtime/loop_impl.h"
#include "appliance/runtime/stream.h"

#include <cerrno>
#include <system_error>

namespace pillarbox::runtime {

namespace {

thread_local Loop* current_loop = nullptr;

void log_escaped(const char* what) {
    log(LogLevel::failure, "server", "", "task ended by an exception", {{"reason", what}});
}

RootTask run_root(Task<void> task) {
    try {
        co_await task;
    } catch (const std::exception& e) {
        log_escaped(e.what());
    } catch (...) {
        log_escaped("not a std::exception");
    }
}

constexpr std::chrono::milliseconds long_time = std::chrono::hours(1);
/// How long ~Loop waits for threads that hold its coroutines; beyond that it leaves their memory alone.
constexpr std::chrono::seconds last_wait(10);

} // namespace

EnterLoop::EnterLoop(Loop* loop) noexcept : before_(std::exchange(current_loop, loop)) {}
EnterLoop::~EnterLoop() { current_loop = before_; }

Loop::Loop() : impl_(std::make_unique<Impl>()) {}

Loop::~Loop() {
    const EnterLoop enter(this);
    {
        std::unique_lock lock(impl_->mutex);
        const bool all = impl_->fulfilled.wait_for(lock, last_wait, [this] { return impl_->expected == 0; });
        if (!all) {
            log(LogLevel::failure, "server", "", "a loop ends with work of other threads unfinished");
            static_cast<void>(impl_.release()); // they will still post to it
            return;
        }
    }
    impl_->reap();
    while (impl_->live) {
        impl_->root_ended(*impl_->live);
        impl_->reap();
    }
    impl_->posts.clear(); // while the loop is still whole: what they hold may speak to it
}

void Loop::run() {
    while (!impl_->abandoned.load(std::memory_order_acquire)) {
        if (impl_->stopping.load(std::memory_order_acquire) && impl_->idle()) break;
        run_once(long_time);
    }
}

bool Loop::run_once(std::chrono::milliseconds wait) {
    const EnterLoop enter(this);
    bool any = impl_->poll(impl_->timeout_for(wait));
    any |= impl_->run_posts();
    any |= impl_->run_yielded();
    any |= impl_->run_timers();
    impl_->reap();
    return any;
}

void Loop::stop() {
    impl_->stopping.store(true, std::memory_order_release);
    impl_->wake_up();
}

void Loop::abandon() {
    impl_->abandoned.store(true, std::memory_order_release);
    impl_->wake_up();
}

void Loop::post(std::function<void()> f) { impl_->push(Posted{nullptr, std::move(f)}); }
void Loop::resume(std::coroutine_handle<> handle) { impl_->push(Posted{handle, nullptr}); }
void Loop::requeue(std::coroutine_handle<> handle) { impl_->yielded.push_back(handle); }

void Loop::expect() {
    const std::lock_guard lock(impl_->mutex);
    ++impl_->expected;
}

void Loop::fulfil(std::coroutine_handle<> handle) {
    Impl& impl = *impl_;
    const std::lock_guard lock(impl.mutex);
    impl.posts.push_back(Posted{handle, nullptr});
    if (impl.posts.size() == 1) impl.wake_up();
    // Under the lock: as soon as it is free, ~Loop may take all this away.
    if (--impl.expected == 0) impl.fulfilled.notify_all();
}

void Loop::spawn(Task<void> task) {
    impl_->tasks.fetch_add(1, std::memory_order_relaxed);
    adopt(std::move(task));
}

void Loop::start(std::function<Task<void>()> make) {
    impl_->tasks.fetch_add(1, std::memory_order_relaxed);
    post([this, make = std::move(make)] {
        Task<void> task;
        try {
            task = make();
        } catch (...) {
            impl_->tasks.fetch_sub(1, std::memory_order_relaxed);
            throw;
        }
        adopt(std::move(task));
    });
}

/// Starts a task that is counted already.
void Loop::adopt(Task<void> task) {
    const EnterLoop enter(this);
    const RootTask root = run_root(std::move(task));
    root.promise->loop = impl_.get();
    root.promise->next = impl_->live;
    if (impl_->live) impl_->live->previous = root.promise;
    impl_->live = root.promise;
    root.promise->handle().resume();
}

std::size_t Loop::tasks() const noexcept { return impl_->tasks.load(std::memory_order_relaxed); }

Task<void> Loop::sleep(std::chrono::milliseconds duration) {
    Wait never;
    const Monotonic by = clock().monotonic() + duration;
    co_await never.until(by);
}

void Loop::interrupt_streams(const std::string& reason) {
    streams_stop_ = reason;
    for (Stream* stream = streams_; stream; stream = stream->next_) stream->interrupt(reason);
}

void Loop::add(Source& source) {
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
    event.data.ptr = &source;
    if (::epoll_ctl(impl_->epoll, EPOLL_CTL_ADD, source.fd, &event) != 0) {
        throw std::system_error(errno, std::generic_category(), "epoll_ctl");
    }
}

void Loop::remove(Source& source) noexcept {
    ::epoll_ctl(impl_->epoll, EPOLL_CTL_DEL, source.fd, nullptr);
    for (int i = impl_->batch_at; i < impl_->batch_end; ++i) {
        if (impl_->batch[i].data.ptr == &source) impl_->batch[i].data.ptr = nullptr;
    }
}

Loop* Loop::current() noexcept { return current_loop; }

} // namespace pillarbox::runtime
