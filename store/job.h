// The seam between protocols and SQL: a job is a named struct that the writer runs inside its transaction.
//
// A job type J has `using Value = ...` and `Result<Value> run(Writing&)`. It may refuse (its savepoint is rolled back
// and the batch goes on) or throw (DbError and worse: the whole batch fails). `committed()`, if it has one, is called
// after COMMIT. Only jobs and tables touch SQL.
#pragma once

#include "appliance/runtime/handoff.h"
#include "store/types.h"

#include <cstddef>
#include <optional>
#include <utility>

namespace pillarbox::store {

class Writing;

/// A job in the writer's queue; owned by whoever awaits it.
class QueuedJob {
public:
    virtual ~QueuedJob() = default;
    /// On the writer thread: false when the job refused.
    virtual bool run(Writing& writing) = 0;
    /// On the writer thread, last call: after COMMIT (nullopt), or because the batch failed. The job may be gone after
    /// it.
    virtual void finish(std::optional<StoreError> failure) noexcept = 0;
    /// Octets it writes, roughly; bounds a batch.
    virtual std::size_t octets() const noexcept { return 256; }
};

template <class J>
std::size_t job_octets(const J& job) {
    if constexpr (requires { job.octets(); }) {
        return job.octets();
    } else {
        return 256;
    }
}

/// A job awaited by a coroutine, which it resumes on its own loop after COMMIT.
template <class Writer, class J>
class WriteCall final : public runtime::Handoff, public QueuedJob {
public:
    WriteCall(Writer& writer, J& job) : writer_(writer), job_(job) {}

    bool run(Writing& writing) override {
        result_.emplace(job_.run(writing));
        return static_cast<bool>(*result_);
    }
    void finish(std::optional<StoreError> failure) noexcept override {
        if (failure) result_.emplace(refused(*failure));
        if constexpr (requires { job_.committed(); })
            if (*result_) job_.committed();
        complete();
    }
    std::size_t octets() const noexcept override { return job_octets(job_); }

    void await_resume() const noexcept {}
    Result<typename J::Value> take() { return std::move(*result_); }

private:
    void start() override { writer_.submit(*this); }
    Writer& writer_;
    J& job_;
    std::optional<Result<typename J::Value>> result_;
};

} // namespace pillarbox::store
