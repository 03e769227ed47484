// The status listener: one coroutine per connection, read like RFC 9112 9.3.
//
// Invariants: one request head has one deadline however its octets trickle in; nothing of a request is kept beyond its
// answer; any refusal of a head ends the connection, as what follows it can no longer be told apart.
#include "webstatus/service.h"

#include "appliance/runtime/clock.h"
#include "appliance/runtime/log.h"
#include "appliance/runtime/stream.h"
#include "webstatus/request.h"
#include "webstatus/response.h"

namespace pillarbox::webstatus {

namespace {

using runtime::Stream;
using runtime::Task;

/// Counts a session for as long as it lives.
class Counted {
public:
    explicit Counted(Service& service) : service_(service) {
        ++service_.sessions_total;
        ++service_.sessions_now;
    }
    ~Counted() { --service_.sessions_now; }
    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;

private:
    Service& service_;
};

/// Lines of one request head, all within one deadline.
class HeadReader {
public:
    HeadReader(Stream& stream, std::chrono::seconds limit)
        : stream_(stream), end_(runtime::clock().monotonic() + limit) {}

    Task<std::string> line(std::size_t limit, int status_if_longer) {
        using std::chrono::seconds;
        const auto left = std::chrono::ceil<seconds>(end_ - runtime::clock().monotonic());
        if (left <= seconds::zero()) throw runtime::Timeout();
        stream_.set_deadline(left);
        runtime::Line line = co_await stream_.read_line(limit);
        if (line.too_long) throw BadRequest{status_if_longer, "a line is too long"};
        if (line.bare_lf) throw BadRequest{400, "a line ends without CR"};
        co_return std::move(line.text);
    }

private:
    Stream& stream_;
    runtime::Monotonic end_;
};

Task<Request> read_request(Stream& stream, std::chrono::seconds limit) {
    HeadReader reader(stream, limit);
    std::string line = co_await reader.line(HttpLimits::request_line, 414);
    if (line.empty()) line = co_await reader.line(HttpLimits::request_line, 414); // RFC 9112 2.2
    Request request;
    request.take_request_line(line);
    for (;;) {
        line = co_await reader.line(HttpLimits::field_line, 431);
        if (line.empty()) break;
        request.take_field(line);
    }
    request.finish();
    co_return request;
}

/// What came of waiting for a request: one, or the refusal to answer with.
struct Outcome {
    Request request;
    Response refusal;
    bool refused = false;
};

Task<Outcome> next_request(Stream& stream, std::chrono::seconds limit) {
    Outcome outcome;
    try {
        outcome.request = co_await read_request(stream, limit);
    } catch (const BadRequest& bad) {
        outcome.refusal = refuse(bad.status, bad.why);
        outcome.refused = true;
    } catch (const runtime::Timeout&) {
        outcome.refusal = refuse(408, "the request took too long");
        outcome.refused = true;
    }
    co_return outcome;
}

Task<void> converse(Service& service, Stream& stream) {
    for (std::size_t count = 1;; ++count) {
        const Outcome outcome = co_await next_request(stream, service.request_time);
        const bool keep = !outcome.refused && outcome.request.keep_alive() && count < HttpLimits::requests;
        const bool head_only = !outcome.refused && outcome.request.method() == "HEAD";
        const Response response = outcome.refused ? outcome.refusal : respond(service, outcome.request);
        stream.write(format(response, head_only, keep, runtime::unix_seconds()));
        stream.set_deadline(service.request_time);
        co_await stream.flush();
        if (!keep) break;
        auto turn = stream.loop().yield();
        co_await turn;
    }
}

} // namespace

Task<void> serve(Service& service, std::unique_ptr<Stream> stream) {
    const Counted counted(service);
    try {
        if (service.sessions_now > service.most_sessions) {
            stream->write(format(refuse(503, "too many connections"), false, false, runtime::unix_seconds()));
        } else {
            co_await converse(service, *stream);
        }
    } catch (const runtime::ConnectionLost&) {
        // The client went away; nothing is owed to it.
    } catch (const runtime::Stopping&) {
        // The server stops between two requests.
    } catch (const std::exception& error) {
        runtime::log(runtime::LogLevel::failure, "web", "", "session failed", {{"cause", error.what()}});
    }
    co_await stream->close();
}

} // namespace pillarbox::webstatus
