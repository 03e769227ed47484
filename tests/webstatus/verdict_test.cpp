// The verdict: which figures make it good, a warning or bad, and the words it uses.
#include "tests/webstatus/example.h"
#include "webstatus/verdict.h"

#include <doctest/doctest.h>

#include <stdexcept>

using namespace pillarbox::webstatus;

namespace {

const Tile& tile(const Verdict& verdict, const std::string& name) {
    for (const auto& each : verdict.tiles) {
        if (each.name == name) return each;
    }
    throw std::logic_error("no tile " + name);
}

} // namespace

TEST_CASE("verdict: a healthy site is well in one sentence and six tiles") {
    const Verdict verdict = judge(healthy_site());
    CHECK(verdict.level == Level::good);
    CHECK(verdict.sentence == "All is well.");
    REQUIRE(verdict.tiles.size() == 6);
    CHECK(tile(verdict, "SMTP").figure == "2 sessions");
    CHECK(tile(verdict, "IMAP").note == "977 since the start");
    CHECK(tile(verdict, "Queue").figure == "empty");
    CHECK(tile(verdict, "Disk").figure == "123 GiB free");
    CHECK(tile(verdict, "Certificate").figure == "80 days");
    CHECK(tile(verdict, "Accounts").note == "at example.org");
}

TEST_CASE("verdict: a closed listener is bad and named") {
    SiteStatus site = healthy_site();
    site.listeners[4].open = false;
    const Verdict verdict = judge(site);
    CHECK(verdict.level == Level::bad);
    CHECK(verdict.sentence ==
          "The IMAPS listener at [::]:993 is closed: see the log for the reason, then restart the server.");
    CHECK(tile(verdict, "IMAP").level == Level::bad);
    CHECK(tile(verdict, "SMTP").level == Level::good);
}

TEST_CASE("verdict: a protocol without listeners is off, not broken") {
    SiteStatus site = healthy_site();
    site.listeners.resize(3);
    CHECK(tile(judge(site), "IMAP").figure == "off");
    CHECK(judge(site).level == Level::good);
}

TEST_CASE("verdict: more than 1000 waiting deliveries are a warning") {
    SiteStatus site = healthy_site();
    for (const std::uint64_t queue : {1u, 999u, 1000u}) {
        site.queue = queue;
        CHECK(judge(site).level == Level::good);
    }
    site.queue = 1001;
    CHECK(judge(site).level == Level::warning);
    CHECK(tile(judge(site), "Queue").figure == "1,001 waiting");
}

TEST_CASE("verdict: the disk warns below twice the floor and is bad when mail is refused") {
    SiteStatus site = healthy_site();
    site.disk_free = 2 * site.disk_floor;
    CHECK(judge(site).level == Level::good);
    site.disk_free -= 1;
    CHECK(judge(site).sentence == "The disk is nearly full: below 1.0 GiB free, new mail is refused. Make room.");
    site.accepting = false;
    CHECK(judge(site).level == Level::bad);
    CHECK(judge(site).sentence == "New mail is refused for now: make room on the disk of the data folder.");
    site.trouble = "volume 1 is closed after an I/O error";
    CHECK(judge(site).sentence == "New mail is refused for now: volume 1 is closed after an I/O error.");
    site.accepting = true;
    CHECK(judge(site).level == Level::warning);
}

TEST_CASE("verdict: the certificate warns two weeks ahead and is bad from its last second on") {
    SiteStatus site = healthy_site();
    site.certificate_not_after = site.now + 14 * 86400;
    CHECK(judge(site).level == Level::good);
    site.certificate_not_after -= 1;
    CHECK(judge(site).sentence ==
          "The certificate expires in 13 days 23 h: renew tls/cert.pem and send the server SIGHUP.");
    site.certificate_not_after = site.now + 1;
    CHECK(judge(site).level == Level::warning);
    site.certificate_not_after = site.now;
    CHECK(judge(site).level == Level::bad);
    CHECK(tile(judge(site), "Certificate").figure == "expired");
    site.certificate_not_after = 0;
    CHECK(tile(judge(site), "Certificate").figure == "none");
}

TEST_CASE("verdict: the worst finding leads, whatever its place") {
    SiteStatus site = healthy_site();
    site.queue = 5000;
    site.certificate_not_after = site.now - 86400;
    site.accounts = 0;
    const Verdict verdict = judge(site);
    CHECK(verdict.sentence.substr(0, 27) == "The certificate has expired");
    REQUIRE(verdict.others.size() == 2);
    CHECK(verdict.others[0].second.substr(0, 28) == "5,000 deliveries are waiting");
    CHECK(verdict.others[1].second.substr(0, 22) == "Nobody is enrolled yet");
}

TEST_CASE("words: octets, seconds and digits as people read them") {
    CHECK(in_words_octets(0) == "0 octets");
    CHECK(in_words_octets(1023) == "1023 octets");
    CHECK(in_words_octets(1024) == "1.0 KiB");
    CHECK(in_words_octets(13207024435) == "12.3 GiB");
    CHECK(in_words_octets(~0ULL) == "16.0 EiB");
    CHECK(in_words_seconds(-1) == "0 s");
    CHECK(in_words_seconds(59) == "59 s");
    CHECK(in_words_seconds(60) == "1 min");
    CHECK(in_words_seconds(3599) == "59 min 59 s");
    CHECK(in_words_seconds(93784) == "1 day 2 h");
    CHECK(in_words_seconds(172800) == "2 days");
    CHECK(grouped(0) == "0");
    CHECK(grouped(999) == "999");
    CHECK(grouped(1000) == "1,000");
    CHECK(grouped(1234567) == "1,234,567");
}
