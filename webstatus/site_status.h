// What the status page shows, as the appliance hands it over: plain figures of one moment.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace pillarbox::webstatus {

/// One address the server listens on.
struct ListenerStatus {
    std::string service; // "SMTP", "submission", "IMAP", "status page"
    std::string address; // "[::]:25"
    std::string tls;     // "on", "STARTTLS", "none"
    bool open = true;    // false: it should be open and is not
};

/// Sessions of one protocol.
struct ProtocolStatus {
    std::uint64_t now = 0;   // sessions open at this moment
    std::uint64_t total = 0; // sessions since the start
};

struct SiteStatus {
    std::string hostname, domain, version;
    std::int64_t now = 0;            // Unix seconds
    std::int64_t uptime = 0;         // seconds
    std::uint64_t memory_octets = 0; // resident; 0: unknown
    std::vector<ListenerStatus> listeners;
    ProtocolStatus smtp, imap, web;
    std::uint64_t queue = 0;                   // recipients accepted and not yet delivered
    std::uint64_t accepted = 0, delivered = 0; // messages in, deliveries made; like the next four, since the start
    std::uint64_t refused_recipients = 0, refused_messages = 0; // by SMTP
    std::uint64_t failed_logins = 0;                            // at submission
    std::uint64_t postponed = 0;                                // deliveries that have to be tried again
    std::uint64_t commits = 0;                                  // transactions since the start
    double last_commit_ms = 0;
    std::uint64_t disk_free = 0, disk_floor = 0; // octets; below the floor mail is refused
    bool accepting = true;                       // false: new mail gets 452
    std::string trouble;                         // the store's own words; "" when all is well
    std::int64_t certificate_not_after = 0;      // Unix seconds; 0: there is no certificate
    std::string certificate_name;                // its file
    std::uint64_t accounts = 0;
    std::string problems; // the latest lines of the log at `problem` or worse, oldest first
};

} // namespace pillarbox::webstatus
