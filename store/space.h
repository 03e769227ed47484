// Room on a volume's disk: below a floor no mail is taken, and a ballast file is given up so that reading and deleting
// go on (DESIGN 4, Space).
#pragma once

#include "appliance/runtime/pool.h"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>

namespace pillarbox::store {

/// What a file system has, in octets.
struct DiskFigures {
    std::uint64_t size = 0, free = 0; // free to this process
};

/// The floor below which mail is refused: min(max(256 MiB, 1 %), 2 GiB).
std::uint64_t default_floor(std::uint64_t disk_size) noexcept;
/// How large the ballast is: 64 MiB, or a quarter of a small floor.
std::uint64_t ballast_size(std::uint64_t floor) noexcept;

/// Watches the disk of one volume. Thread-safe. A look costs one statvfs(2), about 1 us; making, giving up and
/// refilling the ballast happen on the pool, asked for by looking.
class Space final : private runtime::Work {
public:
    /// @param floor_octets  0: default_floor()
    Space(std::string folder, std::uint64_t floor_octets, runtime::Pool& pool);
    ~Space() override; // waits for the pool to let go
    Space(const Space&) = delete;
    Space& operator=(const Space&) = delete;

    struct Look {
        std::uint64_t free = 0;  // what mail may use: less what the ballast still wants
        std::uint64_t floor = 0; // kept free
        bool takes(std::uint64_t octets) const noexcept { return free >= floor && free - floor >= octets; }
    };
    /// A disk that cannot be asked has nothing free.
    Look look();
    /// Octets of the ballast on the disk.
    std::uint64_t ballast() const noexcept { return ballast_.load(); }
    /// Waits until the work asked for is done; for tests and orderly ends.
    void settle();

private:
    void run() noexcept override;
    void ask();
    enum class Wanted : std::uint8_t { nothing, fill, drop };
    Wanted wanted(const DiskFigures& disk, std::uint64_t floor) const noexcept;
    void fill(std::uint64_t size);
    void drop();

    const std::string folder_, file_;
    const std::uint64_t floor_octets_;
    runtime::Pool& pool_;
    std::atomic<std::uint64_t> ballast_{0};
    std::atomic<bool> ending_{false};
    std::mutex mutex_;
    std::condition_variable idle_;
    bool busy_ = false;                                                     // queued or running on the pool
    std::atomic<runtime::Monotonic> not_before_{runtime::Monotonic::min()}; // after a failure: the next attempt to fill
};

} // namespace pillarbox::store
