// A volume: a storage group with one mail.db, its writer, its readers, its body files, its hub and its spool.
#pragma once

#include "appliance/runtime/pool.h"
#include "store/job.h"
#include "store/snapshot.h"
#include "store/view.h"
#include "store/writer.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

namespace pillarbox::store {

class BodyFolder;
class Hub;
class Spool;

struct VolumeSettings {
    std::int64_t undelete_seconds = 7 * 86400; // 0: expunged mail is given up at once
    bool shred = false;                        // overwrite what is freed; turns undelete off
};

class Volume {
public:
    /// Makes the folder with an empty mail.db. Throws StoreFailure, DbError.
    static void create(const std::string& folder, std::int64_t birth);
    /// Opens and recovers it. Throws DbError, SchemaTooNew.
    Volume(std::string folder, VolumeId id, runtime::Pool& pool, const VolumeSettings& settings);
    ~Volume();
    Volume(const Volume&) = delete;
    Volume& operator=(const Volume&) = delete;

    VolumeId id() const noexcept;
    const std::string& folder() const noexcept;
    runtime::Pool& pool() const noexcept { return pool_; }
    Hub& hub() noexcept;
    Spool& spool() noexcept;
    BodyFolder& bodies() noexcept;
    std::int64_t undelete_seconds() const noexcept;

    /// Runs a job in the writer's next transaction; resumes after COMMIT. The job owns its data.
    template <class J>
    runtime::Task<Result<typename J::Value>> write(J job) {
        WriteCall<Volume, J> call(*this, job);
        co_await call;
        co_return call.take();
    }
    void submit(QueuedJob& job); // for WriteCall and the spool

    /// Runs f(Snapshot&) on a pool thread under the read gate. Throws DbError when the volume cannot be read.
    template <class F>
    runtime::Task<std::invoke_result_t<F&, Snapshot&>> read(F f, runtime::Lane lane = runtime::Lane::read) {
        auto work = [this, &f] {
            ReadScope scope(*this);
            return f(scope.snapshot());
        };
        if constexpr (std::is_void_v<std::invoke_result_t<F&, Snapshot&>>) {
            co_await pool_.run(lane, work);
        } else {
            auto result = co_await pool_.run(lane, work);
            co_return result;
        }
    }
    /// The same on the calling thread; for start-up, commands and tests.
    template <class F>
    auto read_here(F f) {
        ReadScope scope(*this);
        return f(scope.snapshot());
    }

    /// As of the last COMMIT, from memory.
    std::optional<Usage> usage(AccountId account) const;
    /// Incoming messages under way: the writer then waits a moment for company.
    void expect(int change) noexcept;
    /// A body file could not be written or synced: the volume stops acknowledging and reopens (DESIGN 5.2).
    void report_failure(const std::string& reason);
    bool open() const noexcept;
    std::string trouble() const; // "" or why it is closed
    const WriterFigures& figures() const noexcept;

private:
    /// A reader connection inside the gate, in a read transaction, for the length of a scope.
    class ReadScope {
    public:
        explicit ReadScope(Volume& volume);
        ~ReadScope();
        ReadScope(const ReadScope&) = delete;
        ReadScope& operator=(const ReadScope&) = delete;
        Snapshot& snapshot() noexcept { return *snapshot_; }

    private:
        struct Held;
        Volume& volume_;
        std::unique_ptr<Held> held_;
        std::optional<Snapshot> snapshot_;
    };

    struct Impl;
    runtime::Pool& pool_;
    std::unique_ptr<Impl> impl_;
};

template <class F>
runtime::Task<std::invoke_result_t<F&, Snapshot&>> View::read(F f) const {
    return volume_->read(std::move(f));
}

} // namespace pillarbox::store
