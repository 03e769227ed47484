// A stream's input: lines with a limit, counted octets, and the wait for either.
#include "appliance/runtime/stream.h"

#include <algorithm>
#include <vector>

namespace pillarbox::runtime {

namespace {

constexpr std::size_t scratch_size = 64 * 1024;
constexpr std::size_t output_limit = 256 * 1024; // DESIGN 3: beyond it nothing is read
constexpr std::size_t renew_octets = 256 * 1024; // progress that renews a deadline
constexpr unsigned reads_a_turn = 16;            // then other sessions have theirs

/// Where all connections of a thread read to, so that an idle one holds no buffer.
char* scratch() {
    thread_local std::vector<char> buffer(scratch_size);
    return buffer.data();
}

} // namespace

void Stream::release_input() noexcept {
    if (begin_ < in_.size()) return;
    std::string().swap(in_);
    begin_ = 0;
}

bool Stream::take_input() {
    if (ended_) return false;
    try {
        const std::size_t got = transport_->try_read(scratch(), scratch_size);
        if (got == 0) return false;
        octets_in_ += got;
        in_.erase(0, begin_);
        begin_ = 0;
        in_.append(scratch(), got);
        return true;
    } catch (const EndOfInput&) {
        ended_ = true;
        return false;
    } catch (const ConnectionLost& e) {
        lose(e.what());
        throw;
    }
}

Task<bool> Stream::fill(Waiting waiting, Monotonic by) {
    release_input();
    for (;;) {
        check(waiting);
        const bool sent = send_queued();
        const bool full = output_queued() >= output_limit;
        if (!full && take_input()) co_return true;
        if (ended_ && sent) { // a peer that only ended its output gets all replies first
            const EndOfInput end;
            lose(end.what());
            throw end;
        }
        if (waiting == Waiting::idle && woken_) {
            woken_ = false;
            co_return false;
        }
        Wait& writable = transport_->writable();
        Wait& wait = full || ended_ ? writable : transport_->readable();
        if (!sent && &wait != &writable) writable.forward(&wait);
        const Wait::Outcome outcome = co_await wait.until(by);
        transport_->writable().forward(nullptr);
        if (outcome == Wait::Outcome::timeout) throw Timeout();
    }
}

Task<bool> Stream::wait_input() {
    if (input_buffered()) co_return true;
    const Monotonic by = deadline();
    const bool input = co_await fill(Waiting::idle, by);
    co_return input;
}

Task<Line> Stream::read_line(std::size_t limit) {
    const Monotonic by = deadline();
    Line line;
    std::size_t seen = 0; // of the buffered octets, those without LF
    for (;;) {
        const std::string_view at_hand = buffered();
        const std::size_t end = at_hand.find('\n', seen);
        if (end != std::string_view::npos) {
            const bool crlf = end > 0 && at_hand[end - 1] == '\r';
            const std::size_t size = crlf ? end - 1 : end;
            line.bare_lf = !crlf;
            line.too_long = size > limit;
            line.text = at_hand.substr(0, std::min(size, limit));
            consume(end + 1);
            release_input();
            co_return line;
        }
        seen = at_hand.size();
        if (seen > limit + 1) { // not even CR LF would make it fit
            line.too_long = true;
            line.text = at_hand.substr(0, limit);
            const char last = at_hand.back();
            consume(seen);
            co_await drop_line(line, last, by);
            co_return line;
        }
        const Waiting waiting = seen == 0 ? Waiting::command : Waiting::inside;
        co_await fill(waiting, by);
    }
}

/// Reads and drops up to the LF.
Task<void> Stream::drop_line(Line& line, char last, Monotonic by) {
    for (unsigned reads = 1;; ++reads) {
        co_await fill(Waiting::inside, by);
        const std::string_view at_hand = buffered();
        const std::size_t end = at_hand.find('\n');
        if (end != std::string_view::npos) {
            line.bare_lf = (end > 0 ? at_hand[end - 1] : last) != '\r';
            consume(end + 1);
            release_input();
            co_return;
        }
        last = at_hand.back();
        consume(at_hand.size());
        // A line that never ends and never has to be waited for must neither hold the thread nor outlive its deadline.
        if (reads % reads_a_turn == 0) co_await loop_.yield();
        if (clock().monotonic() >= by) throw Timeout();
    }
}

Task<std::string_view> Stream::read_some(std::size_t max) {
    if (!input_buffered()) {
        const Monotonic by = deadline();
        co_await fill(Waiting::inside, by);
    }
    const std::string_view octets = buffered().substr(0, max);
    consume(octets.size());
    co_return octets;
}

Task<std::string> Stream::read_exactly(std::size_t size) {
    Monotonic by = deadline();
    std::uint64_t renew_at = octets_in_ + renew_octets;
    std::string octets;
    for (unsigned reads = 1;; ++reads) {
        const std::string_view at_hand = buffered().substr(0, size - octets.size());
        octets += at_hand; // no reserve(size): memory follows what came, not what was announced
        consume(at_hand.size());
        if (octets.size() == size) break;
        if (octets_in_ >= renew_at) {
            by = deadline();
            renew_at = octets_in_ + renew_octets;
        }
        co_await fill(Waiting::inside, by);
        if (reads % reads_a_turn == 0) co_await loop_.yield();
    }
    release_input();
    co_return octets;
}

} // namespace pillarbox::runtime
