// Listening sockets: loop 0 accepts and gives each connection to the loop with the fewest sessions.
#pragma once

#include "appliance/runtime/stream.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace pillarbox::runtime {

/// A socket that is bound and listens. No SO_REUSEPORT: a second server must fail (DESIGN 2).
class ListenSocket {
public:
    /// @param address  "ADDRESS:PORT" with a numeric address; "[::]:PORT" takes IPv4 too, and falls back to 0.0.0.0
    ///                 where there is no IPv6 (said in the log); "unix:PATH", made with mode 0600 in place of a socket
    ///                 that nobody listens on
    /// Throws std::runtime_error naming the address and the system's reason ("127.0.0.1:25: address already in use").
    explicit ListenSocket(const std::string& address);
    /// Takes over a socket that listens already (passed in by systemd: systemd.h).
    explicit ListenSocket(int fd);
    ~ListenSocket();
    ListenSocket(ListenSocket&& other) noexcept;
    ListenSocket& operator=(ListenSocket&&) = delete;
    int fd() const noexcept { return fd_; }
    /// The address with the port really bound (for port 0), in the form the constructor takes.
    const std::string& address() const noexcept { return address_; }

private:
    int fd_ = -1;
    std::string address_;
};

/// The loops of the process, each on its thread.
class Loops {
public:
    explicit Loops(unsigned count); // 0: half the cores, at least 1
    ~Loops();                       // abandons what is left
    Loop& operator[](std::size_t index);
    std::size_t size() const noexcept;
    /// Thread-safe: the loop with the fewest tasks.
    Loop& least_busy();
    /// Thread-safe: runs f on each loop's thread.
    void each(const std::function<void(Loop&)>& f);
    /// Thread-safe: every stream's next wait for a command throws Stopping(reason), from now on.
    void interrupt_streams(const std::string& reason);
    /// Thread-safe: each loop ends with its last task.
    void stop_all();
    /// Waits until all tasks ended, at most that long; false: some are left and were abandoned (they are destroyed
    /// with the loops, when the work that other threads do for them is done).
    bool join(std::chrono::milliseconds limit);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// Accepts on one socket for as long as it lives; the loops must live longer. The handler is called on the loop the
/// connection will live on; it returns the session's coroutine, which owns its Stream.
class Listener {
public:
    using Handler = std::function<Task<void>(std::unique_ptr<Stream>)>;
    /// @param implicit_tls  when set, the TLS handshake comes first (RFC 8314)
    Listener(Loops& loops, ListenSocket socket, Handler handler, TlsContext* implicit_tls = nullptr);
    ~Listener();
    /// Thread-safe: closes the socket soon and accepts no more; connections under way go on.
    void stop();
    const std::string& address() const;

    struct Impl;

private:
    std::shared_ptr<Impl> impl_; // shared with the accepting coroutine, which ends after the listener
};

} // namespace pillarbox::runtime
