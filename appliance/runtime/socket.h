// A connected socket on its loop, and the transports made of it.
#pragma once

#include "appliance/runtime/stream.h"

#include <memory>

namespace pillarbox::runtime {

/// Owns a non-blocking descriptor and its place in the loop.
class Socket {
public:
    Socket(Loop& loop, int fd);
    ~Socket();
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;

    int fd() const noexcept { return source_.fd; }
    Source& source() noexcept { return source_; }
    /// As Transport::try_read and try_write.
    std::size_t read(char* out, std::size_t size);
    std::size_t write(const char* data, std::size_t size);
    void end_output() noexcept;
    void close() noexcept;

private:
    Loop& loop_;
    Source source_;
};

/// A plain connection, which may be upgraded. Takes the descriptor over.
std::unique_ptr<Transport> socket_transport(Loop& loop, int fd);
/// The TLS server on a connection, before its handshake.
std::unique_ptr<Transport> tls_transport(std::unique_ptr<Socket> socket, TlsContext& context);

} // namespace pillarbox::runtime
