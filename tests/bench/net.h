// Sockets of the load tools: a non-blocking connection with a line buffer, an epoll set and a blocking IMAP client.
#pragma once

#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <functional>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace pillarbox::bench {

inline std::runtime_error failed(const std::string& what) {
    return std::runtime_error(what + ": " + std::strerror(errno));
}

/// Lets this process hold as many sockets as the system allows it.
inline void raise_descriptor_limit() {
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

/// A connected TCP socket (IPv4, numeric host), blocking, without Nagle's delay; a wait of 60 s is an error.
inline int connect_to(const std::string& host, std::uint16_t port) {
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) throw failed("socket");
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    if (inet_pton(AF_INET, host.c_str(), &address.sin_addr) != 1) throw std::runtime_error("not an address: " + host);
    if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
        throw failed("connect to " + host + ":" + std::to_string(port));
    }
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const timeval patience{60, 0};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    return fd;
}

/// One connection of an epoll client: what came in and was not read as lines yet, what is still to go out.
class Wire {
public:
    Wire(const std::string& host, std::uint16_t port) : fd_(connect_to(host, port)) {}
    Wire(const Wire&) = delete;
    Wire& operator=(const Wire&) = delete;
    ~Wire() { close(fd_); }

    int fd() const { return fd_; }
    bool has_unsent() const { return !out_.empty(); }

    /// Sends, keeping what the socket does not take now.
    void send(std::string_view octets) {
        out_.append(octets);
        flush();
    }

    void flush() {
        while (!out_.empty()) {
            const ssize_t sent = ::send(fd_, out_.data(), out_.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
            if (sent < 0 && (errno == EAGAIN || errno == EINTR)) return;
            if (sent < 0) throw failed("send");
            out_.erase(0, static_cast<std::size_t>(sent));
        }
        std::string().swap(out_); // idle connections hold no buffer
    }

    /// Reads what is there. Throws when the server closed.
    void fill() {
        char chunk[16384];
        const ssize_t got = recv(fd_, chunk, sizeof chunk, MSG_DONTWAIT);
        if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
        if (got < 0) throw failed("recv");
        if (got == 0) throw std::runtime_error("the server closed the connection after: " + last_);
        in_.append(chunk, static_cast<std::size_t>(got));
    }

    /// The next whole line without its CRLF; false when there is none yet.
    bool line(std::string& into) {
        const std::size_t end = in_.find('\n');
        if (end == std::string::npos) return false;
        into.assign(in_, 0, end > 0 && in_[end - 1] == '\r' ? end - 1 : end);
        in_.erase(0, end + 1);
        if (in_.empty()) std::string().swap(in_);
        last_ = into.substr(0, 200);
        return true;
    }

private:
    int fd_;
    std::string in_;
    std::string out_;
    std::string last_;
};

/// A level-triggered epoll set whose events carry an index.
class Poller {
public:
    Poller() : fd_(epoll_create1(EPOLL_CLOEXEC)) {}
    Poller(const Poller&) = delete;
    Poller& operator=(const Poller&) = delete;
    ~Poller() { close(fd_); }

    void add(const Wire& wire, std::size_t index) { control(EPOLL_CTL_ADD, wire, index); }
    void update(const Wire& wire, std::size_t index) { control(EPOLL_CTL_MOD, wire, index); }

    /// Calls `handle(index)` for each ready connection.
    /// @return how many were ready before the timeout
    template <class Handler>
    int wait(int timeout_ms, Handler handle) {
        epoll_event events[128];
        const int ready = epoll_wait(fd_, events, 128, timeout_ms);
        for (int i = 0; i < ready; ++i) handle(static_cast<std::size_t>(events[i].data.u64));
        return ready;
    }

private:
    void control(int operation, const Wire& wire, std::size_t index) {
        epoll_event event{};
        event.events = EPOLLIN | (wire.has_unsent() ? static_cast<unsigned>(EPOLLOUT) : 0U);
        event.data.u64 = index;
        if (epoll_ctl(fd_, operation, wire.fd(), &event) != 0) throw failed("epoll_ctl");
    }

    int fd_;
};

/// What a command brought: the untagged lines seen, how many were FETCH responses, octets read.
struct ImapAnswer {
    std::uint64_t fetched = 0;
    std::uint64_t octets = 0;
    std::vector<std::string> lines; // untagged ones other than FETCH
};

/// A blocking IMAP client: one command at a time, literals skipped unread.
class ImapClient {
public:
    ImapClient(const std::string& host, std::uint16_t port) : fd_(connect_to(host, port)) { (void)line(); }
    ImapClient(const ImapClient&) = delete;
    ImapClient& operator=(const ImapClient&) = delete;
    ~ImapClient() { close(fd_); }

    void login(const std::string& user, const std::string& secret) { command("LOGIN " + user + " " + secret); }

    /// Sends a command and reads to its tagged answer. Anything but OK is an error.
    ImapAnswer command(const std::string& text) {
        const std::string out = "a " + text + "\r\n";
        if (::send(fd_, out.data(), out.size(), MSG_NOSIGNAL) < 0) throw failed("send");
        ImapAnswer answer;
        for (;;) {
            std::string_view one = line();
            answer.octets += one.size() + 2;
            if (one.rfind("a ", 0) == 0) {
                if (one.rfind("a OK", 0) != 0) throw std::runtime_error(text + " -> " + std::string(one));
                return answer;
            }
            const bool fetch = one.rfind("* ", 0) == 0 && one.find(" FETCH ") < 16;
            if (fetch) ++answer.fetched;
            if (!fetch) answer.lines.emplace_back(one);
            while (const std::size_t literal = literal_size(one)) {
                skip(literal);
                answer.octets += literal;
                one = line();
            }
        }
    }

    /// MESSAGES of STATUS.
    std::uint64_t count(const std::string& mailbox) {
        for (const std::string& one : command("STATUS " + mailbox + " (MESSAGES)").lines) {
            const std::size_t at = one.find("MESSAGES ");
            if (at != std::string::npos) return std::stoull(one.substr(at + 9));
        }
        throw std::runtime_error("no STATUS response");
    }

private:
    /// Octets of the literal announced at the end of a line plus one, so that {0} counts too; 0 when there is none.
    static std::size_t literal_size(std::string_view one) {
        if (one.empty() || one.back() != '}') return 0;
        const std::size_t brace = one.rfind('{');
        if (brace == std::string_view::npos) return 0;
        return std::stoull(std::string(one.substr(brace + 1))) + 1;
    }

    void more() {
        if (at_ > 0) in_.erase(0, std::exchange(at_, 0));
        const std::size_t had = in_.size();
        in_.resize(had + 256 * 1024);
        const ssize_t got = recv(fd_, in_.data() + had, 256 * 1024, 0);
        if (got <= 0) throw got == 0 ? std::runtime_error("the server closed the connection") : failed("recv");
        in_.resize(had + static_cast<std::size_t>(got));
    }

    /// The next line without CRLF, valid until the next call.
    std::string_view line() {
        std::size_t from = at_;
        std::size_t end;
        while ((end = in_.find('\n', from)) == std::string::npos) {
            from = in_.size() - at_;
            more();
        }
        const std::string_view one(in_.data() + at_, end - at_ - (end > at_ && in_[end - 1] == '\r' ? 1 : 0));
        at_ = end + 1;
        return one;
    }

    /// @param size_plus_one as literal_size() gives it
    void skip(std::size_t size_plus_one) {
        const std::size_t size = size_plus_one - 1;
        while (in_.size() - at_ < size) more();
        at_ += size;
    }

    int fd_;
    std::string in_;
    std::size_t at_ = 0;
};

} // namespace pillarbox::bench
