// Listening sockets: from an address as text to a bound socket, or an error that says which address and why.
#include "appliance/runtime/listener.h"

#include "appliance/runtime/address.h"
#include "appliance/runtime/log.h"

#include <arpa/inet.h>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <system_error>
#include <unistd.h>

namespace pillarbox::runtime {

namespace {

constexpr std::string_view unix_prefix = "unix:";
constexpr int keep_alive_idle = 600; // seconds; with the next two a dead peer is gone after 15 minutes
constexpr int keep_alive_interval = 60;
constexpr unsigned unanswered_milliseconds = 300'000;

[[noreturn]] void refuse(const std::string& address, const std::string& reason) {
    throw std::runtime_error(address + ": " + reason);
}

[[noreturn]] void refuse_errno(const std::string& address) {
    std::string reason = std::generic_category().message(errno);
    reason[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(reason[0])));
    refuse(address, reason);
}

/// A numeric address and port. (Poco::Net::IPAddress::tryParse refuses "::", its constructors may ask the resolver.)
struct Endpoint {
    sockaddr_in6 v6{};
    sockaddr_in v4{};
    bool is_v6 = false;

    const sockaddr* address() const {
        return is_v6 ? reinterpret_cast<const sockaddr*>(&v6) : reinterpret_cast<const sockaddr*>(&v4);
    }
    socklen_t size() const { return is_v6 ? sizeof v6 : sizeof v4; }
    bool any_v6() const { return is_v6 && IN6_IS_ADDR_UNSPECIFIED(&v6.sin6_addr); }
};

Endpoint parse(const std::string& text) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string::npos) refuse(text, "ADDRESS:PORT is needed");
    unsigned short port = 0;
    const char* end = text.data() + text.size();
    const auto number = std::from_chars(text.data() + colon + 1, end, port);
    if (number.ec != std::errc() || number.ptr != end) refuse(text, "the port must be a number from 0 to 65535");
    Endpoint endpoint;
    endpoint.v4.sin_family = AF_INET; // 0.0.0.0 for the fall-back
    endpoint.v6.sin6_family = AF_INET6;
    endpoint.v4.sin_port = endpoint.v6.sin6_port = htons(port);
    const std::string host = text.substr(0, colon);
    endpoint.is_v6 = host.size() > 2 && host.front() == '[' && host.back() == ']';
    const bool good = endpoint.is_v6
                          ? ::inet_pton(AF_INET6, host.substr(1, host.size() - 2).c_str(), &endpoint.v6.sin6_addr) == 1
                          : ::inet_pton(AF_INET, host.c_str(), &endpoint.v4.sin_addr) == 1;
    if (!good) refuse(text, "the address must be numeric, an IPv6 one in brackets");
    return endpoint;
}

void set(int fd, int level, int name, int value) { ::setsockopt(fd, level, name, &value, sizeof value); }

/// What accepted sockets inherit.
void set_tcp_options(int fd) {
    set(fd, IPPROTO_TCP, TCP_NODELAY, 1);
    set(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
    set(fd, IPPROTO_TCP, TCP_KEEPIDLE, keep_alive_idle);
    set(fd, IPPROTO_TCP, TCP_KEEPINTVL, keep_alive_interval);
    set(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, static_cast<int>(unanswered_milliseconds));
}

/// A bound and listening socket, or -1 with errno set.
int listen_on(const sockaddr* address, socklen_t size) {
    const int fd = ::socket(address->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return -1;
    if (address->sa_family != AF_UNIX) {
        set(fd, SOL_SOCKET, SO_REUSEADDR, 1); // only past connections; two that listen still exclude each other
        if (address->sa_family == AF_INET6) set(fd, IPPROTO_IPV6, IPV6_V6ONLY, 0);
        set_tcp_options(fd);
    }
    if (::bind(fd, address, size) == 0 && ::listen(fd, SOMAXCONN) == 0) return fd;
    const int reason = errno;
    ::close(fd);
    errno = reason;
    return -1;
}

int listen_tcp(const std::string& text) {
    Endpoint endpoint = parse(text);
    const int fd = listen_on(endpoint.address(), endpoint.size());
    if (fd >= 0) return fd;
    if (endpoint.any_v6() && (errno == EAFNOSUPPORT || errno == EADDRNOTAVAIL)) {
        log(LogLevel::major, "server", "", "no IPv6 here, listening on IPv4 only", {{"address", text}});
        endpoint.is_v6 = false;
        const int v4 = listen_on(endpoint.address(), endpoint.size());
        if (v4 >= 0) return v4;
    }
    refuse_errno(text);
}

bool somebody_listens(const sockaddr_un& address) {
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    const int result = ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    const bool refused = result != 0 && (errno == ECONNREFUSED || errno == ENOENT);
    ::close(fd);
    return !refused;
}

int listen_unix(const std::string& text) {
    const std::string path = text.substr(unix_prefix.size());
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.empty() || path.size() >= sizeof address.sun_path) refuse(text, "the path must have 1 to 107 octets");
    std::memcpy(address.sun_path, path.data(), path.size());
    struct stat status {};
    if (::lstat(path.c_str(), &status) == 0) {
        if (!S_ISSOCK(status.st_mode)) refuse(text, "there is something else of that name");
        if (somebody_listens(address)) refuse(text, "address already in use");
        ::unlink(path.c_str());
    }
    const mode_t before = ::umask(0177); // from the first moment on nobody else may connect
    const int fd = listen_on(reinterpret_cast<const sockaddr*>(&address), sizeof address);
    ::umask(before);
    if (fd < 0) refuse_errno(text);
    return fd;
}

} // namespace

ListenSocket::ListenSocket(const std::string& address) {
    const bool local = address.compare(0, unix_prefix.size(), unix_prefix) == 0;
    fd_ = local ? listen_unix(address) : listen_tcp(address);
    address_ = local ? address : local_address(fd_);
}

ListenSocket::ListenSocket(int fd) : fd_(fd), address_(local_address(fd)) {
    ::fcntl(fd, F_SETFD, FD_CLOEXEC);
    ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
    set_tcp_options(fd);
}

ListenSocket::ListenSocket(ListenSocket&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), address_(std::move(other.address_)) {}

ListenSocket::~ListenSocket() {
    if (fd_ >= 0) ::close(fd_);
}

} // namespace pillarbox::runtime
