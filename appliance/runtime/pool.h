// The worker pool: blocking work (reads, long scans, log-in hashing) off the loops, in three bounded queues.
#pragma once

#include "appliance/runtime/handoff.h"

#include <memory>
#include <type_traits>
#include <utility>
#include <variant>

namespace pillarbox::runtime {

/// What kind of work: reads go first; long work (SEARCH, verify) gets at most half the threads; log-in hashing
/// 1 + cores/4 threads.
enum class Lane : std::uint8_t { read, long_work, login };

class Pool {
public:
    explicit Pool(unsigned threads = 0); // 0: 2 x cores
    ~Pool();                             // runs what is queued, then joins
    Pool(const Pool&) = delete;
    Pool& operator=(const Pool&) = delete;

    /// Thread-safe: queues work that the caller keeps alive until it ran.
    void submit(Lane lane, Work& work);
    unsigned threads() const noexcept;
    /// Work items queued or running, by lane; for the status page.
    std::size_t pending(Lane lane) const;

    /// Runs f on a pool thread and yields its result, or throws what it threw. f owns its data (or refers to what the
    /// awaiting coroutine holds: the coroutine is not destroyed while it waits here).
    template <class F>
    Task<std::invoke_result_t<F&>> run(Lane lane, F f) {
        using R = std::invoke_result_t<F&>;
        Call<F, R> call(*this, lane, f);
        co_await call;
        if constexpr (std::is_void_v<R>) {
            call.take();
            co_return;
        } else {
            co_return call.take();
        }
    }

private:
    template <class F, class R>
    class Call final : public Handoff, public Work {
    public:
        Call(Pool& pool, Lane lane, F& f) : pool_(pool), lane_(lane), f_(f) {}
        void run() noexcept override {
            try {
                if constexpr (std::is_void_v<R>) {
                    f_();
                } else {
                    value_.emplace(f_());
                }
            } catch (...) {
                error_ = std::current_exception();
            }
            complete();
        }
        void await_resume() const noexcept {}
        R take() {
            if (error_) std::rethrow_exception(error_);
            if constexpr (!std::is_void_v<R>) return std::move(*value_);
        }

    private:
        void start() override { pool_.submit(lane_, *this); }
        Pool& pool_;
        Lane lane_;
        F& f_;
        std::exception_ptr error_;
        std::conditional_t<std::is_void_v<R>, std::monostate, std::optional<R>> value_;
    };

    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace pillarbox::runtime
