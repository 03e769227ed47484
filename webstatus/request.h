// The head of an HTTP request: its grammar and its limits (RFC 9112 2 to 5).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace pillarbox::webstatus {

/// What a client may send. A value equal to the limit passes.
struct HttpLimits {
    static constexpr std::size_t request_line = 8192; // octets without CRLF: RFC 9112 3
    static constexpr std::size_t field_line = 8192;   // octets without CRLF
    static constexpr std::size_t fields = 64;         // field lines of one request
    static constexpr std::size_t requests = 100;      // on one connection
};

/// A refusal of the request: its status code. The connection closes with it.
struct BadRequest {
    int status;
    std::string_view why;
};

/// A request's head, taken line by line. Throws BadRequest.
class Request {
public:
    /// 400 no such grammar, 505 another version.
    void take_request_line(std::string_view line);
    /// One field line: 400 bad grammar or a second Host, 413 a body is announced, 431 too many.
    void take_field(std::string_view line);
    /// After the last field line: 400 when HTTP/1.1 named no host (RFC 9112 3.2).
    void finish() const;

    const std::string& method() const noexcept { return method_; }
    const std::string& path() const noexcept { return path_; } // "/..." without the query
    /// The host asked for, lower case, without its port; none: HTTP/1.0 without a Host.
    const std::optional<std::string>& host() const noexcept { return host_; }
    bool keep_alive() const noexcept { return keep_alive_; }

private:
    void take_target(std::string_view target);
    void take_host(std::string_view value);
    std::string method_, path_;
    std::optional<std::string> host_;
    std::size_t fields_ = 0;
    bool old_ = false; // HTTP/1.0
    bool keep_alive_ = true, absolute_ = false, host_seen_ = false;
};

} // namespace pillarbox::webstatus
