// The conversation: order of commands, lines that are none, limits of a session, ways it ends.
#include "tests/runtime/shifted_clock.h"
#include "tests/smtp/transcript.h"

using namespace pillarbox;
using namespace pillarbox::smtp;

TEST_CASE("smtp session: a typical transaction") { // RFC 5321 D.1
    TestSite site;
    TestClient client(site, mx);
    client(R"(
        S: 220 mail.example.org ESMTP pillarbox
        C: EHLO bar.com
        S: 250-mail.example.org
        S: 250-PIPELINING
        S: 250-SIZE 52428800
        S: 250-8BITMIME
        S: 250-ENHANCEDSTATUSCODES
        S: 250 STARTTLS
        C: MAIL FROM:<Smith@bar.com>
        S: 250 2.1.0 Sender ok
        C: RCPT TO:<alice@example.org>
        S: 250 2.1.5 Recipient ok
        C: RCPT TO:<Green@example.org>
        S: 550 5.1.1 No such user here
        C: RCPT TO:<bob@example.org>
        S: 250 2.1.5 Recipient ok
        C: DATA
        S: 354 Start mail input; end with <CRLF>.<CRLF>
        C: Subject: Blah
        C:
        C: Blah blah blah...
        C: ..etc. etc. etc.
        C: .
        S: 250 2.0.0 Accepted as *
        C: QUIT
        S: 221 2.0.0 mail.example.org closing connection
        S: [closed]
    )");
    site.deliver();
    const auto mail = site.messages(site.alice);
    REQUIRE(mail.size() == 1);
    CHECK(mail[0].starts_with("Return-Path: <Smith@bar.com>\r\nDelivered-To: alice@example.org\r\n"
                              "Received: from bar.com ([192.0.2.1])\r\n\tby mail.example.org with ESMTP id "));
    CHECK(mail[0].ends_with(" +0000\r\nSubject: Blah\r\n\r\nBlah blah blah...\r\n.etc. etc. etc.\r\n"));
    CHECK(site.messages(site.bob).size() == 1);
    CHECK(site.service().counters().accepted == 1);
    CHECK(site.service().counters().refused_recipients == 1);
}

TEST_CASE("smtp session: an aborted transaction leaves nothing") { // RFC 5321 D.2
    TestSite site;
    TestClient client(site, mx);
    client(R"(
        S: 220 *
        C: EHLO bar.com
        S: 250-mail.example.org
        S: 250-PIPELINING
        S: 250-SIZE *
        S: 250-8BITMIME
        S: 250-ENHANCEDSTATUSCODES
        S: 250 STARTTLS
        C: MAIL FROM:<Smith@bar.com>
        S: 250 *
        C: RCPT TO:<alice@example.org>
        S: 250 *
        C: RCPT TO:<Green@example.org>
        S: 550 *
        C: RSET
        S: 250 2.0.0 Ok
        C: DATA
        S: 503 5.5.1 Say MAIL first
        C: QUIT
        S: 221 *
        S: [closed]
    )");
    CHECK(site.test.store().spool().length() == 0);
}

TEST_CASE("smtp session: the scenarios of RFC 5321 D.4 and 3.5: VRFY, HELP, NOOP at any time") {
    TestSite site;
    TestClient client(site, mx);
    client(R"(
        S: 220 *
        C: VRFY Crispin
        S: 252 2.0.0 Cannot VRFY user, but will accept message and attempt delivery
        C: VRFY
        S: 501 5.5.4 Say VRFY ADDRESS
        C: EXPN list
        S: 502 5.5.1 Command not implemented
        C: SEND FROM:<a@b.example>
        S: 502 5.5.1 *
        C: HELP
        S: 214-2.0.0 pillarbox speaks ESMTP (RFC 5321):
        S: 214 2.0.0 EHLO *
        C: HELP MAIL
        S: 214-2.0.0 *
        S: 214 2.0.0 *
        C: NOOP
        S: 250 2.0.0 Ok
        C: noop whatever this is
        S: 250 2.0.0 Ok
        C: RSET
        S: 250 2.0.0 Ok
        C: RSET now
        S: 501 5.5.4 Unexpected text at the end of the command
        C: QUIT now
        S: 501 5.5.4 Unexpected text at the end of the command
        C: quit
        S: 221 *
        S: [closed]
    )");
}

TEST_CASE("smtp session: commands out of order are refused and change nothing") { // RFC 5321 4.1.4
    TestSite site;
    TestClient client(site, mx);
    client(R"(
        S: 220 *
        C: MAIL FROM:<a@b.example>
        S: 503 5.5.1 Say EHLO first
        C: RCPT TO:<alice@example.org>
        S: 503 5.5.1 Say EHLO first
        C: DATA
        S: 503 5.5.1 Say EHLO first
        C: EHLO
        S: 501 5.5.4 Bad domain name
        C: HELO old.example
        S: 250 mail.example.org
        C: RCPT TO:<alice@example.org>
        S: 503 5.5.1 Say MAIL first
        C: DATA
        S: 503 5.5.1 Say MAIL first
        C: MAIL FROM:<a@b.example>
        S: 250 2.1.0 Sender ok
        C: MAIL FROM:<c@d.example>
        S: 503 5.5.1 A transaction is open already; say RSET to end it
        C: DATA
        S: 503 5.5.1 Say RCPT first
        C: DATA now
        S: 501 5.5.4 *
        C: RCPT TO:<nobody@example.org>
        S: 550 5.1.1 *
        C: DATA
        S: 554 5.5.1 No valid recipients
        C: EHLO bad name
        S: 501 *
        C: RCPT TO:<alice@example.org>
        S: 250 2.1.5 Recipient ok
        C: HELO again.example
        S: 250 mail.example.org
        C: DATA
        S: 503 5.5.1 Say MAIL first
    )");
}

TEST_CASE("smtp session: lines that are no commands") { // RFC 5321 2.3.8, 4.2.4
    TestSite site;
    TestClient client(site, mx);
    client(R"(
        S: 220 *
        C: XYZZY
        S: 500 5.5.2 Command not recognized
        C:
        S: 500 5.5.2 Command not recognized
        C: MAILFROM:<a@b>
        S: 500 5.5.2 Command not recognized
        R: NOOP\0\r\n
        S: 500 5.5.2 Control octet in the command
        R: NO\rOP\r\n
        S: 500 5.5.2 Control octet in the command
        R: NOOP\r\r\n
        S: 500 5.5.2 Control octet in the command
        R: NOOP\t \r\n
        S: 250 2.0.0 Ok
    )");
}

TEST_CASE("smtp session: a bare LF ends no line: what follows it is never carried out") { // RFC 5321 2.3.8
    TestSite site;
    TestClient client(site, mx);
    client(R"(
        S: 220 *
        C: HELO a.example
        S: 250 *
        R: NOOP\nMAIL FROM:<a@b.example>\r\n
        S: 500 5.5.2 Lines end in CRLF (RFC 5321 2.3.8)
        C: RCPT TO:<alice@example.org>
        S: 503 5.5.1 Say MAIL first
        R: NOOP\nNOOP\n
        S: 500 5.5.2 Lines end in CRLF (RFC 5321 2.3.8)
        S: 500 5.5.2 Lines end in CRLF (RFC 5321 2.3.8)
        R: \r\n
        C: NOOP
        S: 250 2.0.0 Ok
    )");
}

TEST_CASE("smtp session: a pipelined group is answered in order and together") { // RFC 2920
    TestSite site;
    TestClient client(site, mx);
    client(R"(
        S: 220 *
        C: EHLO a.example
        C: MAIL FROM:<a@b.example>
        C: RCPT TO:<alice@example.org>
        C: RCPT TO:<nobody@example.org>
        C: DATA
        S: 250-mail.example.org
        S: 250-PIPELINING
        S: 250-SIZE *
        S: 250-8BITMIME
        S: 250-ENHANCEDSTATUSCODES
        S: 250 STARTTLS
        S: 250 2.1.0 Sender ok
        S: 250 2.1.5 Recipient ok
        S: 550 5.1.1 No such user here
        S: 354 *
        C: one
        C: .
        C: MAIL FROM:<>
        C: RCPT TO:<bob@example.org>
        C: DATA
        C: two
        C: .
        C: QUIT
        S: 250 2.0.0 Accepted as *
        S: 250 2.1.0 Sender ok
        S: 250 2.1.5 Recipient ok
        S: 354 *
        S: 250 2.0.0 Accepted as *
        S: 221 *
        S: [closed]
    )");
    site.deliver();
    CHECK(site.messages(site.alice).size() == 1);
    REQUIRE(site.messages(site.bob).size() == 1);
    CHECK(site.messages(site.bob)[0].starts_with("Return-Path: <>\r\n"));
}

TEST_CASE("smtp session: the same answers wherever the input is cut") {
    const std::string input = "EHLO a.example\r\nMAIL FROM:<a@b.example> SIZE=5\r\nRCPT TO:<alice@example.org>\r\n"
                              "DATA\r\nA: b\r\n\r\n..x\r\n.\r\nNOOP\r\nbad\nbad\r\nQUIT\r\n";
    const auto answers = [&](TestSite& site, std::size_t first, std::size_t step) {
        TestClient client(site, mx);
        for (std::size_t at = 0; at < input.size();) {
            const std::size_t size = at == 0 ? first : step;
            client.send(std::string_view(input).substr(at, size));
            while (site.test.loop().run_once(std::chrono::milliseconds(0))) {
            }
            at += size;
        }
        std::string all;
        for (std::string line; line != "[closed]" && line != "[nothing]"; all += line + "\n") {
            line = client.next_line();
            if (line.starts_with("250 2.0.0 Accepted as")) line.resize(22);
        }
        return all;
    };
    TestSite site;
    const std::string whole = answers(site, input.size(), 1);
    CHECK(whole.ends_with("250 2.0.0 Accepted as \n250 2.0.0 Ok\n500 5.5.2 Lines end in CRLF (RFC 5321 2.3.8)\n"
                          "221 2.0.0 mail.example.org closing connection\n[closed]\n"));
    for (std::size_t at = 1; at < input.size(); ++at) {
        CAPTURE(at);
        CHECK(answers(site, at, input.size()) == whole);
    }
    CHECK(answers(site, 1, 1) == whole);
    site.deliver();
    for (const std::string& mail : site.messages(site.alice)) CHECK(mail.ends_with("A: b\r\n\r\n.x\r\n"));
}

TEST_CASE("smtp session: command lines at n-1, n and n+1 octets") { // RFC 5321 4.5.3.1.4
    TestSite site;
    const std::size_t limit = site.settings.limits.command_line;
    const auto noop = [](std::size_t octets) { return "NOOP " + std::string(octets - 7, 'x') + "\r\n"; };
    for (const Role role : {mx, submission}) {
        TestClient client(site, role);
        CHECK(client.next_line().starts_with("220 "));
        client.send(noop(limit - 1));
        CHECK(client.next_line() == "250 2.0.0 Ok");
        client.send(noop(limit));
        CHECK(client.next_line() == "250 2.0.0 Ok");
        client.send(noop(limit + 1));
        CHECK(client.next_line() == "500 5.5.2 Line too long");
        client.send(noop(100'000));
        CHECK(client.next_line() == "500 5.5.2 Line too long");
        client.send("NOOP\r\n");
        CHECK(client.next_line() == "250 2.0.0 Ok");
    }
}

TEST_CASE("smtp session: ends after too many errors") {
    TestSite site;
    site.settings.limits.errors = 3;
    TestClient client(site, mx);
    client(R"(
        S: 220 *
        C: BAD
        S: 500 *
        C: BAD
        S: 500 *
        C: BAD
        S: 500 *
        C: NOOP
        S: 250 *
        C: BAD
        S: 500 *
        S: 421 4.7.0 mail.example.org Too many errors or idle commands, closing
        S: [closed]
    )");
}

TEST_CASE("smtp session: ends after too many commands that move no mail; a message accepted starts anew") {
    TestSite site;
    site.settings.limits.commands_without_mail = 3;
    TestClient client(site, mx);
    client(R"(
        S: 220 *
        C: HELO a.example
        S: 250 *
        C: NOOP
        S: 250 *
        C: RSET
        S: 250 *
        C: MAIL FROM:<a@b.example>
        S: 250 *
        C: RCPT TO:<alice@example.org>
        S: 250 *
        C: DATA
        S: 354 *
        C: .
        S: 250 *
        C: NOOP
        S: 250 *
        C: NOOP
        S: 250 *
        C: NOOP
        S: 250 *
        C: NOOP
        S: 250 *
        S: 421 4.7.0 *
        S: [closed]
    )");
}

TEST_CASE("smtp session: a silent peer is sent away after 5 minutes") { // RFC 5321 4.5.3.2.7
    ShiftedClock clock;
    const runtime::ClockOverride shifted(clock);
    TestSite site;
    TestClient client(site, mx);
    CHECK(client.next_line().starts_with("220 "));
    clock.shift(std::chrono::seconds(299));
    client("C: NOOP\nS: 250 *\n");
    clock.shift(std::chrono::seconds(299));
    client("");
    CHECK_FALSE(client.peer.closed_by_session());
    clock.shift(std::chrono::seconds(2));
    client("S: 421 4.4.2 mail.example.org Nothing heard for too long, closing\nS: [closed]\n");
}

TEST_CASE("smtp session: the owner's stop ends sessions with 421 and refuses new ones") { // RFC 5321 3.8
    TestSite site;
    TestClient idle(site, mx);
    TestClient busy(site, mx);
    idle("S: 220 *\n");
    busy("S: 220 *\nC: HELO a.example\nS: 250 *\nC: MAIL FROM:<a@b.example>\nS: 250 *\n"
         "C: RCPT TO:<alice@example.org>\nS: 250 *\nC: DATA\nS: 354 *\nC: one line\n");
    site.service().stop("Shutting down");
    idle("S: 421 4.3.2 mail.example.org Shutting down\nS: [closed]\n");
    busy("C: .\nS: 250 2.0.0 Accepted *\nS: 421 4.3.2 mail.example.org Shutting down\nS: [closed]\n");
    TestClient late(site, mx);
    late("S: 421 4.3.2 mail.example.org Shutting down\nS: [closed]\n");
}

TEST_CASE("smtp session: one can be dropped, the others go on; the list says who is there") {
    TestSite site;
    TestClient first(site, mx);
    TestClient second(site, submission, "198.51.100.7");
    first("S: 220 *\nC: HELO a.example\nS: 250 *\nC: MAIL FROM:<a@b.example>\nS: 250 *\n");
    second("S: 220 *\n");
    const auto sessions = site.service().sessions();
    REQUIRE(sessions.size() == 2);
    CHECK(sessions[0].role == "mx");
    CHECK(sessions[0].address == "192.0.2.1");
    CHECK(sessions[0].state == "envelope");
    CHECK(sessions[0].last_command == "MAIL");
    CHECK(sessions[1].role == "submission");
    CHECK(sessions[1].state == "connected");
    CHECK(site.service().drop(sessions[1].id, "Dropped by the administrator"));
    second("S: 421 4.3.2 mail.example.org Dropped by the administrator\nS: [closed]\n");
    first("C: NOOP\nS: 250 *\n");
    CHECK(site.service().session_count() == 1);
    CHECK_FALSE(site.service().drop(sessions[1].id, "again"));
}

TEST_CASE("smtp session: connections at n-1, n and n+1") {
    TestSite site;
    site.settings.max_sessions = 2;
    TestClient first(site, mx);
    TestClient second(site, mx);
    TestClient third(site, mx);
    first("S: 220 *\n");
    second("S: 220 *\n");
    third("S: 421 4.3.2 mail.example.org Too many connections, try again later\nS: [closed]\n");
    TestClient fourth(site, mx);
    fourth("S: 421 *\nS: [closed]\n");
    first("C: QUIT\nS: 221 *\nS: [closed]\n");
    TestClient fifth(site, mx);
    fifth("S: 220 *\n");
}

TEST_CASE("smtp session: a peer that goes away in the middle of data leaves nothing") {
    TestSite site;
    {
        TestClient client(site, mx);
        client("S: 220 *\nC: HELO a.example\nS: 250 *\nC: MAIL FROM:<a@b.example>\nS: 250 *\n"
               "C: RCPT TO:<alice@example.org>\nS: 250 *\nC: DATA\nS: 354 *\nC: half\n");
        client.peer.close();
        CHECK(client.next_line() == "[closed]");
    }
    CHECK(site.test.store().spool().length() == 0);
    CHECK(site.service().session_count() == 0);
}
