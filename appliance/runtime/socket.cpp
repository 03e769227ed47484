// A connected socket on its loop, and the plain transport.
#include "appliance/runtime/socket.h"

#include <cerrno>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace pillarbox::runtime {

namespace {

[[noreturn]] void lost(int error) { throw ConnectionLost(std::generic_category().message(error)); }

class SocketTransport final : public Transport {
public:
    explicit SocketTransport(std::unique_ptr<Socket> socket) : socket_(std::move(socket)) {}

    std::size_t try_read(char* out, std::size_t size) override { return socket_->read(out, size); }
    std::size_t try_write(const char* data, std::size_t size) override { return socket_->write(data, size); }
    Wait& readable() override { return socket_->source().reader; }
    Wait& writable() override { return socket_->source().writer; }
    void close() noexcept override { socket_->close(); }
    bool linger() noexcept override {
        socket_->end_output();
        return true;
    }
    std::unique_ptr<Transport> upgrade(TlsContext& context) override {
        return tls_transport(std::move(socket_), context);
    }

private:
    std::unique_ptr<Socket> socket_; // gone after an upgrade
};

} // namespace

Socket::Socket(Loop& loop, int fd) : loop_(loop) {
    source_.fd = fd;
    try {
        loop_.add(source_);
    } catch (...) {
        ::close(fd);
        throw;
    }
}

Socket::~Socket() { close(); }

std::size_t Socket::read(char* out, std::size_t size) {
    for (;;) {
        const ssize_t got = ::recv(source_.fd, out, size, 0);
        if (got > 0) return static_cast<std::size_t>(got);
        if (got == 0) throw EndOfInput();
        if (errno == EAGAIN) return 0;
        if (errno != EINTR) lost(errno);
    }
}

std::size_t Socket::write(const char* data, std::size_t size) {
    for (;;) {
        const ssize_t sent = ::send(source_.fd, data, size, MSG_NOSIGNAL);
        if (sent >= 0) return static_cast<std::size_t>(sent);
        if (errno == EAGAIN) return 0;
        if (errno != EINTR) lost(errno);
    }
}

void Socket::end_output() noexcept { ::shutdown(source_.fd, SHUT_WR); }

void Socket::close() noexcept {
    if (source_.fd < 0) return;
    loop_.remove(source_);
    ::close(std::exchange(source_.fd, -1));
}

std::unique_ptr<Transport> socket_transport(Loop& loop, int fd) {
    return std::make_unique<SocketTransport>(std::make_unique<Socket>(loop, fd));
}

} // namespace pillarbox::runtime
