// What to answer to a request: resources, refusals, and the head that goes before them (RFC 9110).
#include "webstatus/response.h"

#include "webstatus/page.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <ctime>

namespace pillarbox::webstatus {

namespace {

std::string_view reason(int status) {
    switch (status) {
    case 200:
        return "OK";
    case 400:
        return "Bad Request";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 408:
        return "Request Timeout";
    case 413:
        return "Content Too Large";
    case 414:
        return "URI Too Long";
    case 421:
        return "Misdirected Request";
    case 431:
        return "Request Header Fields Too Large";
    case 501:
        return "Not Implemented";
    case 503:
        return "Service Unavailable";
    case 505:
        return "HTTP Version Not Supported";
    default:
        return "";
    }
}

bool is_known_method(const std::string& method) {
    constexpr std::array<std::string_view, 8> known{"POST",    "PUT",   "DELETE", "CONNECT",
                                                    "OPTIONS", "TRACE", "PATCH",  "QUERY"};
    return std::find(known.begin(), known.end(), method) != known.end();
}

bool is_numeric(const std::string& host) {
    in6_addr address{};
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
        return inet_pton(AF_INET6, host.substr(1, host.size() - 2).c_str(), &address) == 1;
    }
    return inet_pton(AF_INET, host.c_str(), &address) == 1;
}

/// A name that somebody else's DNS has point here is no name of ours; a numeric address is beyond DNS.
bool is_ours(const Service& service, const std::string& host) {
    return host == "localhost" || is_numeric(host) ||
           std::find(service.hosts.begin(), service.hosts.end(), host) != service.hosts.end();
}

Response health(const Service& service) {
    const Verdict verdict = judge(service.status());
    return {verdict.level == Level::bad ? 503 : 200, "application/json", render_health(verdict)};
}

Response page(const Service& service) {
    const SiteStatus status = service.status();
    // Refresh makes an open page follow without script.
    return {200, "text/html; charset=utf-8", render_page(status, judge(status)), "Refresh: 15\r\n"};
}

Response figures(const Service& service) {
    const SiteStatus status = service.status();
    return {200, "application/json", render_json(status, judge(status))};
}

std::string http_date(std::int64_t now) { // RFC 9110 5.6.7, in C's locale, which we never change
    const std::time_t time = now;
    std::tm parts{};
    gmtime_r(&time, &parts);
    std::array<char, 64> text{};
    std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
    return text.data();
}

} // namespace

Response refuse(int status, std::string_view why) {
    return {status, "text/plain; charset=utf-8",
            std::to_string(status) + " " + std::string(reason(status)) + ": " + std::string(why) + "\n"};
}

Response respond(const Service& service, const Request& request) {
    if (request.method() != "GET" && request.method() != "HEAD") {
        if (!is_known_method(request.method())) return refuse(501, "this method is not known here");
        Response response = refuse(405, "only GET and HEAD are served");
        response.fields = "Allow: GET, HEAD\r\n"; // RFC 9110 15.5.6
        return response;
    }
    if (request.host() && !is_ours(service, *request.host())) return refuse(421, "this server has another name");
    const std::string& path = request.path();
    if (path == "/") return page(service);
    if (path == "/healthz") return health(service);
    if (path == "/status.json") return figures(service);
    if (path == "/style.css") return {200, "text/css; charset=utf-8", std::string(style_css)};
    if (path == "/icon.svg") return {200, "image/svg+xml", std::string(icon_svg)};
    return refuse(404, "there is nothing at this address");
}

std::string format(const Response& response, bool head_only, bool keep_alive, std::int64_t now) {
    std::string text = "HTTP/1.1 " + std::to_string(response.status) + " " + std::string(reason(response.status)) +
                       "\r\nDate: " + http_date(now) + "\r\nContent-Type: " + std::string(response.type) +
                       "\r\nContent-Length: " + std::to_string(response.body.size()) +
                       "\r\nConnection: " + (keep_alive ? "keep-alive" : "close") + "\r\n";
    text += response.fields;
    text += "Cache-Control: no-store\r\n"
            "Content-Security-Policy: default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
            "form-action 'none'; frame-ancestors 'none'\r\n"
            "X-Content-Type-Options: nosniff\r\n"
            "Referrer-Policy: no-referrer\r\n"
            "Cross-Origin-Resource-Policy: same-origin\r\n\r\n";
    if (!head_only) text += response.body;
    return text;
}

} // namespace pillarbox::webstatus
