// A conversation's byte stream: lines and counted octets in, buffered octets out, TLS on request, a deadline on every
// wait.
//
// Output is sent when input would have to be waited for, so the replies to a pipelined group leave together
// (RFC 2920 3.2) without any protocol code thinking of it.
#pragma once

#include "appliance/runtime/loop.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace pillarbox::runtime {

class TlsContext;

/// The peer went away (end of file, reset, TLS failure). what() says how, for the log.
struct ConnectionLost : std::runtime_error {
    using std::runtime_error::runtime_error;
};
/// The peer ended its output; it may still read.
struct EndOfInput : ConnectionLost {
    EndOfInput() : ConnectionLost("end of file") {}
};
/// The peer let a deadline pass.
struct Timeout : std::runtime_error {
    Timeout() : std::runtime_error("deadline passed") {}
};
/// The server is shutting down, or an administrator dropped this session; what() is the reason.
struct Stopping : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// One line as it came, without its end.
struct Line {
    std::string text;
    bool too_long = false; // the rest was read and dropped; text holds the first octets up to the limit
    bool bare_lf = false;  // ended by LF without CR: an error for SMTP (RFC 5321 2.3.8)
};

/// What TLS agreed on.
struct TlsInfo {
    std::string version; // "TLSv1.3"
    std::string cipher;  // "TLS_AES_256_GCM_SHA384"
    int bits = 0;
    std::string sni;
};

/// Octets in and out of one connection; the stream's lower half. Calls never block: they answer how many octets
/// moved, 0 for "would block" (after which the right Wait is used), or throw ConnectionLost.
class Transport {
public:
    virtual ~Transport() = default;
    /// @return octets read; 0: would block. Throws EndOfInput at end of file.
    virtual std::size_t try_read(char* out, std::size_t size) = 0;
    virtual std::size_t try_write(const char* data, std::size_t size) = 0;
    virtual Wait& readable() = 0;
    virtual Wait& writable() = 0;
    /// Says goodbye (close_notify) and closes; never waits. Reads and writes throw from here on.
    virtual void close() noexcept = 0;
    /// Says goodbye and ends the output only. True: read on to the end of file before close(), as closing a socket
    /// with input unread could take our last reply away from the peer (RFC 9293 3.10.4, reset); false: just close().
    virtual bool linger() noexcept { return false; }
    /// Steps of the TLS handshake are taken by the stream: true when complete, false: wait on readable() or writable().
    virtual bool handshake(Wait*& wait_on);
    virtual const TlsInfo* tls() const noexcept { return nullptr; }
    /// Keying material for channel binding (RFC 9266 tls-exporter); empty without TLS.
    virtual std::string exporter(std::string_view label, std::size_t size) const;
    /// This connection, now speaking TLS as the server. The plain transport is spent.
    virtual std::unique_ptr<Transport> upgrade(TlsContext& context);
};

/// Addresses of the two ends, as text: "127.0.0.1", port 49152. ::ffff: addresses are normalised.
struct Peer {
    std::string address;
    unsigned short port = 0;
    std::string local_address;
    unsigned short local_port = 0;
    std::int64_t uid = -1; // of the peer on a Unix-domain socket, whose addresses are empty
};

/// The session's end of a connection. All calls on its loop's thread; one reader and one writer at a time.
class Stream {
public:
    Stream(Loop& loop, std::unique_ptr<Transport> transport, Peer peer);
    ~Stream();
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;

    const Peer& peer() const noexcept { return peer_; }
    Loop& loop() const noexcept { return loop_; }

    /// How long one operation below may wait for the peer; zero: for ever. Starts anew with each operation and, within
    /// one, with each 256 KiB moved.
    void set_deadline(std::chrono::seconds limit) noexcept { limit_ = limit; }

    /// Reads up to LF. The line's text has at most limit octets; a longer one is read to its end and marked.
    /// Throws ConnectionLost, Timeout, Stopping (the last only before the first octet of a line is taken).
    Task<Line> read_line(std::size_t limit);
    /// At least one octet, as many as are at hand up to max. The view holds until the next call on this stream;
    /// the octets are consumed.
    Task<std::string_view> read_some(std::size_t max);
    /// Gives back the last octets of the view read_some() just returned: they are read again next.
    void unread(std::size_t octets) noexcept { begin_ -= octets; }
    /// Exactly size octets.
    Task<std::string> read_exactly(std::size_t size);
    /// Waits until input is there or wake() was called: true when there is input. For IDLE. Throws as read_line does.
    Task<bool> wait_input();
    /// On the loop's thread: lets a wait_input() return false; remembered when nobody waits.
    void wake();
    bool input_buffered() const noexcept { return begin_ < in_.size(); }

    /// Queues output; sent at the next wait, drain() or flush(). Never blocks; dropped when the peer is gone.
    void write(std::string_view octets);
    /// Returns at once while less than 256 KiB are queued; else sends until that is so (DESIGN 3).
    Task<void> drain();
    /// Sends all that is queued.
    Task<void> flush();
    std::size_t output_queued() const noexcept { return out_.size() - out_sent_; }

    /// Sends what is queued, then speaks TLS as the server. What was buffered of the peer's input is dropped
    /// (RFC 3207 4.2). The handshake has 60 s, or less where the deadline is shorter.
    /// Throws ConnectionLost (its text says why TLS failed), Timeout, Stopping.
    Task<void> start_tls(TlsContext& context);
    const TlsInfo* tls() const noexcept { return transport_->tls(); }
    std::string exporter(std::string_view label, std::size_t size) const { return transport_->exporter(label, size); }

    /// Sends what is queued as far as the deadline, or 30 s, lets it, says goodbye and closes. Throws nothing.
    Task<void> close();
    /// On the loop's thread: the next wait for a command, or the one under way, throws Stopping(reason).
    void interrupt(std::string reason);
    /// On the loop's thread: ends the connection now; every wait throws ConnectionLost.
    void abort() noexcept;

    /// Octets read and written since the start, for log and counters.
    std::uint64_t octets_in() const noexcept { return octets_in_; }
    std::uint64_t octets_out() const noexcept { return octets_out_; }

private:
    friend class Loop;
    /// What the wait for input may be ended by, besides input: nothing; interrupt(); interrupt() and wake().
    enum class Waiting : std::uint8_t { inside, command, idle };

    /// Sends what is queued, then waits for input and appends it to in_. False: wake() was called (idle only).
    Task<bool> fill(Waiting waiting, Monotonic by);
    bool take_input();  // one try to read; false: would block, or ended_
    bool send_queued(); // true when all is sent
    Task<void> send_until(std::size_t left);
    Task<void> drop_line(Line& line, char last, Monotonic by);
    Task<void> say_goodbye();
    std::string_view buffered() const noexcept { return std::string_view(in_).substr(begin_); }
    void consume(std::size_t size) noexcept { begin_ += size; }
    void release_input() noexcept; // frees in_ when all of it is consumed
    bool shake_hands(Wait*& wait);
    void check(Waiting waiting) const;
    void lose(std::string reason) noexcept;
    void wake_waits(); // they look at everything anew
    Monotonic deadline() const;

    Loop& loop_;
    Stream *next_ = nullptr, *previous_ = nullptr; // the loop's list
    std::unique_ptr<Transport> transport_;
    Peer peer_;
    std::chrono::seconds limit_{300};
    std::string in_; // freed when empty: an idle connection holds no buffer
    std::size_t begin_ = 0;
    std::string out_;
    std::size_t out_sent_ = 0;
    std::string stop_reason_, lost_reason_;
    bool stopping_ = false, lost_ = false, ended_ = false, closed_ = false, woken_ = false;
    std::uint64_t octets_in_ = 0, octets_out_ = 0;
};

} // namespace pillarbox::runtime
