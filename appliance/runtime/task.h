// A lazy coroutine, Task<T>: it starts when awaited and belongs to whoever holds it.
//
// await_suspend resumes the child inline and says "not suspended" when it already finished: plain symmetric
// transfer is no tail call in GCC 12 below -O2 and overflows the stack on long runs of ready reads. The price: a
// coroutine is resumed only on the thread of its loop.
#pragma once

#include <coroutine>
#include <exception>
#include <optional>
#include <utility>

namespace pillarbox::runtime {

template <class T>
class Task;

namespace detail {

/// What the promises of all tasks share: whom to continue, and what was thrown.
struct PromiseBase {
    std::coroutine_handle<> continuation;
    std::exception_ptr error;

    std::suspend_always initial_suspend() noexcept { return {}; }
    void unhandled_exception() noexcept { error = std::current_exception(); }

    struct Final {
        bool await_ready() noexcept { return false; }
        template <class P>
        void await_suspend(std::coroutine_handle<P> self) noexcept {
            // Nothing of the frame may be touched after this: the parent usually destroys it.
            if (const auto next = self.promise().continuation) next.resume();
        }
        void await_resume() noexcept {}
    };
    Final final_suspend() noexcept { return {}; }
};

template <class T>
struct Promise : PromiseBase {
    std::optional<T> value;
    Task<T> get_return_object() noexcept;
    template <class U>
    void return_value(U&& result) {
        value.emplace(std::forward<U>(result));
    }
    T take() { return std::move(*value); }
};

template <>
struct Promise<void> : PromiseBase {
    Task<void> get_return_object() noexcept;
    void return_void() noexcept {}
    void take() noexcept {}
};

} // namespace detail

/// A lazy coroutine yielding a T, or throwing. Move-only; destroying it destroys a suspended coroutine with all its
/// frames, which is how a session that is given up releases what it holds.
template <class T = void>
class [[nodiscard]] Task {
public:
    using promise_type = detail::Promise<T>;
    using Handle = std::coroutine_handle<promise_type>;

    Task() noexcept = default;
    explicit Task(Handle handle) noexcept : handle_(handle) {}
    Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
    Task& operator=(Task&& other) noexcept {
        if (this != &other) {
            reset();
            handle_ = std::exchange(other.handle_, {});
        }
        return *this;
    }
    ~Task() { reset(); }

    bool await_ready() const noexcept { return false; }
    bool await_suspend(std::coroutine_handle<> awaiting) {
        handle_.resume();
        if (handle_.done()) return false;
        handle_.promise().continuation = awaiting;
        return true;
    }
    T await_resume() {
        auto& promise = handle_.promise();
        if (promise.error) std::rethrow_exception(promise.error);
        return promise.take();
    }

    /// Runs up to the first suspension; for the loop, which owns root tasks.
    void start() { handle_.resume(); }
    bool done() const noexcept { return handle_.done(); }

private:
    void reset() noexcept {
        if (handle_) std::exchange(handle_, {}).destroy();
    }
    Handle handle_;
};

namespace detail {
template <class T>
Task<T> Promise<T>::get_return_object() noexcept {
    return Task<T>(std::coroutine_handle<Promise<T>>::from_promise(*this));
}
inline Task<void> Promise<void>::get_return_object() noexcept {
    return Task<void>(std::coroutine_handle<Promise<void>>::from_promise(*this));
}
} // namespace detail

} // namespace pillarbox::runtime
