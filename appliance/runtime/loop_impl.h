// The inside of a loop: its epoll set, the queue of posts, the timers and the root tasks. Not for users of the loop.
#pragma once

#include "appliance/runtime/loop.h"
#include "appliance/runtime/timer_heap.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <sys/epoll.h>
#include <vector>

namespace pillarbox::runtime {

/// The coroutine that runs a spawned task and logs what leaves it. It hangs in the loop's list until it ends.
struct RootTask {
    struct promise_type {
        Loop::Impl* loop = nullptr;
        promise_type *next = nullptr, *previous = nullptr;

        RootTask get_return_object() noexcept { return RootTask{this}; }
        std::suspend_always initial_suspend() noexcept { return {}; }
        void return_void() noexcept {}
        void unhandled_exception() noexcept { std::terminate(); } // run_root() catches all

        struct Final {
            bool await_ready() noexcept { return false; }
            void await_suspend(std::coroutine_handle<promise_type> self) noexcept;
            void await_resume() noexcept {}
        };
        Final final_suspend() noexcept { return {}; }
        std::coroutine_handle<> handle() noexcept { return std::coroutine_handle<promise_type>::from_promise(*this); }
    };
    promise_type* promise;
};

/// Makes a loop the current one as long as it lives: also where a test or a destructor runs its coroutines.
class EnterLoop {
public:
    explicit EnterLoop(Loop* loop) noexcept;
    ~EnterLoop();
    EnterLoop(const EnterLoop&) = delete;
    EnterLoop& operator=(const EnterLoop&) = delete;

private:
    Loop* before_;
};

/// What post() and resume() queue, in order.
struct Posted {
    std::coroutine_handle<> handle; // or, when null:
    std::function<void()> call;
};

struct Loop::Impl {
    Impl();
    ~Impl();

    void wake_up() noexcept;  // any thread
    void push(Posted&& item); // any thread
    int timeout_for(std::chrono::milliseconds limit);
    bool poll(int timeout); // waits for descriptors and serves them
    bool run_posts();
    bool run_yielded();
    bool run_timers();
    void reap() noexcept; // destroys the root tasks that have ended
    bool idle();          // nothing is posted and no task left
    void root_ended(RootTask::promise_type& root) noexcept;

    static constexpr int batch_size = 256;

    int epoll = -1, event = -1;
    epoll_event batch[batch_size];
    int batch_at = 0, batch_end = 0;
    TimerHeap timers;
    std::vector<std::coroutine_handle<>> yielded, yielded_now;
    RootTask::promise_type *live = nullptr, *ended = nullptr; // two lists
    std::atomic<std::size_t> tasks{0};
    std::atomic<bool> stopping{false}, abandoned{false};

    std::mutex mutex; // guards what follows
    std::condition_variable fulfilled;
    std::vector<Posted> posts;
    std::size_t expected = 0;
    std::vector<Posted> posts_now; // the loop's thread only
};

} // namespace pillarbox::runtime
