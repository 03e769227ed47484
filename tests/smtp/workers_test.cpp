// The delivery workers: everything accepted arrives once, also after a restart, whatever their number.
#include "tests/smtp/transcript.h"

#include <algorithm>

using namespace pillarbox;
using namespace pillarbox::smtp;

namespace {

std::shared_ptr<const store::SpoolEnvelope> envelope_to(const std::vector<store::Account>& accounts) {
    auto envelope = std::make_shared<store::SpoolEnvelope>();
    envelope->sender = "s@b.example";
    envelope->transaction = "t-1";
    for (const store::Account& account : accounts) {
        store::SpoolRecipient recipient;
        recipient.address = account.name + "@example.org";
        recipient.account = account.id;
        envelope->recipients.push_back(std::move(recipient));
    }
    return envelope;
}

void accept(TestSite& site, const std::vector<store::Account>& accounts, const std::string& octets) {
    store::Incoming message = site.test.message(accounts.front(), octets);
    auto accepted = site.test.store().accept(std::move(message), envelope_to(accounts), {});
    REQUIRE(site.test.run(std::move(accepted)));
}

} // namespace

TEST_CASE("delivery: more recipients than one claim takes each get the message once") {
    TestSite site;
    for (int i = 0; i < 300; ++i) accept(site, {site.alice, site.bob}, "N: " + std::to_string(i) + "\r\n\r\n");
    CHECK(site.test.store().spool().length() == 600);
    site.workers().resize(3);
    site.deliver();
    CHECK(site.messages(site.alice).size() == 300);
    const auto mail = site.messages(site.bob);
    REQUIRE(mail.size() == 300);
    for (int i = 0; i < 300; ++i) {
        const auto same = [&](const std::string& text) {
            return text.ends_with("\r\nN: " + std::to_string(i) + "\r\n\r\n");
        };
        CHECK(std::count_if(mail.begin(), mail.end(), same) == 1);
    }
    CHECK(site.workers().counters().delivered == 600);
    CHECK(site.workers().counters().postponed == 0);
}

TEST_CASE("delivery: what was accepted before a restart is delivered after it, with its prefix") {
    TestSite site;
    accept(site, {site.alice}, "A: b\r\n\r\nbody\r\n");
    site.test.open();
    CHECK(site.test.store().spool().length() == 1);
    site.deliver();
    CHECK(site.messages(site.alice) ==
          std::vector<std::string>{
              "Return-Path: <s@b.example>\r\nDelivered-To: alice@example.org\r\nA: b\r\n\r\nbody\r\n"});
    site.workers().stop();
    while (site.test.loop().tasks() > 0) site.test.loop().run_once(std::chrono::milliseconds(10));
}

TEST_CASE("delivery: a recipient whose account is gone is given up, the others get theirs") {
    TestSite site;
    accept(site, {site.bob, site.alice}, "A: b\r\n\r\n");
    REQUIRE(site.test.run(site.test.store().remove("bob")));
    site.deliver();
    CHECK(site.messages(site.alice).size() == 1);
    CHECK(site.workers().counters().delivered + site.workers().counters().discarded == 2);
    CHECK(site.workers().counters().discarded == 1);
}

TEST_CASE("delivery: workers can be more, fewer and none") {
    TestSite site;
    const auto tasks_settle_at = [&](std::size_t tasks) {
        for (int i = 0; i < 200 && site.test.loop().tasks() != tasks; ++i)
            site.test.loop().run_once(std::chrono::milliseconds(5));
        return site.test.loop().tasks() == tasks;
    };
    site.workers().resize(4);
    CHECK(tasks_settle_at(4));
    site.workers().resize(1); // the three go after their next claim
    CHECK(site.workers().count() == 1);
    for (int i = 0; i < 4; ++i) {
        accept(site, {site.alice}, "A: b\r\n\r\n");
        site.deliver();
    }
    CHECK(tasks_settle_at(1));
    site.workers().resize(2);
    CHECK(tasks_settle_at(2));
    site.workers().stop();
    CHECK(tasks_settle_at(0));
    site.workers().resize(2);
    CHECK(site.test.loop().tasks() == 0);
}

TEST_CASE("delivery: while rules need nothing else, a message is delivered in the transaction that accepts it") {
    TestSite site;
    site.service().deliver_directly(site.workers());
    TestClient client(site, mx);
    client(R"(
        S: 220 *
        C: HELO a.example
        S: 250 *
        C: MAIL FROM:<s@b.example>
        S: 250 *
        C: RCPT TO:<alice@example.org>
        S: 250 *
        C: RCPT TO:<bob@example.org>
        S: 250 *
        C: DATA
        S: 354 *
        C: Subject: x
        C:
        C: body
        C: .
        S: 250 2.0.0 Accepted as *
    )");
    CHECK(site.test.store().spool().length() == 0);
    CHECK(site.workers().counters().delivered == 2);
    REQUIRE(site.messages(site.alice).size() == 1);
    REQUIRE(site.messages(site.bob).size() == 1);
    const std::string mail = site.messages(site.bob)[0];
    CHECK(mail.starts_with("Return-Path: <s@b.example>\r\nDelivered-To: bob@example.org\r\nReceived: from a.example "));
    CHECK(mail.ends_with("Subject: x\r\n\r\nbody\r\n"));
}

TEST_CASE("delivery: an account removed between RCPT and the end of data does not keep the others from theirs") {
    for (const bool direct : {false, true}) {
        TestSite site;
        if (direct) site.service().deliver_directly(site.workers());
        TestClient client(site, mx);
        client("S: 220 *\nC: HELO a.example\nS: 250 *\nC: MAIL FROM:<>\nS: 250 *\nC: RCPT TO:<alice@example.org>\n"
               "S: 250 *\nC: RCPT TO:<bob@example.org>\nS: 250 *\nC: DATA\nS: 354 *\nC: text\n");
        REQUIRE(site.test.run(site.test.store().remove("bob")));
        client("C: .\nS: 250 2.0.0 Accepted as *\n");
        site.deliver();
        CHECK(site.messages(site.alice).size() == 1);
    }
}
