// One turn of the loop, part by part: descriptors, posts, those that yielded, timers, and the tasks that ended.
#include "appliance/runtime/loop_impl.h"

#include "appliance/runtime/log.h"
#include "appliance/runtime/threads.h"

#include <algorithm>
#include <cerrno>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>

namespace pillarbox::runtime {

void RootTask::promise_type::Final::await_suspend(std::coroutine_handle<promise_type> self) noexcept {
    self.promise().loop->root_ended(self.promise());
}

Loop::Impl::Impl() : epoll(::epoll_create1(EPOLL_CLOEXEC)), event(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (epoll < 0 || event < 0) throw std::system_error(errno, std::generic_category(), "a loop's descriptors");
    ignore_broken_pipes();
    // Edge-triggered and never read: each write is a new edge, and the counter does not overflow in our lifetime.
    epoll_event interest{};
    interest.events = EPOLLIN | EPOLLET;
    ::epoll_ctl(epoll, EPOLL_CTL_ADD, event, &interest);
}

Loop::Impl::~Impl() {
    ::close(event);
    ::close(epoll);
}

void Loop::Impl::wake_up() noexcept {
    const std::uint64_t one = 1;
    static_cast<void>(!::write(event, &one, sizeof one));
}

void Loop::Impl::push(Posted&& item) {
    const std::lock_guard lock(mutex);
    posts.push_back(std::move(item));
    // One wake-up for a burst: the loop takes the whole queue. Under the lock, so that the loop is still there.
    if (posts.size() == 1) wake_up();
}

int Loop::Impl::timeout_for(std::chrono::milliseconds limit) {
    if (!yielded.empty()) return 0;
    if (limit.count() > 0 && !timers.empty()) {
        const Monotonic first = timers.first().deadline();
        const Monotonic now = clock().monotonic();
        if (first <= now) return 0; // also Monotonic::min(), which must not be subtracted from
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(first - now);
        limit = std::min(limit, left);
    }
    if (limit.count() > 0) {
        const std::lock_guard lock(mutex);
        if (!posts.empty()) return 0;
    }
    return static_cast<int>(std::clamp<std::int64_t>(limit.count(), 0, 3'600'000));
}

bool Loop::Impl::poll(int timeout) {
    const int count = ::epoll_wait(epoll, batch, batch_size, timeout);
    if (count < 0 && errno != EINTR) throw std::system_error(errno, std::generic_category(), "epoll_wait");
    bool any = false;
    batch_end = std::max(count, 0);
    for (batch_at = 0; batch_at < batch_end; ++batch_at) {
        // Whoever is woken may remove sources, this one too: remove() clears their entries in the batch.
        const epoll_event& at = batch[batch_at];
        auto* source = static_cast<Source*>(at.data.ptr);
        if (!source) continue;
        any = true;
        if (at.events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) source->reader.wake();
        source = static_cast<Source*>(at.data.ptr);
        if (source && (at.events & (EPOLLOUT | EPOLLHUP | EPOLLERR))) source->writer.wake();
    }
    batch_at = batch_end = 0;
    return any;
}

bool Loop::Impl::run_posts() {
    {
        const std::lock_guard lock(mutex);
        posts_now.swap(posts);
    }
    for (Posted& item : posts_now) {
        if (item.handle) {
            item.handle.resume();
            continue;
        }
        try {
            item.call();
        } catch (const std::exception& e) {
            log(LogLevel::failure, "server", "", "a post ended by an exception", {{"reason", e.what()}});
        }
    }
    const bool any = !posts_now.empty();
    posts_now.clear();
    return any;
}

bool Loop::Impl::run_yielded() {
    yielded_now.swap(yielded); // those that yield again wait for the next turn
    for (const auto handle : yielded_now) handle.resume();
    const bool any = !yielded_now.empty();
    yielded_now.clear();
    return any;
}

bool Loop::Impl::run_timers() {
    if (timers.empty()) return false;
    const Monotonic now = clock().monotonic();
    // At most those that are there now: who waits anew for what is past already shall not keep the others waiting.
    const std::size_t most = timers.size();
    std::size_t count = 0;
    for (; count < most && !timers.empty() && timers.first().deadline() <= now; ++count) timers.first().resume();
    return count > 0;
}

void Loop::Impl::root_ended(RootTask::promise_type& root) noexcept {
    (root.previous ? root.previous->next : live) = root.next;
    if (root.next) root.next->previous = root.previous;
    root.next = ended;
    ended = &root;
    tasks.fetch_sub(1, std::memory_order_relaxed);
}

void Loop::Impl::reap() noexcept {
    // The destructors of a session's locals may end or spawn others.
    while (ended) {
        RootTask::promise_type& root = *ended;
        ended = root.next;
        root.handle().destroy();
    }
}

bool Loop::Impl::idle() {
    if (tasks.load(std::memory_order_relaxed) != 0) return false;
    const std::lock_guard lock(mutex);
    return posts.empty();
}

} // namespace pillarbox::runtime
