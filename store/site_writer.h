// The one thread that writes site.db: changes are rare, so each is a transaction of its own.
#pragma once

#include "appliance/runtime/handoff.h"
#include "store/site.h"

#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

namespace pillarbox::store {

/// Work on site.db; it owns all it needs and lives until finish() was called.
class SiteWork {
public:
    virtual ~SiteWork() = default;
    virtual void run(Site& site) = 0;
    /// Last call, on the writer's thread: done, or what was thrown.
    virtual void finish(std::exception_ptr error) noexcept = 0;
};

class SiteWriter {
public:
    /// Opens site.db and starts the thread. Throws what Site throws.
    explicit SiteWriter(std::string file);
    ~SiteWriter(); // runs what is queued, then closes
    SiteWriter(const SiteWriter&) = delete;
    SiteWriter& operator=(const SiteWriter&) = delete;

    /// Thread-safe.
    void submit(SiteWork& work);
    /// Thread-safe: "", or why site.db stays closed.
    std::string trouble() const;
    /// Runs f(Site&) on the thread and yields its result, or throws what it threw: DbError; StoreFailure once site.db
    /// stays closed, which it does when its disk failed three times in an hour (DESIGN 5.2).
    template <class F>
    runtime::Task<std::invoke_result_t<F&, Site&>> run(F f) {
        using R = std::invoke_result_t<F&, Site&>;
        Call<F, R> call(*this, f);
        co_await call;
        if constexpr (std::is_void_v<R>) {
            call.take();
            co_return;
        } else {
            co_return call.take();
        }
    }
    /// The same on the calling thread, which waits; for start-up and commands.
    template <class F>
    std::invoke_result_t<F&, Site&> run_here(F f);

private:
    template <class F, class R>
    class Outcome : public SiteWork {
    public:
        explicit Outcome(F& f) : f_(f) {}
        void run(Site& site) override {
            if constexpr (std::is_void_v<R>) {
                f_(site);
            } else {
                value_.emplace(f_(site));
            }
        }
        R take() {
            if (error_) std::rethrow_exception(error_);
            if constexpr (!std::is_void_v<R>) return std::move(*value_);
        }

    protected:
        void fail(std::exception_ptr error) noexcept { error_ = std::move(error); }

    private:
        F& f_;
        std::exception_ptr error_;
        std::conditional_t<std::is_void_v<R>, std::monostate, std::optional<R>> value_;
    };

    template <class F, class R>
    class Call final : public runtime::Handoff, public Outcome<F, R> {
    public:
        Call(SiteWriter& writer, F& f) : Outcome<F, R>(f), writer_(writer) {}
        void finish(std::exception_ptr error) noexcept override {
            this->fail(std::move(error));
            complete();
        }
        void await_resume() const noexcept {}

    private:
        void start() override { writer_.submit(*this); }
        SiteWriter& writer_;
    };

    template <class F, class R>
    class WaitingCall final : public Outcome<F, R> {
    public:
        explicit WaitingCall(F& f) : Outcome<F, R>(f) {}
        void finish(std::exception_ptr error) noexcept override {
            this->fail(std::move(error));
            const std::lock_guard lock(mutex_); // held while notifying: this object goes as soon as it is let go
            done_ = true;
            changed_.notify_one();
        }
        void wait() {
            std::unique_lock lock(mutex_);
            changed_.wait(lock, [this] { return done_; });
        }

    private:
        std::mutex mutex_;
        std::condition_variable changed_;
        bool done_ = false;
    };

    struct Impl;
    std::unique_ptr<Impl> impl_;
};

template <class F>
std::invoke_result_t<F&, Site&> SiteWriter::run_here(F f) {
    WaitingCall<F, std::invoke_result_t<F&, Site&>> call(f);
    submit(call);
    call.wait();
    return call.take();
}

} // namespace pillarbox::store
