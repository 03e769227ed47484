// The status listener: HTTP/1.1 GET and HEAD on the loops and streams that mail uses (RFC 9110, RFC 9112).
#pragma once

#include "appliance/runtime/task.h"
#include "webstatus/site_status.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace pillarbox::runtime {
class Stream;
}

namespace pillarbox::webstatus {

/// What all connections share. It outlives them.
struct Service {
    /// The figures of this moment; called on any loop, so it does not block.
    std::function<SiteStatus()> status;
    /// Names this server answers to, lower case, beside localhost and numeric addresses: a page of another origin that
    /// has its own name point here (DNS rebinding) gets 421.
    std::vector<std::string> hosts;
    std::chrono::seconds request_time{20}; // a whole request head; an idle kept connection ends after it too
    std::uint64_t most_sessions = 1000;    // more are told 503

    std::atomic<std::uint64_t> sessions_now{0}, sessions_total{0};
};

/// One connection, to its end.
runtime::Task<void> serve(Service& service, std::unique_ptr<runtime::Stream> stream);

} // namespace pillarbox::webstatus
