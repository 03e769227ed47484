// Room on a volume's disk (see space.h).
#include "store/space.h"

#include "appliance/runtime/clock.h"
#include "appliance/runtime/log.h"
#include "appliance/runtime/random.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace pillarbox::store {

namespace {

constexpr std::uint64_t mib = 1024 * 1024;
constexpr std::uint64_t full_ballast = 64 * mib;
constexpr std::uint64_t piece = mib;            // octets made at a time
constexpr std::uint64_t synced_piece = 4 * mib; // so that a commit waits for no more than this
constexpr std::chrono::minutes retry_after{10};

std::optional<DiskFigures> ask_disk(const std::string& folder) {
    struct statvfs disk {};
    if (statvfs(folder.c_str(), &disk) != 0) return std::nullopt;
    return DiskFigures{std::uint64_t{disk.f_blocks} * disk.f_frsize, std::uint64_t{disk.f_bavail} * disk.f_frsize};
}

std::uint64_t less(std::uint64_t from, std::uint64_t what) { return from - std::min(from, what); }

} // namespace

std::uint64_t default_floor(std::uint64_t disk_size) noexcept {
    return std::min(std::max(256 * mib, disk_size / 100), 2048 * mib);
}

std::uint64_t ballast_size(std::uint64_t floor) noexcept { return std::min(full_ballast, floor / 4); }

Space::Space(std::string folder, std::uint64_t floor_octets, runtime::Pool& pool)
    : folder_(std::move(folder)), file_(folder_ + "/ballast"), floor_octets_(floor_octets), pool_(pool) {
    struct stat status {};
    if (stat(file_.c_str(), &status) == 0) ballast_ = static_cast<std::uint64_t>(status.st_size);
    look();
}

Space::~Space() {
    ending_ = true;
    settle();
}

Space::Look Space::look() {
    const auto disk = ask_disk(folder_).value_or(DiskFigures{});
    const auto floor = floor_octets_ != 0 ? floor_octets_ : default_floor(disk.size);
    if (wanted(disk, floor) != Wanted::nothing) ask();
    return Look{less(disk.free, less(ballast_size(floor), ballast_)), floor};
}

/// Drops the ballast well below the floor, where deleting itself may soon lack room; fills it only when that leaves as
/// much again, so that the two do not alternate.
Space::Wanted Space::wanted(const DiskFigures& disk, std::uint64_t floor) const noexcept {
    const auto size = ballast_size(floor), have = ballast_.load();
    if (disk.free < floor / 2) return have > 0 ? Wanted::drop : Wanted::nothing;
    if (have >= size || disk.free < floor + 2 * size) return Wanted::nothing;
    return runtime::clock().monotonic() < not_before_.load() ? Wanted::nothing : Wanted::fill;
}

void Space::ask() {
    {
        const std::lock_guard lock(mutex_);
        if (busy_ || ending_) return;
        busy_ = true;
    }
    pool_.submit(runtime::Lane::long_work, *this);
}

void Space::settle() {
    std::unique_lock lock(mutex_);
    idle_.wait(lock, [this] { return !busy_; });
}

void Space::run() noexcept {
    try {
        const auto disk = ask_disk(folder_).value_or(DiskFigures{});
        const auto floor = floor_octets_ != 0 ? floor_octets_ : default_floor(disk.size);
        const auto what = wanted(disk, floor);
        if (what == Wanted::fill) fill(ballast_size(floor));
        if (what == Wanted::drop) drop();
    } catch (const std::exception& e) {
        not_before_ = runtime::clock().monotonic() + retry_after;
        runtime::log(runtime::LogLevel::problem, "store", "", "ballast failed",
                     {{"file", file_}, {"reason", e.what()}});
    }
    const std::lock_guard lock(mutex_); // held while notifying: this object may go as soon as it is let go
    busy_ = false;
    idle_.notify_all();
}

namespace {

/// A descriptor for the length of a scope.
struct Descriptor {
    int fd;
    ~Descriptor() { close(fd); }
};

void check(bool good) {
    if (!good) throw std::runtime_error(std::strerror(errno));
}

void write_all(int fd, std::string_view octets) {
    while (!octets.empty()) {
        const ssize_t written = write(fd, octets.data(), octets.size());
        if (written < 0 && errno == EINTR) continue;
        check(written >= 0);
        octets.remove_prefix(static_cast<std::size_t>(written));
    }
}

} // namespace

/// Random octets, so that a file system that compresses or leaves holes gives up real room.
void Space::fill(std::uint64_t size) {
    const Descriptor file{open(file_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600)};
    check(file.fd >= 0);
    while (ballast_ < size && !ending_) {
        write_all(file.fd, runtime::random_bytes(std::min(piece, size - ballast_)));
        ballast_ += std::min(piece, size - ballast_);
        if (ballast_ % synced_piece == 0 || ballast_ == size) check(fdatasync(file.fd) == 0);
    }
}

void Space::drop() {
    check(unlink(file_.c_str()) == 0 || errno == ENOENT);
    runtime::log(runtime::LogLevel::problem, "store", "", "disk nearly full: ballast given up",
                 {{"folder", folder_}, {"octets", ballast_.load()}});
    ballast_ = 0;
}

} // namespace pillarbox::store
