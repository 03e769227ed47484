// The status listener in conversation, over a stream in memory.
#include "appliance/runtime/memory_stream.h"
#include "tests/runtime/shifted_clock.h"
#include "tests/webstatus/example.h"
#include "webstatus/request.h"
#include "webstatus/service.h"

#include <doctest/doctest.h>

using namespace pillarbox::webstatus;
namespace runtime = pillarbox::runtime;
using namespace std::chrono_literals;

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// A service with one connection.
struct Browser {
    Browser() {
        service.status = [this] { return site; };
        service.hosts = {"mail.example.org"};
    }
    void connect() {
        loop.spawn(serve(service, std::make_unique<runtime::Stream>(loop, peer.transport(), runtime::Peer{})));
        run();
    }
    void run() {
        while (loop.run_once(0ms)) {
        }
    }
    std::string send(const std::string& octets) {
        peer.send(octets);
        run();
        return peer.received();
    }
    std::string get(const std::string& path, const std::string& host = "localhost:8025") {
        return send("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
    }
    SiteStatus site = healthy_site();
    Service service;
    runtime::Loop loop;
    runtime::MemoryPeer peer;
};

/// The status line that one request on a new connection is answered with.
std::string first_line(const std::string& octets) {
    Browser browser;
    browser.connect();
    const std::string answer = browser.send(octets);
    return answer.substr(0, answer.find("\r\n"));
}

} // namespace

TEST_CASE("http: the page comes with its policy, and the connection stays") {
    Browser browser;
    browser.connect();
    const std::string answer = browser.get("/");
    CHECK(answer.substr(0, 17) == "HTTP/1.1 200 OK\r\n");
    CHECK(has(answer, "\r\nContent-Type: text/html; charset=utf-8\r\n"));
    CHECK(has(answer, "Content-Security-Policy: default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
                      "form-action 'none'; frame-ancestors 'none'\r\n"));
    CHECK(has(answer, "X-Content-Type-Options: nosniff\r\n"));
    CHECK(has(answer, "Connection: keep-alive\r\n"));
    const auto end = answer.find("\r\n\r\n");
    CHECK(has(answer, "Content-Length: " + std::to_string(answer.size() - end - 4) + "\r\n"));
    CHECK(has(browser.get("/style.css"), "Content-Type: text/css; charset=utf-8\r\n"));
    CHECK(has(browser.get("/icon.svg"), "Content-Type: image/svg+xml\r\n"));
    CHECK(has(browser.get("/status.json"), "\"format\":1,"));
    CHECK(browser.service.sessions_now == 1);
    CHECK(browser.service.sessions_total == 1);
}

TEST_CASE("http: healthz is 503 only when something is broken") {
    Browser browser;
    browser.connect();
    CHECK(has(browser.get("/healthz"), "200 OK\r\n"));
    browser.site.queue = 5000;
    const std::string warned = browser.get("/healthz");
    CHECK(has(warned, "200 OK\r\n"));
    CHECK(has(warned, "\"status\":\"warning\""));
    browser.site.accepting = false;
    const std::string broken = browser.get("/healthz");
    CHECK(has(broken, "HTTP/1.1 503 Service Unavailable\r\n"));
    CHECK(has(broken, "\"status\":\"bad\""));
}

TEST_CASE("http: HEAD is GET without its body") { // RFC 9110 9.3.2
    Browser browser;
    browser.connect();
    const std::string get = browser.get("/style.css");
    const std::string head = browser.send("HEAD /style.css HTTP/1.1\r\nHost: localhost\r\n\r\n");
    CHECK(head.size() == get.find("\r\n\r\n") + 4);
    CHECK(head.substr(head.find("Content-Type")) ==
          get.substr(get.find("Content-Type"), head.size() - head.find("Content-Type")));
}

TEST_CASE("http: only our names are answered to") {
    for (const char* host :
         {"localhost", "127.0.0.1:8025", "[::1]:8025", "Mail.Example.org", "192.0.2.7", "[2001:db8::1]"}) {
        CAPTURE(host);
        CHECK(first_line("GET / HTTP/1.1\r\nHost: " + std::string(host) + "\r\n\r\n") == "HTTP/1.1 200 OK");
    }
    for (const char* host :
         {"", "evil.example", "localhost.evil.example", "mail.example.org.", "127.0.0.1.evil.example", "[x]"}) {
        CAPTURE(host);
        CHECK(first_line("GET / HTTP/1.1\r\nHost: " + std::string(host) + "\r\n\r\n") ==
              "HTTP/1.1 421 Misdirected Request");
    }
    CHECK(first_line("GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n") ==
          "HTTP/1.1 421 Misdirected Request");
}

TEST_CASE("http: other methods and paths are refused") {
    CHECK(first_line("POST / HTTP/1.1\r\nHost: localhost\r\n\r\n") == "HTTP/1.1 405 Method Not Allowed");
    CHECK(first_line("BREW / HTTP/1.1\r\nHost: localhost\r\n\r\n") == "HTTP/1.1 501 Not Implemented");
    CHECK(first_line("get / HTTP/1.1\r\nHost: localhost\r\n\r\n") == "HTTP/1.1 501 Not Implemented");
    CHECK(first_line("GET /../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n") == "HTTP/1.1 404 Not Found");
    CHECK(first_line("GET / HTTP/1.1\nHost: localhost\n\n") == "HTTP/1.1 400 Bad Request");
    CHECK(first_line("\r\nGET / HTTP/1.1\r\nHost: localhost\r\n\r\n") == "HTTP/1.1 200 OK"); // RFC 9112 2.2
    CHECK(first_line("\r\n\r\nGET / HTTP/1.1\r\nHost: localhost\r\n\r\n") == "HTTP/1.1 400 Bad Request");
}

TEST_CASE("http: a request line of 8192 octets is the longest, a field likewise") {
    const auto with_line = [](std::size_t size) {
        return first_line("GET /" + std::string(size - 14, 'x') + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    };
    CHECK(with_line(8191) == "HTTP/1.1 404 Not Found");
    CHECK(with_line(8192) == "HTTP/1.1 404 Not Found");
    CHECK(with_line(8193) == "HTTP/1.1 414 URI Too Long");
    const auto with_field = [](std::size_t size) {
        return first_line("GET / HTTP/1.1\r\nHost: localhost\r\nX:" + std::string(size - 2, 'y') + "\r\n\r\n");
    };
    CHECK(with_field(8191) == "HTTP/1.1 200 OK");
    CHECK(with_field(8192) == "HTTP/1.1 200 OK");
    CHECK(with_field(8193) == "HTTP/1.1 431 Request Header Fields Too Large");
}

TEST_CASE("http: a request split at every octet is the same request") {
    const std::string request = "GET /icon.svg HTTP/1.1\r\nHost: localhost\r\n\r\n";
    Browser browser;
    browser.connect();
    std::string answer;
    for (const char octet : request) answer += browser.send(std::string(1, octet));
    CHECK(answer.substr(0, 15) == "HTTP/1.1 200 OK");
}

TEST_CASE("http: pipelined requests are answered in order, the 100th closes") {
    Browser browser;
    browser.connect();
    std::string requests;
    for (int i = 0; i < 101; ++i)
        requests +=
            i % 2 ? "HEAD /x HTTP/1.1\r\nHost: localhost\r\n\r\n" : "HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    const std::string answers = browser.send(requests);
    std::size_t count = 0, kept = 0;
    for (std::size_t at = 0; (at = answers.find("HTTP/1.1 ", at)) != std::string::npos; ++at) {
        CHECK(answers.substr(at + 9, 3) == (count++ % 2 ? "404" : "200"));
    }
    for (std::size_t at = 0; (at = answers.find("keep-alive", at)) != std::string::npos; ++at) ++kept;
    CHECK(count == 100);
    CHECK(kept == 99);
    CHECK(browser.peer.closed_by_session());
    CHECK(browser.service.sessions_now == 0);
}

TEST_CASE("http: a head that trickles in is ended after its time, not after each octet's") {
    ShiftedClock clock;
    const runtime::ClockOverride in_force(clock);
    Browser browser;
    browser.connect();
    browser.send("GET / HTTP/1.1\r\n");
    for (int i = 0; i < 4; ++i) {
        clock.shift(4s);
        CHECK(browser.send("X: y\r\n") == "");
    }
    clock.shift(3s);
    CHECK(browser.send("X: y") == "");
    clock.shift(2s);
    CHECK(browser.send("").substr(0, 28) == "HTTP/1.1 408 Request Timeout");
    CHECK(browser.peer.closed_by_session());
}

TEST_CASE("http: more sessions than the most are told 503") {
    Browser browser;
    browser.service.most_sessions = 1;
    browser.connect();
    runtime::MemoryPeer second;
    browser.loop.spawn(
        serve(browser.service, std::make_unique<runtime::Stream>(browser.loop, second.transport(), runtime::Peer{})));
    browser.run();
    CHECK(has(second.received(), "HTTP/1.1 503 Service Unavailable\r\n"));
    CHECK(second.closed_by_session());
    CHECK(browser.service.sessions_now == 1);
    CHECK(has(browser.get("/"), "200 OK"));
}

TEST_CASE("http: a client that leaves in the middle leaves nothing behind") {
    Browser browser;
    browser.connect();
    browser.send("GET / HT");
    browser.peer.close();
    browser.run();
    CHECK(browser.service.sessions_now == 0);
    CHECK(browser.loop.tasks() == 0);
}
