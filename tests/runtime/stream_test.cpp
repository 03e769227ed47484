// Streams over memory: lines, octets, output, deadlines and the ways a wait ends.
#include "appliance/runtime/memory_stream.h"
#include "appliance/runtime/stream.h"
#include "tests/runtime/shifted_clock.h"

#include <doctest/doctest.h>
#include <string>
#include <utility>
#include <vector>

using namespace pillarbox::runtime;
using namespace std::chrono_literals;

namespace {

void run_quiet(Loop& loop) {
    while (loop.run_once(0ms)) {
    }
}

/// A loop with one stream; what its session did is told in `log`.
struct Conversation {
    Loop loop;
    MemoryPeer peer;
    Stream stream{loop, peer.transport(), Peer{"192.0.2.1", 4711, "192.0.2.2", 25}};
    std::string log;

    void start(Task<void> session) {
        loop.spawn(std::move(session));
        run();
    }
    void run() { run_quiet(loop); }
    void send(std::string_view octets) {
        peer.send(octets);
        run();
    }
};

/// How a wait ended, as a word for the log.
std::string ending(const std::exception& e) {
    if (dynamic_cast<const Timeout*>(&e)) return "timeout";
    if (dynamic_cast<const Stopping*>(&e)) return std::string("stopping: ") + e.what();
    if (dynamic_cast<const ConnectionLost*>(&e)) return std::string("lost: ") + e.what();
    return std::string("other: ") + e.what();
}

Task<void> read_lines(Conversation& c, std::size_t limit) {
    try {
        for (;;) {
            const Line line = co_await c.stream.read_line(limit);
            c.log += "[" + line.text + "]";
            if (line.too_long) c.log += "long";
            if (line.bare_lf) c.log += "bare";
        }
    } catch (const std::exception& e) {
        c.log += ending(e);
    }
}

std::string lines_of(const std::vector<std::string>& pieces, std::size_t limit) {
    Conversation c;
    c.start(read_lines(c, limit));
    for (const std::string& piece : pieces) c.send(piece);
    CHECK(c.loop.tasks() == 1);
    return c.log;
}

Task<void> echo(Conversation& c) {
    try {
        for (;;) {
            const Line line = co_await c.stream.read_line(100);
            c.stream.write(line.text + "\r\n");
        }
    } catch (const std::exception& e) {
        c.log += ending(e);
    }
    co_await c.stream.close();
}

Task<void> idle(Conversation& c) {
    try {
        for (;;) {
            const bool input = co_await c.stream.wait_input();
            c.log += input ? "input " : "woken ";
            if (!input) continue;
            const Line line = co_await c.stream.read_line(100);
            c.log += line.text + " ";
        }
    } catch (const std::exception& e) {
        c.log += ending(e);
    }
}

Task<void> exactly(Conversation& c, std::size_t size) {
    try {
        const std::string octets = co_await c.stream.read_exactly(size);
        c.log += octets;
        const std::string_view more = co_await c.stream.read_some(3);
        c.log += "+";
        c.log += more;
    } catch (const std::exception& e) {
        c.log += ending(e);
    }
}

Task<void> give_back(Conversation& c, std::size_t octets) {
    const std::string_view some = co_await c.stream.read_some(100);
    c.log += some;
    c.stream.unread(octets);
    const Line line = co_await c.stream.read_line(100);
    c.log += "[" + line.text + "]";
}

Task<void> pour(Conversation& c, std::size_t size) {
    try {
        c.stream.write(std::string(size, 'x'));
        co_await c.stream.drain();
        c.log += "drained ";
        co_await c.stream.flush();
        c.log += "flushed";
    } catch (const std::exception& e) {
        c.log += ending(e);
    }
}

} // namespace

TEST_CASE("stream: lines are the same however the octets are cut") {
    const std::string input = "one\r\n\r\nbare\ntwo\rtwo\r\r\n\n12345678\r\n123456789\r\n12345678\nnext\r\n";
    const std::string expected = "[one][][bare]bare[two\rtwo\r][]bare[12345678][12345678]long[12345678]bare[next]";
    CHECK(lines_of({input}, 8) == expected);
    for (std::size_t cut = 1; cut < input.size(); ++cut) {
        CHECK(lines_of({input.substr(0, cut), input.substr(cut)}, 8) == expected);
    }
    std::vector<std::string> octets;
    for (const char c : input) octets.emplace_back(1, c);
    CHECK(lines_of(octets, 8) == expected);
}

TEST_CASE("stream: a line has limit - 1, limit or limit + 1 octets") {
    for (const std::string end : {"\r\n", "\n"}) {
        const std::string bare = end == "\n" ? "bare" : "";
        CHECK(lines_of({"1234567" + end}, 8) == "[1234567]" + bare);
        CHECK(lines_of({"12345678" + end}, 8) == "[12345678]" + bare);
        CHECK(lines_of({"123456789" + end}, 8) == "[12345678]long" + bare);
        CHECK(lines_of({"1234567890" + end}, 8) == "[12345678]long" + bare);
        CHECK(lines_of({"12345678", "9", end}, 8) == "[12345678]long" + bare);
        CHECK(lines_of({"1234567890123", end}, 8) == "[12345678]long" + bare);
    }
    CHECK(lines_of({"12345678\r", "\n"}, 8) == "[12345678]");
    CHECK(lines_of({"12345678\r\r\n"}, 8) == "[12345678]long");
    CHECK(lines_of({std::string(1'000'000, 'x'), "\r", "\nok\r\n"}, 8) == "[xxxxxxxx]long[ok]");
    CHECK(lines_of({"\r\n\n"}, 0) == "[][]bare");
    CHECK(lines_of({"x\r\n"}, 0) == "[]long");
}

TEST_CASE("stream: end of file, also in the middle of a line, is a lost connection") {
    for (const std::string input : {"", "a line\r\nhalf a li", "a line\r\n"}) {
        Conversation c;
        c.start(read_lines(c, 100));
        c.peer.send(input);
        c.peer.close();
        c.run();
        CHECK(c.log == (input.empty() ? "" : std::string("[a line]")) + "lost: end of file");
    }
}

TEST_CASE("stream: counted octets, then what is at hand up to a maximum") {
    Conversation c;
    c.start(exactly(c, 10));
    c.send("12345");
    CHECK(c.log.empty());
    c.send("67890ab");
    CHECK(c.log == "1234567890+ab");
    Conversation zero;
    zero.start(exactly(zero, 0));
    zero.send("abcd");
    CHECK(zero.log == "+abc");
    CHECK(zero.stream.input_buffered());
    Conversation lost;
    lost.start(exactly(lost, 10));
    lost.peer.send("123456789");
    lost.peer.close();
    lost.run();
    CHECK(lost.log == "lost: end of file");
}

TEST_CASE("stream: octets given back are read again") {
    const std::pair<std::size_t, std::string> cases[] = {{2, ""}, {6, "QUIT"}, {11, "some QUIT"}};
    for (const auto& [octets, line] : cases) {
        Conversation c;
        c.peer.send("some QUIT\r\n");
        c.start(give_back(c, octets));
        CHECK(c.log == "some QUIT\r\n[" + line + "]");
    }
}

TEST_CASE("stream: replies to a pipelined group leave when input runs out") {
    Conversation c;
    c.start(echo(c));
    c.send("one\r\ntwo\r\nthr");
    CHECK(c.peer.received() == "one\r\ntwo\r\n");
    c.send("ee\r\n");
    CHECK(c.peer.received() == "three\r\n");
    c.peer.send("last\r\n");
    c.peer.close();
    c.run();
    CHECK(c.peer.received() == "last\r\n"); // replies to what came before the end of file still go out
    CHECK(c.log == "lost: end of file");
    CHECK(c.peer.closed_by_session());
    CHECK(c.stream.octets_in() == 23);
    CHECK(c.stream.octets_out() == 23);
}

TEST_CASE("stream: a peer that does not read its replies may go on sending, and gets all of them") {
    Conversation c;
    c.peer.set_window(5);
    c.start(echo(c));
    c.send("first\r\n");
    CHECK(c.peer.received() == "first");
    c.send("second\r\nthird\r\n");
    std::string rest;
    for (int i = 0; i < 10; ++i) {
        c.run();
        rest += c.peer.received();
    }
    CHECK(rest == "\r\nsecond\r\nthird\r\n");
}

TEST_CASE("stream: a peer that ends its output gets all replies before the session ends") {
    Conversation c;
    c.peer.set_window(5);
    c.start(echo(c));
    c.peer.send("first\r\nlast\r\n");
    c.peer.close();
    c.run();
    CHECK(c.log.empty());
    std::string all;
    for (int i = 0; i < 10; ++i) {
        all += c.peer.received();
        c.run();
    }
    CHECK(all == "first\r\nlast\r\n");
    CHECK(c.log == "lost: end of file");
}

TEST_CASE("stream: drain waits from 256 KiB on, flush to the last octet") {
    constexpr std::size_t limit = 256 * 1024;
    for (const std::size_t size : {limit - 1, limit, limit + 1}) {
        Conversation c;
        c.peer.set_window(0);
        c.start(pour(c, size));
        CHECK(c.log == (size < limit ? "drained " : ""));
        CHECK(c.stream.output_queued() == size);
        c.peer.set_window(1);
        c.run();
        CHECK(c.log == (size <= limit ? "drained " : ""));
        c.peer.set_window(1'000'000);
        c.run();
        CHECK(c.log == "drained flushed");
        CHECK(c.peer.received().size() == size);
    }
}

TEST_CASE("stream: nothing is read while 256 KiB of replies wait") {
    Conversation c;
    c.peer.set_window(0);
    c.stream.write(std::string(256 * 1024, 'x'));
    c.start(read_lines(c, 100));
    c.send("command\r\n");
    CHECK(c.log.empty());
    c.peer.set_window(1);
    c.run();
    CHECK(c.log == "[command]");
}

TEST_CASE("stream: wake ends wait_input, is remembered, and does not disturb a line") {
    Conversation c;
    c.start(idle(c));
    c.stream.wake();
    c.run();
    CHECK(c.log == "woken ");
    c.send("half");
    CHECK(c.log == "woken input ");
    c.stream.wake(); // the line is being read
    c.run();
    CHECK(c.log == "woken input ");
    c.send("line\r\n");
    CHECK(c.log == "woken input halfline woken ");
    c.peer.send("x\r\n");
    c.stream.wake();
    c.run();
    CHECK(c.log == "woken input halfline woken input x woken ");
}

TEST_CASE("stream: interrupt ends the wait for a command but not a line under way") {
    Conversation waiting;
    waiting.start(read_lines(waiting, 100));
    waiting.stream.interrupt("going down");
    waiting.run();
    CHECK(waiting.log == "stopping: going down");
    Conversation under_way;
    under_way.start(read_lines(under_way, 100));
    under_way.send("ha");
    under_way.stream.interrupt("going down");
    under_way.run();
    CHECK(under_way.log.empty());
    under_way.send("lf\r\n");
    CHECK(under_way.log == "[half]stopping: going down");
    Conversation idling;
    idling.start(idle(idling));
    idling.loop.interrupt_streams("bye");
    idling.run();
    CHECK(idling.log == "stopping: bye");
    MemoryPeer peer;
    Stream late(idling.loop, peer.transport(), Peer());
    const auto session = [](Stream& stream, std::string* log) -> Task<void> {
        try {
            co_await stream.read_line(100);
        } catch (const std::exception& e) {
            *log = ending(e);
        }
    };
    std::string log;
    idling.start(session(late, &log));
    CHECK(log == "stopping: bye");
}

TEST_CASE("stream: abort ends every wait, and writing afterwards is harmless") {
    Conversation c;
    c.start(echo(c));
    c.stream.abort();
    c.run();
    CHECK(c.log == "lost: aborted");
    c.stream.write("nobody hears this");
    CHECK(c.stream.output_queued() == 0);
    CHECK(c.peer.closed_by_session());
    Conversation pouring;
    pouring.peer.set_window(0);
    pouring.start(pour(pouring, 300'000));
    pouring.stream.abort();
    pouring.run();
    CHECK(pouring.log == "lost: aborted");
}

TEST_CASE("stream: every wait has its deadline, anew for each operation") {
    ShiftedClock clock;
    const ClockOverride override(clock);
    Conversation c;
    c.stream.set_deadline(10s);
    c.start(read_lines(c, 100));
    clock.shift(9s);
    c.send("in time\r\nbut th");
    clock.shift(9s);
    c.send("is one dri");
    CHECK(c.log == "[in time]");
    clock.shift(1s);
    c.run();
    CHECK(c.log == "[in time]timeout");
    Conversation stuck;
    stuck.stream.set_deadline(10s);
    stuck.peer.set_window(100);
    stuck.start(pour(stuck, 300'000));
    clock.shift(10s);
    stuck.run();
    CHECK(stuck.log == "timeout");
    Conversation patient;
    patient.stream.set_deadline(0s);
    patient.start(read_lines(patient, 100));
    clock.shift(24h);
    patient.send("still here\r\n");
    CHECK(patient.log == "[still here]");
}

TEST_CASE("stream: progress renews the deadline of long transfers") {
    ShiftedClock clock;
    const ClockOverride override(clock);
    constexpr std::size_t step = 256 * 1024;
    Conversation out;
    out.stream.set_deadline(10s);
    out.peer.set_window(step);
    out.start(pour(out, 4 * step));
    for (int i = 0; i < 4; ++i) {
        clock.shift(9s);
        CHECK(out.peer.received().size() == step);
        out.run();
    }
    CHECK(out.log == "drained flushed");
    Conversation in;
    in.stream.set_deadline(10s);
    in.start(exactly(in, 4 * step));
    for (int i = 0; i < 4; ++i) {
        clock.shift(9s);
        in.send(std::string(step, 'x'));
    }
    CHECK(in.log.size() == 4 * step);
}

TEST_CASE("stream: closing sends what is queued, as long as the peer takes it") {
    ShiftedClock clock;
    const ClockOverride override(clock);
    Conversation c;
    c.peer.set_window(10);
    c.stream.write("a reply of more than ten octets");
    c.start(c.stream.close());
    CHECK_FALSE(c.peer.closed_by_session());
    clock.shift(30s);
    c.run();
    CHECK(c.peer.closed_by_session());
    CHECK(c.peer.received() == "a reply of");
    CHECK(c.loop.tasks() == 0);
}

TEST_CASE("stream: a session that is given up in the middle of a wait takes its stream along") {
    MemoryPeer peer;
    {
        Loop loop;
        const auto session = [](Loop& on, std::unique_ptr<Transport> transport) -> Task<void> {
            Stream stream(on, std::move(transport), Peer());
            co_await stream.read_line(10);
        };
        loop.spawn(session(loop, peer.transport()));
        run_quiet(loop);
        CHECK_FALSE(peer.closed_by_session());
    }
    CHECK(peer.closed_by_session());
    peer.send("nobody there\r\n");
}
