// The writer of one database: one thread, the only connection that writes, group commit (DESIGN 4, Write path).
#pragma once

#include "store/gate.h"
#include "store/job.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace pillarbox::store {

class Db;

/// What the writer tells its volume. All calls come on the writer thread.
class WriterObserver {
public:
    virtual ~WriterObserver() = default;
    /// After COMMIT and before any job of the batch is answered: nothing is announced before it is durable.
    virtual void committed(Writing& writing) = 0;
    /// Idle moment: do a slice of housekeeping inside the open transaction; false: nothing to do.
    virtual bool housekeep(Writing& writing) = 0;
    /// After housekeeping was committed (unlink what may go).
    virtual void housekept() = 0;
    /// The database failed (EIO, failed fsync, damage): what() is the reason. Answers whether the writer shall reopen.
    virtual bool failed(const std::string& reason) = 0;
};

struct WriterFigures {
    std::atomic<std::uint64_t> commits{0}, jobs{0};
    std::atomic<std::uint64_t> last_commit_us{0};
    std::atomic<std::uint64_t> wal_checkpoints{0};
};

class Writer {
public:
    Writer(std::string file, std::int64_t birth, Gate& gate, WriterObserver& observer, bool shred);
    /// Runs what is queued, then stops.
    ~Writer();
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    /// Thread-safe: queues a job, which stays alive until its finish().
    void submit(QueuedJob& job);
    /// Thread-safe: a file of the volume failed outside the database; handled like a failure of the database itself.
    void fail(const std::string& reason);
    /// A session in the middle of a message: while there are any, the writer waits a moment for company.
    void expect(int change) noexcept { expected_.fetch_add(change, std::memory_order_relaxed); }
    const WriterFigures& figures() const noexcept { return figures_; }
    std::size_t queued() const;
    bool open() const noexcept { return open_.load(std::memory_order_relaxed); }

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
    std::atomic<int> expected_{0};
    std::atomic<bool> open_{true};
    WriterFigures figures_;
};

} // namespace pillarbox::store
