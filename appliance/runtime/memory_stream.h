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
    void send(std::string_view octets);
    /// All that the session wrote since the last call.
    std::string received();
    /// How many octets of output the session may have outstanding before its writes block; default unlimited.
    void set_window(std::size_t octets);
    /// No more input: the session sees end of file.
    void close();
    bool closed_by_session() const;
    /// Makes the next TLS upgrade succeed without a handshake, as `version`; so STARTTLS can stand in a transcript.
    struct Shared;

private:
    std::shared_ptr<Shared> shared_; // also held by the transport, which may outlive the test's end or die first
};

} // namespace pillarbox::runtime
