// Request heads: what is taken, what is refused with which status (RFC 9112).
#include "webstatus/request.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace pillarbox::webstatus;

namespace {

Request head(const std::string& line, const std::vector<std::string>& fields) {
    Request request;
    request.take_request_line(line);
    for (const auto& field : fields) request.take_field(field);
    request.finish();
    return request;
}

/// The status a head is refused with; 200 when it is taken.
int status(const std::string& line, const std::vector<std::string>& fields = {"Host: a"}) {
    try {
        head(line, fields);
        return 200;
    } catch (const BadRequest& bad) {
        return bad.status;
    }
}

} // namespace

TEST_CASE("http request: method, path without query, host without port") {
    const Request request = head("GET /status.json?x=1 HTTP/1.1", {"hOsT: \tMail.Example.ORG:8025 ", "Accept:"});
    CHECK(request.method() == "GET");
    CHECK(request.path() == "/status.json");
    CHECK(*request.host() == "mail.example.org");
    CHECK(request.keep_alive());
    CHECK(*head("GET / HTTP/1.1", {"Host: [::1]:8025"}).host() == "[::1]");
    CHECK(*head("GET / HTTP/1.1", {"Host: [::1]"}).host() == "[::1]");
    CHECK(*head("GET / HTTP/1.1", {"Host:"}).host() == "");
    CHECK_FALSE(head("GET / HTTP/1.0", {}).host());
}

TEST_CASE("http request: the absolute form counts before Host") { // RFC 9112 3.2.2
    const Request request = head("GET HTTP://Evil.example:80/x?y HTTP/1.1", {"Host: localhost"});
    CHECK(*request.host() == "evil.example");
    CHECK(request.path() == "/x");
    CHECK(head("GET http://a?q HTTP/1.1", {"Host: a"}).path() == "/");
    CHECK(head("GET http://a HTTP/1.1", {"Host: a"}).path() == "/");
}

TEST_CASE("http request: persistence") { // RFC 9112 9.3
    CHECK_FALSE(head("GET / HTTP/1.1", {"Host: a", "Connection: keep-alive, Close"}).keep_alive());
    CHECK(head("GET / HTTP/1.1", {"Host: a", "Connection: closed"}).keep_alive());
    CHECK_FALSE(head("GET / HTTP/1.0", {}).keep_alive());
}

TEST_CASE("http request: lines that are no request line") {
    for (const char* line :
         {"GET", "GET /", "GET HTTP/1.1", " / HTTP/1.1", "GET  HTTP/1.1", "GET / HTTP/11", "GET / http/1.1",
          "GET / HTTP/1.x", "G(T / HTTP/1.1", "GET x HTTP/1.1", "GET /a b HTTP/1.1", "GET /\x01 HTTP/1.1",
          "GET /caf\xc3\xa9 HTTP/1.1", "GET * HTTP/1.1", "GET https://a/ HTTP/1.1"}) {
        CAPTURE(line);
        CHECK(status(line) == 400);
    }
    CHECK(status("GET / HTTP/2.0") == 505);
    CHECK(status("GET / HTTP/0.9") == 505);
    CHECK(status("GET / HTTP/1.2") == 200);
}

TEST_CASE("http request: fields that are none") {
    const std::string get = "GET / HTTP/1.1";
    for (const char* field :
         {"", "Host", "Host : a", " folded", "\tfolded", ": a", "X Y: a", "X: a\x01", "X: a\x7f", "Host: a b",
          "Host: a:port", "Host: a:123456", "Host: [::1", "Host: [::1]x", "Host: a:-1"}) {
        CAPTURE(field);
        CHECK(status(get, {field, "X: y"}) == 400);
    }
    CHECK(status(get, {"Host: a", "Host: a"}) == 400);
    CHECK(status(get, {}) == 400); // RFC 9112 3.2
    CHECK(status("GET / HTTP/1.0", {}) == 200);
    CHECK(status(get, {"Host: a", "Content-Length: 0"}) == 200);
    CHECK(status(get, {"Host: a", "Content-Length: 1"}) == 413);
    CHECK(status(get, {"Host: a", "Content-Length: 00"}) == 413);
    CHECK(status(get, {"Host: a", "Transfer-Encoding: chunked"}) == 413);
}

TEST_CASE("http request: 64 fields are the most") {
    std::vector<std::string> fields{"Host: a"};
    while (fields.size() < HttpLimits::fields - 1) fields.push_back("X: y");
    CHECK(status("GET / HTTP/1.1", fields) == 200);
    fields.push_back("X: y");
    CHECK(status("GET / HTTP/1.1", fields) == 200);
    fields.push_back("X: y");
    CHECK(status("GET / HTTP/1.1", fields) == 431);
}
