// Body files of a volume (see body_folder.h).
#include "store/body_folder.h"

#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <filesystem>
#include <system_error>
#include <unistd.h>

namespace pillarbox::store {
namespace {

[[noreturn]] void fail(const std::string& what) { throw std::system_error(errno, std::generic_category(), what); }

std::string hex(std::uint64_t value) {
    char digits[16];
    const auto end = std::to_chars(digits, digits + sizeof digits, value, 16).ptr;
    return std::string(digits, end);
}

} // namespace

BodyFolder::BodyFolder(std::string path, std::int64_t boot) : path_(std::move(path)), boot_(boot) {
    std::filesystem::create_directories(path_);
}

std::string BodyFolder::new_name() {
    return hex(static_cast<std::uint64_t>(boot_)) + "-" + hex(counter_.fetch_add(1) + 1);
}

std::int64_t BodyFolder::boot_of(const std::string& name) {
    std::int64_t boot = -1;
    std::from_chars(name.data(), name.data() + name.size(), boot, 16);
    return boot;
}

/// The counter's last octet spreads the files over 256 folders.
std::string BodyFolder::path(std::string_view name) const {
    const std::string_view counter = name.substr(name.find('-') + 1);
    std::string low(counter.size() < 2 ? "0" + std::string(counter) : std::string(counter.substr(counter.size() - 2)));
    return path_ + "/" + low + "/" + std::string(name);
}

void BodyFolder::sync_folder(std::string_view name) const {
    const std::string folder = std::filesystem::path(path(name)).parent_path();
    for (const std::string& each : {folder, path_}) {
        const int fd = ::open(each.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (fd < 0) fail(each);
        const int result = ::fsync(fd);
        const int reason = errno;
        ::close(fd);
        errno = reason;
        if (result != 0) fail(each);
    }
}

bool BodyFolder::unlink(std::string_view name) const noexcept {
    return ::unlink(path(name).c_str()) == 0 || errno == ENOENT;
}

void BodyFolder::each_name(const std::function<void(const std::string&)>& f) const {
    namespace fs = std::filesystem;
    for (const auto& folder : fs::directory_iterator(path_)) {
        if (!folder.is_directory() || folder.path().filename() == "lost") continue;
        for (const auto& file : fs::directory_iterator(folder.path())) f(file.path().filename().string());
    }
}

BodyFile::BodyFile(const BodyFolder& folder, std::string name) : folder_(folder), name_(std::move(name)) {
    const std::string path = folder_.path(name_);
    std::filesystem::create_directory(std::filesystem::path(path).parent_path());
    fd_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd_ < 0) fail(path);
}

BodyFile::~BodyFile() {
    if (fd_ >= 0) ::close(fd_);
    if (!kept_) folder_.unlink(name_);
}

void BodyFile::write(std::string_view octets) {
    while (!octets.empty()) {
        const auto written = ::write(fd_, octets.data(), octets.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) fail(folder_.path(name_));
        octets.remove_prefix(static_cast<std::size_t>(written));
    }
}

void BodyFile::sync() {
    if (::fsync(fd_) != 0) fail(folder_.path(name_));
    folder_.sync_folder(name_);
}

} // namespace pillarbox::store
