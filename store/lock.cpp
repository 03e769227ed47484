// The store's lock (see lock.h).
#include "store/lock.h"

#include "store/failure.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string_view>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

namespace pillarbox::store {

namespace {

[[noreturn]] void fail(const std::string& path, int error) { throw StoreFailure(path + ": " + std::strerror(error)); }

void check_owner(const std::string& path, const struct stat& status) {
    const uid_t self = geteuid();
    if (status.st_uid == self) return;
    const std::string owner = std::to_string(status.st_uid);
    throw StoreFailure(path + " belongs to uid " + owner + ", but this process runs as uid " + std::to_string(self) +
                       ": run it as its owner (setpriv --reuid " + owner + " --clear-groups pillarbox ...), or give " +
                       "it the folder (chown -R " + std::to_string(self) + " " + path + ")");
}

/// The pid written by the holder; "" while it has not come to it.
std::string holder(int fd) {
    std::array<char, 32> text{};
    const ssize_t size = pread(fd, text.data(), text.size(), 0);
    const std::string_view read(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
    return std::string(read.substr(0, read.find_first_not_of("0123456789")));
}

void write_pid(int fd, const std::string& file) {
    const std::string pid = std::to_string(getpid()) + "\n";
    if (ftruncate(fd, 0) != 0 || pwrite(fd, pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size()))
        fail(file, errno);
}

} // namespace

const char* network_file_system(unsigned long f_type) noexcept {
    switch (f_type & 0xffffffff) { // f_type is signed and 32 bits wide in places
    case 0x6969:
        return "NFS";
    case 0x517b:
    case 0xff534d42:
    case 0xfe534d42:
        return "CIFS";
    default:
        return nullptr;
    }
}

void check_data_folder(const std::string& folder) {
    struct stat status {};
    if (stat(folder.c_str(), &status) != 0) fail(folder, errno);
    if (!S_ISDIR(status.st_mode)) throw StoreFailure(folder + " is not a folder");
    check_owner(folder, status);
    struct statfs system {};
    if (statfs(folder.c_str(), &system) != 0) fail(folder, errno);
    if (const char* name = network_file_system(static_cast<unsigned long>(system.f_type)))
        throw StoreFailure(folder + " lies on " + name + ", where a write-ahead log is not safe: use a local disk");
    // A file of another user inside means that something ran as the wrong one.
    const std::string site = folder + "/site.db";
    if (stat(site.c_str(), &status) == 0) check_owner(site, status);
}

FolderLock::FolderLock(const std::string& folder) {
    const std::string file = folder + "/lock";
    fd_ = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd_ < 0) fail(file, errno);
    if (flock(fd_, LOCK_EX | LOCK_NB) != 0) {
        const int error = errno;
        const std::string pid = holder(fd_);
        close(fd_);
        if (error != EWOULDBLOCK) fail(file, error);
        throw StoreFailure(folder + " is in use by " + (pid.empty() ? "another process" : "process " + pid) +
                           ": stop that one first");
    }
    try {
        write_pid(fd_, file);
    } catch (...) {
        close(fd_);
        throw;
    }
}

FolderLock::~FolderLock() {
    // Given up by name: a child that inherited the descriptor must not keep it.
    flock(fd_, LOCK_UN);
    close(fd_);
}

} // namespace pillarbox::store
