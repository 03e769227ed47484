// Readiness and passed sockets, as systemd speaks of them by environment and datagram.
#include "appliance/runtime/systemd.h"

#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace pillarbox::runtime {

namespace {

constexpr int first_passed = 3;    // SD_LISTEN_FDS_START
constexpr long most_passed = 1024; // more is not a number of sockets but a mistake

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    return value ? value : "";
}

long number(const std::string& text) {
    long value = 0;
    const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
    return result.ec == std::errc() && result.ptr == text.data() + text.size() ? value : 0;
}

} // namespace

bool notify_systemd(std::string_view state) {
    const std::string path = variable("NOTIFY_SOCKET");
    sockaddr_un address{};
    if (path.empty() || path.size() >= sizeof address.sun_path) return false;
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.data(), path.size());
    if (path[0] == '@') address.sun_path[0] = '\0'; // Linux's abstract names
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());
    const int fd = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return false;
    const auto* to = reinterpret_cast<const sockaddr*>(&address);
    const ssize_t sent = ::sendto(fd, state.data(), state.size(), MSG_NOSIGNAL, to, size);
    ::close(fd);
    return sent == static_cast<ssize_t>(state.size());
}

std::vector<PassedSocket> take_passed_sockets() {
    const bool ours = number(variable("LISTEN_PID")) == ::getpid();
    const long count = number(variable("LISTEN_FDS"));
    std::string names = variable("LISTEN_FDNAMES");
    for (const char* name : {"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"}) ::unsetenv(name);
    std::vector<PassedSocket> sockets;
    if (!ours || count > most_passed) return sockets;
    for (int fd = first_passed; fd < first_passed + count; ++fd) {
        ::fcntl(fd, F_SETFD, FD_CLOEXEC);
        const std::size_t end = names.find(':');
        sockets.push_back(PassedSocket{fd, names.substr(0, end)});
        names.erase(0, end == std::string::npos ? names.size() : end + 1);
    }
    return sockets;
}

} // namespace pillarbox::runtime
