// AUTH and STARTTLS: who may log in, how, and what TLS forgets.
#include "appliance/runtime/log.h"
#include "appliance/runtime/sasl.h"
#include "tests/smtp/transcript.h"

using namespace pillarbox;
using namespace pillarbox::smtp;
using runtime::base64_encode;

namespace {

std::string plain(const std::string& authorization, const std::string& name, const std::string& password) {
    return base64_encode(authorization + '\0' + name + '\0' + password);
}

constexpr auto hello = R"(
    S: 220 *
    C: EHLO a.example
    S: 250-mail.example.org
    S: 250-PIPELINING
    S: 250-SIZE *
    S: 250-8BITMIME
    S: 250-ENHANCEDSTATUSCODES
    S: 250 AUTH PLAIN LOGIN
)";

} // namespace

TEST_CASE("smtp AUTH: is announced where it is possible, and nowhere else") { // RFC 4954 4, RFC 8314 3.3
    struct Case {
        Role role;
        Cleartext cleartext;
        std::string address;
        bool offered;
    };
    const Case cases[] = {
        {mx, Cleartext::always, "127.0.0.1", false},          {submission, Cleartext::never, "127.0.0.1", false},
        {submission, Cleartext::loopback, "127.0.0.1", true}, {submission, Cleartext::loopback, "127.9.9.9", true},
        {submission, Cleartext::loopback, "::1", true},       {submission, Cleartext::loopback, "192.0.2.1", false},
        {submission, Cleartext::loopback, "12.7.0.0", false}, {submission, Cleartext::always, "192.0.2.1", true},
        {submissions, Cleartext::never, "192.0.2.1", true},
    };
    for (const Case& c : cases) {
        CAPTURE(c.address);
        TestSite site;
        site.settings.cleartext = c.cleartext;
        TestClient client(site, c.role, c.address);
        client.send("EHLO a.example\r\nAUTH PLAIN " + plain("", "alice", "secret") + "\r\n");
        std::string lines;
        for (std::string line; line.substr(0, 4) != "250 ";) lines += (line = client.next_line()) + "\n";
        CHECK((lines.find("AUTH PLAIN LOGIN") != std::string::npos) == c.offered);
        CHECK((lines.find("STARTTLS") != std::string::npos) == (c.role.name != "submissions"));
        const std::string refusal = c.role.login ? "538 5.7.11 Encryption required; say STARTTLS first"
                                                 : "502 5.5.1 Log-in is not offered on this port";
        CHECK(client.next_line() == (c.offered ? "235 2.7.0 Authentication successful" : refusal));
    }
}

TEST_CASE("smtp AUTH PLAIN: with and without initial response") { // RFC 4954 4.1
    TestSite site;
    {
        TestClient client(site, submissions);
        client(hello);
        client("C: AUTH PLAIN " + plain("", "alice", "secret") + "\nS: 235 2.7.0 Authentication successful\n");
        client("C: AUTH PLAIN " + plain("", "alice", "secret") + "\nS: 503 5.5.1 Logged in already\n");
        CHECK(site.service().sessions()[0].account == "alice");
        client("C: EHLO again.example\nS: 250-*\nS: 250-*\nS: 250-*\nS: 250-*\nS: 250 ENHANCEDSTATUSCODES\n");
    }
    {
        TestClient client(site, submissions);
        client(hello);
        client("C: auth plain\nS: 334 \nC: " + plain("alice", "alice@example.org", "secret") + "\nS: 235 *\n");
    }
}

TEST_CASE("smtp AUTH LOGIN: two prompts, or the name at once") {
    TestSite site;
    const std::string name = base64_encode("alice"), password = base64_encode("secret");
    {
        TestClient client(site, submissions);
        client(hello);
        client("C: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: " + name + "\nS: 334 UGFzc3dvcmQ6\nC: " + password +
               "\nS: 235 *\n");
    }
    {
        TestClient client(site, submissions);
        client(hello);
        client("C: AUTH LOGIN " + name + "\nS: 334 UGFzc3dvcmQ6\nC: " + password + "\nS: 235 *\n");
    }
}

TEST_CASE("smtp AUTH: wrong password, unknown user and acting as another look the same") {
    TestSite site;
    site.settings.limits.login_failures = 10;
    TestClient client(site, submissions);
    client(hello);
    for (const std::string& wrong : {plain("", "alice", "wrong"), plain("", "nobody", "secret"),
                                     plain("bob", "alice", "secret"), plain("nobody", "alice", "secret")}) {
        client("C: AUTH PLAIN " + wrong + "\nS: 535 5.7.8 Authentication credentials invalid\n");
    }
    client("C: AUTH LOGIN " + base64_encode("nobody") + "\nS: 334 UGFzc3dvcmQ6\nC: " + base64_encode("x") +
           "\nS: 535 5.7.8 Authentication credentials invalid\n");
    client("C: MAIL FROM:<alice@example.org>\nS: 530 5.7.0 Authentication required\n");
    CHECK(site.service().counters().failed_logins == 5);
}

TEST_CASE("smtp AUTH: exchanges that are none") { // RFC 4954 4
    TestSite site;
    TestClient client(site, submissions);
    client("S: 220 *\nC: AUTH PLAIN " + plain("", "alice", "secret") + "\nS: 503 5.5.1 Say EHLO first\n");
    client("C: EHLO a.example\nS: 250-*\nS: 250-*\nS: 250-*\nS: 250-*\nS: 250-*\nS: 250 AUTH PLAIN LOGIN\n");
    client(R"(
        C: AUTH
        S: 501 5.5.4 Say AUTH MECHANISM
        C: AUTH CRAM-MD5
        S: 504 5.5.4 Mechanism not offered
        C: AUTH PLAIN
        S: 334 
        C: *
        S: 501 5.7.0 Log-in cancelled
        C: AUTH LOGIN
        S: 334 VXNlcm5hbWU6
        C: *
        S: 501 5.7.0 Log-in cancelled
        C: AUTH PLAIN =AAA
        S: 501 5.5.2 Not base64 (RFC 4648 4)
        C: AUTH PLAIN
        S: 334 
        C: AAA=BBB=
        S: 501 5.5.2 Not base64 (RFC 4648 4)
        C: AUTH PLAIN =
        S: 501 5.5.2 Not a PLAIN message (RFC 4616 2)
        C: AUTH PLAIN YWxpY2U=
        S: 501 5.5.2 Not a PLAIN message (RFC 4616 2)
        C: AUTH PLAIN
        S: 334 
        R: YWxpY2U=\nQUIT\r\n
        S: 500 5.5.2 Lines end in CRLF (RFC 5321 2.3.8)
        C: NOOP
        S: 250 2.0.0 Ok
    )");
}

TEST_CASE("smtp AUTH: answers at n-1, n and n+1 octets") { // RFC 4954 4
    TestSite site;
    TestClient client(site, submissions);
    client(hello);
    const std::size_t limit = site.settings.limits.auth_line;
    const auto answer = [](std::size_t octets) { return std::string(octets - 2, 'A') + "\r\n"; };
    for (const std::size_t octets : {limit - 1, limit, limit + 1}) {
        client("C: AUTH PLAIN\nS: 334 \n");
        client.send(answer(octets));
        // 12286 characters are no whole groups of base64, so what fits is refused for what it is
        CHECK(client.next_line() == (octets > limit ? "500 5.5.6 Line too long" : "501 5.5.2 Not base64 (RFC 4648 4)"));
    }
    client("C: AUTH PLAIN\nS: 334 \n");
    client.send(answer(limit - 2 + 0));
    CHECK(client.next_line() == "501 5.5.2 Not a PLAIN message (RFC 4616 2)"); // 12284 are
}

TEST_CASE("smtp AUTH: failures at n-1, n and n+1 end the session") { // RFC 4954 9
    TestSite site;
    site.settings.limits.login_failures = 2;
    TestClient client(site, submissions);
    client(hello);
    const std::string wrong = "C: AUTH PLAIN " + plain("", "alice", "wrong") + "\n";
    client(wrong + "S: 535 *\n");
    client(wrong + "S: 535 *\n");
    client(wrong + "S: 421 4.7.0 mail.example.org Too many failed log-ins, closing\nS: [closed]\n");
}

TEST_CASE("smtp submission: mail from those who logged in, from their own addresses") { // RFC 6409 4.3, 6.1
    TestSite site;
    TestClient client(site, submissions);
    client(hello);
    client("C: MAIL FROM:<alice@example.org>\nS: 530 5.7.0 Authentication required\n");
    client("C: AUTH PLAIN " + plain("", "alice", "secret") + "\nS: 235 *\n");
    client(R"(
        C: MAIL FROM:<bob@example.org>
        S: 550 5.7.1 This sender address is not yours
        C: MAIL FROM:<alice@elsewhere.example>
        S: 550 5.7.1 This sender address is not yours
        C: MAIL FROM:<Alice@Example.org> AUTH=<>
        S: 250 2.1.0 Sender ok
        C: AUTH LOGIN
        S: 503 5.5.1 Logged in already
        C: RCPT TO:<friend@elsewhere.example>
        S: 550 5.7.1 Relaying denied: elsewhere.example is not served here
        C: RCPT TO:<bob@example.org>
        S: 250 2.1.5 Recipient ok
        C: DATA
        S: 354 *
        C: Subject: hello
        C:
        C: Hello, Bob
        C: .
        S: 250 2.0.0 Accepted as *
        C: MAIL FROM:<>
        S: 250 2.1.0 Sender ok
    )");
    site.deliver();
    const auto mail = site.messages(site.bob);
    REQUIRE(mail.size() == 1);
    CHECK(mail[0].starts_with("Return-Path: <Alice@Example.org>\r\nDelivered-To: bob@example.org\r\n"));
    CHECK(mail[0].find(" with ESMTPSA id ") != std::string::npos);
    CHECK(mail[0].find("\r\n\t(TLSv1.3 TLS_AES_256_GCM_SHA384);\r\n") != std::string::npos);
    CHECK(mail[0].find("Subject: hello\r\nDate: ") != std::string::npos);
    CHECK(mail[0].find("\r\nMessage-ID: <") != std::string::npos);
    CHECK(mail[0].ends_with("@mail.example.org>\r\n\r\nHello, Bob\r\n"));
}

TEST_CASE("smtp AUTH: not within a transaction") { // RFC 4954 4
    TestSite site;
    site.settings.cleartext = Cleartext::always;
    TestClient client(site, submission);
    client("S: 220 *\nC: HELO a.example\nS: 250 *\nC: AUTH PLAIN " + plain("", "alice", "secret") + "\nS: 235 *\n");
    client("C: MAIL FROM:<alice@example.org>\nS: 250 *\nC: AUTH PLAIN =\nS: 503 5.5.1 *\n");
    client("C: RSET\nS: 250 *\nC: MAIL FROM:<alice@example.org>\nS: 250 *\n"); // RSET does not log out
}

TEST_CASE("smtp STARTTLS: forgets all that was said before, and what came behind the command") { // RFC 3207 4.2
    TestSite site;
    site.settings.cleartext = Cleartext::always;
    TestClient client(site, submission);
    client("S: 220 *\nC: HELO a.example\nS: 250 *\nC: AUTH PLAIN " + plain("", "alice", "secret") + "\nS: 235 *\n");
    client(R"(
        C: MAIL FROM:<alice@example.org>
        S: 250 *
        C: STARTTLS now
        S: 501 5.5.4 *
        C: STARTTLS
        C: RCPT TO:<bob@example.org>
        C: NOOP
        S: 220 2.0.0 Ready to start TLS
        C: RCPT TO:<bob@example.org>
        S: 503 5.5.1 Say EHLO first
        C: STARTTLS
        S: 503 5.5.1 TLS is active already
        C: EHLO a.example
        S: 250-mail.example.org
        S: 250-PIPELINING
        S: 250-SIZE *
        S: 250-8BITMIME
        S: 250-ENHANCEDSTATUSCODES
        S: 250 AUTH PLAIN LOGIN
        C: MAIL FROM:<alice@example.org>
        S: 530 5.7.0 Authentication required
    )");
    CHECK(client.peer.tls());
    CHECK(site.service().sessions()[0].tls);
    CHECK(site.service().sessions()[0].account == "");
}

TEST_CASE("smtp STARTTLS: without a certificate it is neither announced nor possible") {
    TestSite site;
    site.tls = false;
    TestClient client(site, mx);
    client(R"(
        S: 220 *
        C: EHLO a.example
        S: 250-mail.example.org
        S: 250-PIPELINING
        S: 250-SIZE *
        S: 250-8BITMIME
        S: 250 ENHANCEDSTATUSCODES
        C: STARTTLS
        S: 502 5.5.1 TLS is not available here
    )");
}

TEST_CASE("smtp submission: without TLS and log-in there it says STARTTLS first") { // RFC 3207 4
    TestSite site;
    TestClient client(site, submission);
    client(
        "S: 220 *\nC: HELO a.example\nS: 250 *\nC: MAIL FROM:<alice@example.org>\nS: 530 5.7.0 Say STARTTLS first\n");
}

TEST_CASE("smtp AUTH: no password reaches the log") {
    TestSite site;
    TestClient client(site, submissions);
    client(hello);
    client("C: AUTH PLAIN " + plain("", "pa55word", "pa55word") + "\nS: 535 *\n");
    runtime::flush_log();
    CHECK(runtime::recent_problems(1000).find("log-in failed") != std::string::npos);
    CHECK(runtime::recent_problems(1000).find("pa55word") == std::string::npos);
}
