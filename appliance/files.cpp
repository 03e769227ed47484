// Small files of the data folder.
#include "appliance/files.h"

#include "appliance/refusal.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <sstream>
#include <sys/stat.h>
#include <unistd.h>

namespace pillarbox::appliance {

namespace {

[[noreturn]] void fail(const std::string& file) { throw Refusal(file + ": " + std::strerror(errno)); }

void write_all(int fd, const std::string& file, const std::string& text) {
    for (std::size_t written = 0; written < text.size();) {
        const ssize_t n = write(fd, text.data() + written, text.size() - written);
        if (n < 0) fail(file);
        written += static_cast<std::size_t>(n);
    }
}

} // namespace

std::string read_whole(const std::string& file, std::size_t most) {
    struct stat status {};
    if (stat(file.c_str(), &status) != 0) fail(file);
    if (!S_ISREG(status.st_mode)) throw Refusal(file + ": is not a file");
    if (static_cast<std::size_t>(status.st_size) > most) {
        throw Refusal(file + ": is larger than " + std::to_string(most) + " octets");
    }
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    if (!in) fail(file);
    return text.str();
}

void write_new(const std::string& file, const std::string& text) {
    const int fd = open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) fail(file);
    try {
        write_all(fd, file, text);
        if (fsync(fd) != 0) fail(file);
    } catch (...) {
        close(fd);
        throw;
    }
    close(fd);
}

PidFile::PidFile(std::string file) : file_(std::move(file)) {
    unlink(file_.c_str()); // of a server that was killed; the store's lock says that none runs
    write_new(file_, std::to_string(getpid()) + "\n");
}

PidFile::~PidFile() { unlink(file_.c_str()); }

} // namespace pillarbox::appliance
