// Judges the figures: one sentence for the whole site, one tile for each part.
#include "webstatus/verdict.h"

#include <algorithm>

namespace pillarbox::webstatus {

namespace {

constexpr std::uint64_t long_queue = 1000;              // recipients: more than a worker clears in a few seconds
constexpr std::uint64_t near_floor = 2;                 // times the floor: a warning in time to make room
constexpr std::int64_t certificate_notice = 14 * 86400; // what certificate agents leave at the least

/// What is wrong with a part, in a sentence that says what to do; "" when nothing is.
struct Finding {
    Tile tile;
    std::string sentence;
};

Finding judge_listeners(const SiteStatus& status, const std::string& name, const ProtocolStatus& protocol,
                        const std::vector<std::string>& services) {
    Finding finding{{Level::good, name, grouped(protocol.now) + (protocol.now == 1 ? " session" : " sessions"),
                     grouped(protocol.total) + " since the start"},
                    ""};
    std::size_t configured = 0;
    for (const auto& listener : status.listeners) {
        if (std::find(services.begin(), services.end(), listener.service) == services.end()) continue;
        ++configured;
        if (listener.open) continue;
        finding.tile.level = Level::bad;
        finding.tile.note = listener.address + " is closed";
        finding.sentence = "The " + listener.service + " listener at " + listener.address +
                           " is closed: see the log for the reason, then restart the server.";
    }
    if (configured == 0) finding.tile.figure = "off";
    return finding;
}

Finding judge_queue(const SiteStatus& status) {
    Finding finding{{Level::good, "Queue", status.queue == 0 ? "empty" : grouped(status.queue) + " waiting",
                     grouped(status.delivered) + " delivered"},
                    ""};
    if (status.queue > long_queue) {
        finding.tile.level = Level::warning;
        finding.sentence = grouped(status.queue) + " deliveries are waiting: if the number does not fall, see the log "
                                                   "or raise [spool] workers.";
    }
    return finding;
}

Finding judge_disk(const SiteStatus& status) {
    const std::string floor = in_words_octets(status.disk_floor);
    Finding finding{
        {Level::good, "Disk", in_words_octets(status.disk_free) + " free", "mail is refused below " + floor}, ""};
    if (!status.accepting || !status.trouble.empty()) {
        finding.tile.level = status.accepting ? Level::warning : Level::bad;
        finding.sentence = status.accepting ? "The mailstore has a problem: " : "New mail is refused for now: ";
        finding.sentence += !status.trouble.empty() ? status.trouble : "make room on the disk of the data folder";
        finding.sentence += '.';
    } else if (status.disk_free < status.disk_floor * near_floor) {
        finding.tile.level = Level::warning;
        finding.sentence = "The disk is nearly full: below " + floor + " free, new mail is refused. Make room.";
    }
    return finding;
}

Finding judge_certificate(const SiteStatus& status) {
    if (status.certificate_not_after == 0) {
        return {{Level::warning, "Certificate", "none", "nothing is encrypted"},
                "There is no certificate: no connection is encrypted. Set [tls] certificate and key."};
    }
    const std::int64_t left = status.certificate_not_after - status.now;
    Finding finding{{Level::good, "Certificate", in_words_seconds(left - left % 86400), "until it expires"}, ""};
    if (left <= 0) {
        finding.tile = {Level::bad, "Certificate", "expired", in_words_seconds(-left) + " ago"};
        finding.sentence = "The certificate has expired: mail programs will refuse to connect. Renew " +
                           status.certificate_name + " and send the server SIGHUP.";
    } else if (left < certificate_notice) {
        finding.tile.level = Level::warning;
        finding.tile.figure = in_words_seconds(left);
        finding.sentence = "The certificate expires in " + in_words_seconds(left) + ": renew " +
                           status.certificate_name + " and send the server SIGHUP.";
    }
    return finding;
}

Finding judge_accounts(const SiteStatus& status) {
    Finding finding{{Level::good, "Accounts", grouped(status.accounts), "at " + status.domain}, ""};
    if (status.accounts == 0) {
        finding.tile.level = Level::warning;
        finding.sentence =
            "Nobody is enrolled yet: every recipient is refused. `pillarbox enroll NAME` adds the first.";
    }
    return finding;
}

} // namespace

std::string_view to_string(Level level) {
    return level == Level::good ? "good" : level == Level::warning ? "warning" : "bad";
}

Verdict judge(const SiteStatus& status) {
    const std::vector<Finding> findings{
        judge_listeners(status, "SMTP", status.smtp, {"SMTP", "submission", "submissions"}),
        judge_listeners(status, "IMAP", status.imap, {"IMAP", "IMAPS"}),
        judge_queue(status),
        judge_disk(status),
        judge_certificate(status),
        judge_accounts(status)};
    Verdict verdict{Level::good, "All is well.", {}, {}};
    for (const auto& finding : findings) verdict.tiles.push_back(finding.tile);
    for (const Level level : {Level::bad, Level::warning}) { // the worst leads; of equals, the first
        for (const auto& finding : findings) {
            if (finding.tile.level == level) verdict.others.emplace_back(level, finding.sentence);
        }
    }
    if (verdict.others.empty()) return verdict;
    verdict.level = verdict.others.front().first;
    verdict.sentence = verdict.others.front().second;
    verdict.others.erase(verdict.others.begin());
    return verdict;
}

} // namespace pillarbox::webstatus
