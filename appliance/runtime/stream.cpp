// A conversation's byte stream: its life, its output and its end. The input is in stream_input.cpp.
//
// Whoever waits looks at everything anew when it goes on: a wake-up may be for input, for room to write, from wake(),
// interrupt() or abort(), or for nothing.
#include "appliance/runtime/stream.h"

#include <algorithm>

namespace pillarbox::runtime {

namespace {

constexpr std::size_t output_limit = 256 * 1024; // DESIGN 3
constexpr std::size_t compact_at = 64 * 1024;    // octets sent that may lie before those that are not
constexpr std::chrono::seconds handshake_limit(60);
constexpr std::chrono::seconds close_limit(30);
constexpr std::chrono::seconds linger_limit(2);

} // namespace

Stream::Stream(Loop& loop, std::unique_ptr<Transport> transport, Peer peer)
    : loop_(loop), transport_(std::move(transport)), peer_(std::move(peer)) {
    next_ = loop_.streams_;
    if (next_) next_->previous_ = this;
    loop_.streams_ = this;
    if (loop_.streams_stop_) interrupt(*loop_.streams_stop_);
}

Stream::~Stream() {
    (previous_ ? previous_->next_ : loop_.streams_) = next_;
    if (next_) next_->previous_ = previous_;
    if (!closed_) transport_->close();
}

Monotonic Stream::deadline() const { return limit_.count() == 0 ? Monotonic::max() : clock().monotonic() + limit_; }

void Stream::check(Waiting waiting) const {
    if (lost_) throw ConnectionLost(lost_reason_);
    if (stopping_ && waiting != Waiting::inside) throw Stopping(stop_reason_);
}

void Stream::lose(std::string reason) noexcept {
    if (!lost_) lost_reason_ = std::move(reason);
    lost_ = true;
    std::string().swap(out_);
    out_sent_ = 0;
}

void Stream::write(std::string_view octets) {
    if (!lost_) out_ += octets;
}

bool Stream::send_queued() {
    try {
        while (out_sent_ < out_.size()) {
            const std::size_t sent = transport_->try_write(out_.data() + out_sent_, out_.size() - out_sent_);
            if (sent == 0) break;
            out_sent_ += sent;
            octets_out_ += sent;
        }
    } catch (const ConnectionLost& e) {
        lose(e.what());
        throw;
    }
    if (out_sent_ == out_.size()) {
        std::string().swap(out_);
        out_sent_ = 0;
        return true;
    }
    if (out_sent_ >= compact_at && out_sent_ >= out_.size() / 2) {
        out_.erase(0, out_sent_);
        out_sent_ = 0;
    }
    return false;
}

Task<void> Stream::send_until(std::size_t left) {
    Monotonic by = deadline();
    std::uint64_t renew_at = octets_out_ + output_limit;
    for (;;) {
        check(Waiting::inside);
        if (send_queued() || output_queued() <= left) co_return;
        if (octets_out_ >= renew_at) {
            by = deadline();
            renew_at = octets_out_ + output_limit;
        }
        const Wait::Outcome outcome = co_await transport_->writable().until(by);
        if (outcome == Wait::Outcome::timeout) throw Timeout();
    }
}

Task<void> Stream::drain() {
    check(Waiting::inside);
    if (output_queued() < output_limit) co_return;
    co_await send_until(output_limit - 1);
}

Task<void> Stream::flush() { return send_until(0); }

Task<void> Stream::start_tls(TlsContext& context) {
    co_await flush();
    in_.clear();
    begin_ = 0;
    release_input();
    transport_ = transport_->upgrade(context);
    const Monotonic by = std::min(deadline(), clock().monotonic() + handshake_limit);
    for (;;) {
        check(Waiting::command);
        Wait* wait = nullptr;
        if (shake_hands(wait)) co_return;
        const Wait::Outcome outcome = co_await wait->until(by);
        if (outcome == Wait::Outcome::timeout) throw Timeout();
    }
}

bool Stream::shake_hands(Wait*& wait) {
    try {
        return transport_->handshake(wait);
    } catch (const ConnectionLost& e) {
        lose(e.what());
        throw;
    }
}

Task<void> Stream::close() {
    if (closed_) co_return;
    limit_ = limit_.count() == 0 ? close_limit : std::min(limit_, close_limit);
    try {
        co_await say_goodbye();
    } catch (const std::runtime_error&) { // the peer is gone or does not listen: there is nobody to tell
    }
    if (closed_) co_return;
    closed_ = true;
    transport_->close();
    lose("closed");
}

Task<void> Stream::say_goodbye() {
    co_await flush();
    if (!transport_->linger()) co_return;
    const Monotonic by = std::min(deadline(), clock().monotonic() + linger_limit);
    while (!stopping_ && clock().monotonic() < by) {
        in_.clear();
        begin_ = 0;
        co_await fill(Waiting::command, by);
        co_await loop_.yield();
    }
}

void Stream::wake_waits() {
    transport_->readable().wake_soon(Wait::Outcome::interrupted);
    transport_->writable().wake_soon(Wait::Outcome::interrupted);
}

void Stream::wake() {
    woken_ = true;
    transport_->readable().wake_soon(Wait::Outcome::interrupted);
}

void Stream::interrupt(std::string reason) {
    if (stopping_) return;
    stopping_ = true;
    stop_reason_ = std::move(reason);
    wake_waits();
}

void Stream::abort() noexcept {
    lose("aborted");
    if (!closed_) transport_->close();
    closed_ = true;
    wake_waits();
}

} // namespace pillarbox::runtime
