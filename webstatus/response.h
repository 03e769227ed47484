// What to answer to a request: resources, refusals, and the head that goes before them (RFC 9110).
#pragma once

#include "webstatus/request.h"
#include "webstatus/service.h"

#include <string>
#include <string_view>

namespace pillarbox::webstatus {

struct Response {
    int status = 200;
    std::string_view type; // media type of the body
    std::string body;
    std::string_view fields = ""; // further field lines, with CRLF
};

/// The answer to a well-formed request.
Response respond(const Service& service, const Request& request);
/// The answer to one that is not, or cannot be served.
Response refuse(int status, std::string_view why);

/// The octets to send.
/// @param head_only  HEAD: the head that GET would get, no body (RFC 9110 9.3.2)
std::string format(const Response& response, bool head_only, bool keep_alive, std::int64_t now);

} // namespace pillarbox::webstatus
