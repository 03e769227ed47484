// A healthy site, for tests to spoil.
#pragma once

#include "webstatus/site_status.h"

namespace pillarbox::webstatus {

inline SiteStatus healthy_site() {
    SiteStatus s;
    s.hostname = "mail.example.org";
    s.domain = "example.org";
    s.version = "0.1.0";
    s.now = 1795233630;
    s.uptime = 11545;
    s.memory_octets = 21 << 20;
    s.listeners = {{"SMTP", "[::]:25", "STARTTLS", true},   {"submission", "[::]:587", "STARTTLS", true},
                   {"submissions", "[::]:465", "on", true}, {"IMAP", "[::]:143", "STARTTLS", true},
                   {"IMAPS", "[::]:993", "on", true},       {"status page", "127.0.0.1:8025", "none", true}};
    s.smtp = {2, 1312};
    s.imap = {41, 977};
    s.web = {1, 30};
    s.queue = 0;
    s.accepted = 12345;
    s.delivered = 15432;
    s.commits = 8921;
    s.last_commit_ms = 1.25;
    s.disk_free = 123ULL << 30;
    s.disk_floor = 1ULL << 30;
    s.certificate_not_after = s.now + 80 * 86400;
    s.certificate_name = "tls/cert.pem";
    s.accounts = 12;
    return s;
}

} // namespace pillarbox::webstatus
