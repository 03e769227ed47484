// A connection in memory: protocol code under test speaks to it as to a socket.
#pragma once

#include "appliance/runtime/stream.h"

#include <memory>
#include <string>
#include <string_view>

namespace pillarbox::runtime {

/// The test's end of a connection. Give transport() to a Stream; what is sent() arrives there as input, what the
/// session writes is taken with received().
class MemoryPeer {
public:
    MemoryPeer();
    ~MemoryPeer();
    /// The session's end; once.
    std::unique_ptr<Transport> transport();
    /// Thread-safe, as all that follows: the session sees it at its loop's next turn.
    void send(std::string_view octets);
    /// All that the session wrote since the last call.
    std::string received();
    /// How many octets of output the session may have outstanding before its writes block; default unlimited.
    void set_window(std::size_t octets);
    /// No more input: the session sees end of file. What it still writes is received.
    void close();
    bool closed_by_session() const;
    /// Before transport(): the session sees a connection that spoke TLS from its first octet. (STARTTLS needs nothing:
    /// it succeeds without a handshake, as TLSv1.3.)
    void assume_tls(std::string sni = "");
    /// True from a STARTTLS or assume_tls() on.
    bool tls() const;

    struct Shared;

private:
    std::shared_ptr<Shared> shared_; // also held by the transport, which may outlive the test's end or die first
};

} // namespace pillarbox::runtime
