// APPEND (RFC 9051 6.3.12, RFC 4315 3, RFC 7888).
#include "imap/parser.h"
#include "tests/imap/transcript.h"

using namespace pillarbox;
using namespace pillarbox::imap;

TEST_CASE("imap APPEND: the RFC's example") { // RFC 9051 6.3.12
    TestSite site;
    site.log_in(1, false);
    site.play(R"(
        C: s CREATE saved-messages
        S: s OK *
        C: A003 APPEND saved-messages (\Seen) {326}
        S: + Ready for the message
        C: Date: Mon, 7 Feb 1994 21:52:25 -0800 (PST)
        C: From: Fred Foobar <foobar@Blurdybloop.example>
        C: Subject: afternoon meeting
        C: To: mooch@owatagu.siam.edu.example
        C: Message-Id: <B27397-0100000@Blurdybloop.example>
        C: MIME-Version: 1.0
        C: Content-Type: TEXT/PLAIN; CHARSET=US-ASCII
        C:
        C: Hello Joe, do you think we can meet at 3:30 tomorrow?
        C:
        S: A003 OK [APPENDUID *
        C: b STATUS saved-messages (MESSAGES UNSEEN SIZE)
        S: * STATUS saved-messages (MESSAGES 1 UNSEEN 0 SIZE 326)
        S: b OK *
    )");
}

TEST_CASE("imap APPEND: flags, keywords and dates are kept") {
    TestAccount alice;
    alice.imap(R"(
        C: a APPEND INBOX (\Draft \flagged $MDNSent \Recent) " 1-Feb-1994 22:43:04 -0800" {6+}
        C: a: b
        C:
        S: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft $MDNSent)
        S: * 1 EXISTS
        S: * 1 RECENT
        S: a OK [APPENDUID *
        C: b APPEND INBOX () "31-Dec-1999 23:59:59 +0000" {6+}
        C: a: b
        C:
        S: * 2 EXISTS
        S: * 2 RECENT
        S: b OK [APPENDUID *
        C: c FETCH 1:2 (FLAGS INTERNALDATE)
        S: * 1 FETCH (FLAGS (\Flagged \Draft $MDNSent \Recent) INTERNALDATE " 2-Feb-1994 06:43:04 +0000")
        S: * 2 FETCH (FLAGS (\Recent) INTERNALDATE "31-Dec-1999 23:59:59 +0000")
        S: c OK *
    )");
}

TEST_CASE("imap APPEND: bad syntax changes nothing, and the message is skipped") {
    TestSite site;
    site.log_in(1, false);
    site.play(R"(
        C: a APPEND
        S: a BAD *
        C: b APPEND INBOX
        S: b BAD *
        C: c APPEND INBOX ""
        S: c BAD *
        C: d APPEND INBOX {6}extra
        S: d BAD *
        C: e APPEND INBOX (\Seen {6+}
        C: a: b
        C:
        S: e BAD *
        C: f APPEND INBOX "1-Feb-1994" {6+}
        C: a: b
        C:
        S: f BAD *
        C: g APPEND INBOX (\Seen) {6} {6}
        S: g BAD *
        C: h APPEND INBOX {6+}{6+}
        C: a: b
        C:
        S: h BAD *
        C: i STATUS INBOX (MESSAGES)
        S: * STATUS INBOX (MESSAGES 0)
        S: i OK *
    )");
}

TEST_CASE("imap APPEND: refused messages that are on their way are skipped") { // RFC 7888 4
    TestSite site;
    site.log_in(1, false);
    site.play(R"(
        C: a APPEND Nowhere {6+}
        C: a: b
        C:
        S: a NO [TRYCREATE] *
        C: b APPEND a//b {6+}
        C: a: b
        C:
        S: b NO *
        C: c APPEND INBOX {0+}
        C:
        S: c NO *
        C: d NOOP
        S: d OK *
    )");
}

TEST_CASE("imap APPEND: a literal in the mailbox's place is read first") {
    TestSite site;
    site.log_in(1, false);
    site.play(R"(
        C: a APPEND {5}
        S: + OK
        C: INBOX {6}
        S: + Ready for the message
        C: a: b
        C:
        S: a OK [APPENDUID *
        C: b APPEND {5+}
        C: INBOX (\Seen) {6+}
        C: a: b
        C:
        S: b OK [APPENDUID *
        C: c APPEND {7}
        S: + OK
        C: Nowhere {6}
        S: c NO [TRYCREATE] *
        C: d STATUS INBOX (MESSAGES UNSEEN)
        S: * STATUS INBOX (MESSAGES 2 UNSEEN 1)
        S: d OK *
    )");
}

TEST_CASE("imap APPEND: octets come back as they came") {
    TestAccount alice;
    alice.imap("");
    TestSite& site = alice.site();
    std::string odd = "Subject: odd\r\n\r\nbare \n and \r and \xff\xfe and )\r\na OK no\r\n* BYE\r\n.\r\n";
    odd += std::string(300'000, 'x'); // longer than a page of FETCH, and than what is kept in memory
    odd += "\r\nno line end";
    site.send(1, "a APPEND INBOX {" + std::to_string(odd.size()) + "+}\r\n" + odd + "\r\n");
    site.skip_to(1, "a OK [APPENDUID ");
    site.send(1, "b FETCH 1 BODY.PEEK[]\r\n");
    CHECK(site.receive(1) == "* 1 FETCH (BODY[] {" + std::to_string(odd.size()) + "}");
    std::string got;
    while (!got.ends_with("b OK FETCH completed")) {
        const std::string line = site.receive(1);
        REQUIRE(line != "<nothing>");
        got += line;
        if (!got.ends_with("b OK FETCH completed")) got += "\r\n";
    }
    CHECK(got == odd + ")\r\nb OK FETCH completed");
}

TEST_CASE("imap APPEND: the largest message") {
    Settings settings;
    settings.max_message = 100'000; // beyond the size of a command, which does not count here
    static_assert(limits::command < 100'000);
    TestAccount alice(0, settings);
    alice.imap("");
    TestSite& site = alice.site();
    const auto append = [&site](std::size_t octets) {
        site.send(1, "t APPEND Archive {" + std::to_string(octets) + "+}\r\na: b\r\n\r\n" +
                         std::string(octets - 8, 'x') + "\r\n");
        return site.receive(1);
    };
    CHECK(append(99'999).starts_with("t OK [APPENDUID "));
    CHECK(append(100'000).starts_with("t OK [APPENDUID "));
    CHECK(append(100'001).starts_with("t NO [TOOBIG] "));
    CHECK(append(9).starts_with("t OK [APPENDUID "));
    site.send(1, "u APPEND Archive {100001}\r\n");
    CHECK(site.receive(1).starts_with("u NO [TOOBIG] "));
}

TEST_CASE("imap APPEND: quota, at the limit and beyond") { // RFC 5530 OVERQUOTA
    TestSite site;
    store::Limits limits;
    limits.octets = 1000;
    limits.messages = 2;
    site.store().enroll("carol", limits);
    site.connect(1, true);
    site.play(R"(
        S: * OK *
        C: a LOGIN carol secret
        S: a OK *
    )");
    const auto append = [&site](std::size_t octets) {
        site.send(1, "t APPEND INBOX {" + std::to_string(octets) + "+}\r\na: b\r\n\r\n" + std::string(octets - 8, 'x') +
                         "\r\n");
        return site.receive(1);
    };
    CHECK(append(1001).starts_with("t NO [OVERQUOTA] "));
    CHECK(append(500).starts_with("t OK [APPENDUID "));
    CHECK(append(501).starts_with("t NO [OVERQUOTA] "));
    CHECK(append(499).starts_with("t OK [APPENDUID "));
    CHECK(append(9).starts_with("t NO [OVERQUOTA] ")); // the third message
    site.send(1, "u APPEND INBOX {1001}\r\n");         // and no one is asked to send in vain
    CHECK(site.receive(1).starts_with("u NO [OVERQUOTA] "));
}

TEST_CASE("imap APPEND: other sessions see the message, whatever they are doing") {
    TestAccount alice(1);
    alice.imap(R"(
        C3: a IDLE
        S3: + idling
        C: a APPEND INBOX {6+}
        C: a: b
        C:
        S: * 2 EXISTS
        S: * 2 RECENT
        S: a OK [APPENDUID *
        S3: * 2 EXISTS
        S3: * 1 RECENT
        C2: a FETCH 1 UID
        S2: * 1 FETCH (UID 1)
        S2: * 2 EXISTS
        S2: * 1 RECENT
        S2: a OK *
        C3: DONE
        S3: a OK *
    )",
               3);
}
