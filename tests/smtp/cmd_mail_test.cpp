// MAIL and RCPT: who may send, to whom, how much, how many.
#include "tests/smtp/transcript.h"

using namespace pillarbox;
using namespace pillarbox::smtp;

namespace {

constexpr auto hello = "S: 220 *\nC: HELO a.example\nS: 250 *\n";
constexpr auto sender = "C: MAIL FROM:<a@b.example>\nS: 250 2.1.0 Sender ok\n";

} // namespace

TEST_CASE("smtp MAIL: parameters that were announced, and no others") {
    TestSite site;
    TestClient client(site, mx);
    client(hello);
    client(R"(
        C: MAIL FROM:<a@b.example> SIZE=1000 BODY=8BITMIME
        S: 250 2.1.0 Sender ok
        C: RSET
        S: 250 *
        C: MAIL FROM:<a@b.example> SMTPUTF8
        S: 555 5.5.4 Parameter not recognized
        C: MAIL FROM:<a@b.example> AUTH=<>
        S: 555 5.5.4 Parameter not recognized
        C: MAIL FROM:<a b>
        S: 501 5.1.7 *
        C: RCPT TO:<alice@example.org>
        S: 503 5.5.1 Say MAIL first
        C: mail from: <a@b.example>
        S: 250 2.1.0 Sender ok
        C: rcpt to: <Alice@Example.Org>
        S: 250 2.1.5 Recipient ok
        C: RCPT TO:<alice@example.org> NOTIFY=NEVER
        S: 555 5.5.4 Parameter not recognized
    )");
}

TEST_CASE("smtp MAIL: a declared size of n-1, n and n+1") { // RFC 1870 6.1
    TestSite site;
    site.settings.limits.message = 1000;
    TestClient client(site, mx);
    client(hello);
    client(R"(
        C: MAIL FROM:<a@b.example> SIZE=999
        S: 250 *
        C: RSET
        S: 250 *
        C: MAIL FROM:<a@b.example> SIZE=1000
        S: 250 *
        C: RSET
        S: 250 *
        C: MAIL FROM:<a@b.example> SIZE=1001
        S: 552 5.3.4 Message larger than 1000
        C: MAIL FROM:<a@b.example> SIZE=99999999999999999999
        S: 552 5.3.4 Message larger than 1000
        C: EHLO a.example
        S: 250-mail.example.org
        S: 250-PIPELINING
        S: 250-SIZE 1000
        S: 250-8BITMIME
        S: 250-ENHANCEDSTATUSCODES
        S: 250 STARTTLS
    )");
}

TEST_CASE("smtp RCPT: who is here is taken, others are refused at once") {
    TestSite site;
    TestClient client(site, mx);
    client(hello);
    client(sender);
    client(R"(
        C: RCPT TO:<alice@example.org>
        S: 250 2.1.5 Recipient ok
        C: RCPT TO:<ALICE@EXAMPLE.ORG>
        S: 250 2.1.5 Recipient ok
        C: RCPT TO:<"alice"@example.org>
        S: 250 2.1.5 Recipient ok
        C: RCPT TO:<@relay.example:bob@example.org>
        S: 250 2.1.5 Recipient ok
        C: RCPT TO:<nobody@example.org>
        S: 550 5.1.1 No such user here
        C: RCPT TO:<alice@elsewhere.example>
        S: 550 5.7.1 Relaying denied: elsewhere.example is not served here
        C: RCPT TO:<alice%elsewhere.example@example.org>
        S: 550 5.1.1 No such user here
        C: RCPT TO:<alice@[192.0.2.2]>
        S: 550 5.7.1 Relaying denied: [192.0.2.2] is not served here
        C: RCPT TO:<>
        S: 501 5.1.3 *
        C: DATA
        S: 354 *
        C: to both
        C: .
        S: 250 *
    )");
    site.deliver();
    CHECK(site.messages(site.alice).size() == 1); // however often she was named
    CHECK(site.messages(site.bob).size() == 1);
}

TEST_CASE("smtp RCPT: postmaster is always here, with and without the domain") { // RFC 5321 4.5.1
    TestSite site;
    TestClient client(site, mx);
    client(hello);
    client(R"(
        C: MAIL FROM:<>
        S: 250 *
        C: RCPT TO:<Postmaster>
        S: 250 2.1.5 Recipient ok
        C: RCPT TO:<postmaster@example.org>
        S: 250 2.1.5 Recipient ok
        C: RCPT TO:<postmaster@elsewhere.example>
        S: 550 5.7.1 *
        C: DATA
        S: 354 *
        C: help
        C: .
        S: 250 *
    )");
    site.deliver();
    REQUIRE(site.messages(site.alice).size() == 1); // the first account enrolled
    CHECK(site.messages(site.alice)[0].starts_with("Return-Path: <>\r\nDelivered-To: Postmaster\r\n"));
}

TEST_CASE("smtp RCPT: recipients at n-1, n and n+1; those taken still get their mail") { // RFC 5321 4.5.3.1.10
    TestSite site;
    site.settings.limits.recipients = 2;
    site.test.enroll("carol");
    TestClient client(site, mx);
    client(hello);
    client(sender);
    client(R"(
        C: RCPT TO:<alice@example.org>
        S: 250 *
        C: RCPT TO:<bob@example.org>
        S: 250 *
        C: RCPT TO:<carol@example.org>
        S: 452 4.5.3 Too many recipients
        C: DATA
        S: 354 *
        C: x
        C: .
        S: 250 *
    )");
    site.deliver();
    CHECK(site.messages(site.alice).size() == 1);
    CHECK(site.messages(site.bob).size() == 1);
}

TEST_CASE("smtp RCPT: a full mailbox is refused for now, a message that never fits for good") { // RFC 3463 3.3
    TestSite site;
    store::Limits small;
    small.octets = 1000;
    const store::Account carol = site.test.enroll("carol", small);
    TestClient client(site, mx);
    client(hello);
    client(R"(
        C: MAIL FROM:<a@b.example> SIZE=1001
        S: 250 *
        C: RCPT TO:<carol@example.org>
        S: 552 5.2.3 Message larger than the whole mailbox may be
        C: RSET
        S: 250 *
        C: MAIL FROM:<a@b.example> SIZE=1000
        S: 250 *
        C: RCPT TO:<carol@example.org>
        S: 250 *
        C: DATA
        S: 354 *
        C: taken, and there is a Received field on top of it
        C: .
        S: 250 *
        C: MAIL FROM:<a@b.example> SIZE=900
        S: 250 *
        C: RCPT TO:<carol@example.org>
        S: 452 4.2.2 Mailbox full, try again later
        C: RCPT TO:<alice@example.org>
        S: 250 *
        C: DATA
        S: 354 *
        C: for alice alone
        C: .
        S: 250 *
    )");
    site.deliver();
    CHECK(site.messages(carol).size() == 1);
    CHECK(site.messages(site.alice).size() == 1);
}

TEST_CASE("smtp RCPT: no mail while the disk is full") { // DESIGN 4, Space
    TestSite site;
    site.test.settings().floor_octets = std::uint64_t{1} << 60;
    site.test.open();
    TestClient client(site, mx);
    client(hello);
    client(sender);
    client("C: RCPT TO:<alice@example.org>\nS: 452 4.3.1 Not enough space, try again later\n");
}

TEST_CASE("smtp RSET: ends the envelope, not the session") { // RFC 5321 4.1.1.5
    TestSite site;
    TestClient client(site, mx);
    client(hello);
    client(sender);
    client(R"(
        C: RCPT TO:<alice@example.org>
        S: 250 *
        C: RSET
        S: 250 2.0.0 Ok
        C: RCPT TO:<alice@example.org>
        S: 503 5.5.1 Say MAIL first
    )");
    client(sender);
    client("C: DATA\nS: 503 5.5.1 Say RCPT first\n"); // the old recipients are forgotten
}
