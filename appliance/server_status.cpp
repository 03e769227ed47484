// The figures a server hands to its status page.
#include "appliance/runtime/log.h"
#include "appliance/server_impl.h"

#include <cstdio>
#include <unistd.h>

namespace pillarbox::appliance {

namespace {

/// Resident octets as the kernel counts them; 0 where there is no /proc.
std::uint64_t resident_octets() {
    std::FILE* const file = std::fopen("/proc/self/statm", "r");
    if (file == nullptr) return 0;
    unsigned long long size = 0, resident = 0;
    const int fields = std::fscanf(file, "%llu %llu", &size, &resident);
    std::fclose(file);
    return fields == 2 ? resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE)) : 0;
}

} // namespace

webstatus::SiteStatus Server::Impl::status() {
    constexpr std::size_t problem_lines = 12;
    const auto settings_now = settings();
    const store::StoreStatus figures = mail->status();
    webstatus::SiteStatus site;
    site.hostname = settings_now->site.hostname;
    site.domain = mail->directory()->site_domain;
    site.version = PILLARBOX_VERSION;
    site.now = runtime::unix_seconds();
    site.uptime = std::chrono::duration_cast<std::chrono::seconds>(runtime::clock().monotonic() - started).count();
    site.memory_octets = resident_octets();
    site.listeners = listener_status;
    site.smtp = {smtp->session_count(), smtp_total};
    site.imap = {imap->session_count(), imap_total};
    site.web = {web.sessions_now, web.sessions_total};
    site.queue = figures.spool_length;
    site.accepted = figures.accepted;
    site.delivered = figures.delivered;
    site.refused_recipients = smtp->counters().refused_recipients;
    site.refused_messages = smtp->counters().refused_messages;
    site.failed_logins = smtp->counters().failed_logins;
    site.postponed = workers->counters().postponed;
    site.commits = figures.commits;
    site.last_commit_ms = figures.last_commit_ms;
    site.disk_free = figures.free_octets;
    site.disk_floor = figures.floor_octets;
    site.accepting = figures.accepting;
    site.trouble = figures.trouble;
    site.certificate_not_after = tls->not_after();
    site.certificate_name = settings_now->tls.certificate;
    site.accounts = figures.accounts;
    site.problems = runtime::recent_problems(problem_lines);
    return site;
}

} // namespace pillarbox::appliance
