// Accepting: loop 0 takes connections from the kernel and gives each to the loop with the fewest sessions.
#include "appliance/runtime/listener.h"

#include "appliance/runtime/address.h"
#include "appliance/runtime/log.h"
#include "appliance/runtime/socket.h"

#include <atomic>
#include <cerrno>
#include <optional>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace pillarbox::runtime {

namespace {

constexpr unsigned accepts_a_turn = 64; // then the sessions of loop 0 have theirs
constexpr std::chrono::milliseconds shortage_pause(100);
constexpr std::chrono::seconds shortage_log_interval(60);

/// A connection on its way to its loop; closed when it does not get there.
class Accepted {
public:
    explicit Accepted(int fd) : fd_(fd) {}
    ~Accepted() {
        if (fd_ >= 0) ::close(fd_);
    }
    Accepted(const Accepted&) = delete;
    Accepted& operator=(const Accepted&) = delete;
    std::unique_ptr<Stream> stream(Loop& loop) {
        Peer peer = peer_of(fd_);
        return std::make_unique<Stream>(loop, socket_transport(loop, std::exchange(fd_, -1)), std::move(peer));
    }

private:
    int fd_;
};

} // namespace

struct Listener::Impl {
    Impl(Loops& on, ListenSocket listening, Handler handle, TlsContext* tls)
        : loops(on), socket(std::move(listening)), address(socket->address()), handler(std::move(handle)),
          implicit_tls(tls), spare(::eventfd(0, EFD_CLOEXEC)) {
        source.fd = socket->fd();
    }
    ~Impl() {
        if (spare >= 0) ::close(spare);
    }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    void close();
    bool refuse_one();
    void say_shortage(int error);

    Loops& loops;
    std::optional<ListenSocket> socket; // until close(), on loop 0 only
    const std::string address;
    const Handler handler;
    TlsContext* const implicit_tls;
    Source source;
    int spare; // a descriptor to give up when there are no others
    std::optional<Monotonic> shortage_said;
};

void Listener::Impl::close() {
    if (!socket) return;
    loops[0].remove(source);
    socket.reset();
    source.reader.wake_soon(Wait::Outcome::interrupted);
}

/// Out of descriptors: takes one connection with the spare one and closes it, so that its peer does not wait in vain
/// and the queue does not stand still. False when even that does not work.
bool Listener::Impl::refuse_one() {
    if (spare >= 0) ::close(spare);
    const int fd = ::accept4(source.fd, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd >= 0) ::close(fd);
    spare = ::eventfd(0, EFD_CLOEXEC);
    return fd >= 0 && spare >= 0;
}

void Listener::Impl::say_shortage(int error) {
    const Monotonic now = clock().monotonic();
    if (shortage_said && now - *shortage_said < shortage_log_interval) return;
    shortage_said = now;
    log(LogLevel::failure, "server", "", "connections are refused",
        {{"address", address}, {"reason", std::generic_category().message(error)}});
}

namespace {

/// The handshake first, then the session. Shares the listener's inside: the session may outlive the listener.
Task<void> serve_tls(std::shared_ptr<Listener::Impl> impl, std::unique_ptr<Stream> stream) {
    std::string problem;
    try {
        co_await stream->start_tls(*impl->implicit_tls);
    } catch (const std::runtime_error& e) {
        problem = e.what();
    }
    if (!problem.empty()) {
        log(LogLevel::detail, "server", "", "TLS handshake failed",
            {{"address", impl->address}, {"peer", stream->peer().address}, {"reason", problem}});
        co_return;
    }
    Task<void> session = impl->handler(std::move(stream));
    co_await session;
}

/// On the connection's loop.
Task<void> make_session(const std::shared_ptr<Listener::Impl>& impl, Accepted& accepted, Loop& loop) {
    auto stream = accepted.stream(loop);
    if (impl->implicit_tls) return serve_tls(impl, std::move(stream));
    return impl->handler(std::move(stream));
}

void hand_over(const std::shared_ptr<Listener::Impl>& impl, int fd) {
    // Shared because a std::function must be copyable; it has one owner at a time.
    auto accepted = std::make_shared<Accepted>(fd);
    Loop& loop = impl->loops.least_busy();
    loop.start([impl, accepted, &loop] { return make_session(impl, *accepted, loop); });
}

Task<void> accept_all(std::shared_ptr<Listener::Impl> impl) {
    Loop& loop = impl->loops[0];
    loop.add(impl->source);
    for (unsigned count = 1; impl->socket; ++count) {
        const int fd = ::accept4(impl->source.fd, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        const int error = errno;
        if (fd >= 0) {
            hand_over(impl, fd);
            if (count % accepts_a_turn == 0) co_await loop.yield();
        } else if (error == EAGAIN) {
            co_await impl->source.reader.until(Monotonic::max());
        } else if (error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM) {
            impl->say_shortage(error);
            if (!impl->refuse_one()) co_await loop.sleep(shortage_pause);
        } else { // that one connection was lost before we took it: accept(2)
            co_await loop.yield();
        }
    }
}

} // namespace

Listener::Listener(Loops& loops, ListenSocket socket, Handler handler, TlsContext* implicit_tls)
    : impl_(std::make_shared<Impl>(loops, std::move(socket), std::move(handler), implicit_tls)) {
    loops[0].start([impl = impl_] { return accept_all(impl); });
}

Listener::~Listener() { stop(); }

void Listener::stop() {
    impl_->loops[0].post([impl = impl_] { impl->close(); });
}

const std::string& Listener::address() const { return impl_->address; }

} // namespace pillarbox::runtime
