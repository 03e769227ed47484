// FETCH and UID FETCH among other sessions, and the RFC's own examples (RFC 9051 6.4.5, 6.4.9 and 8).
#include "tests/imap/transcript.h"

using namespace pillarbox;
using namespace pillarbox::imap;

namespace {

/// RFC 9051 8 has this message as number 12, without its text.
const std::string minutes = "Date: Wed, 17 Jul 1996 02:23:25 -0700 (PDT)\r\n"
                            "From: Terry Gray <gray@cac.washington.edu>\r\n"
                            "Subject: IMAP4rev2 WG mtg summary and minutes\r\n"
                            "To: imap@cac.washington.edu\r\n"
                            "cc: minutes@CNRI.Reston.VA.US, John Klensin <KLENSIN@MIT.EDU>\r\n"
                            "Message-Id: <B27397-0100000@cac.washington.edu>\r\n"
                            "MIME-Version: 1.0\r\n"
                            "Content-Type: TEXT/PLAIN; CHARSET=US-ASCII\r\n"
                            "\r\n"
                            "Minutes\r\n";

std::string multipart(const std::string& type, const std::string& boundary, const std::vector<std::string>& parts) {
    std::string octets = "Content-Type: multipart/" + type + "; boundary=" + boundary + "\r\n\r\n";
    for (const std::string& part : parts) octets += "--" + boundary + "\r\n" + part + "\r\n";
    return octets + "--" + boundary + "--";
}

std::string leaf(const std::string& type, const std::string& text) {
    return "Content-Type: " + type + "\r\n\r\n" + text;
}

std::string message(const std::string& subject, const std::string& content) {
    return "Content-Type: message/rfc822\r\n\r\nSubject: " + subject + "\r\n" + content;
}

/// The complex message of RFC 9051 6.4.5.1, each leaf holding its own part number.
std::string complex_message() {
    const std::string octets = "application/octet-stream";
    const std::string alternative =
        multipart("alternative", "b422", {leaf("text/plain", "4.2.2.1"), leaf("text/richtext", "4.2.2.2")});
    const std::string inner =
        message("four.two", multipart("mixed", "b42", {leaf("text/plain", "4.2.1"), alternative}));
    const std::string three =
        message("three", multipart("mixed", "b3", {leaf("text/plain", "3.1"), leaf(octets, "3.2")}));
    return "Subject: all\r\n" +
           multipart("mixed", "b0",
                     {leaf("text/plain", "1"), leaf(octets, "2"), three,
                      multipart("mixed", "b4", {leaf("image/gif", "4.1"), inner})}) +
           "\r\n";
}

/// What one BODY section of message 1 holds; "NIL" without a literal.
std::string section(TestSite& site, const std::string& name) {
    const std::string item = "BODY[" + name + "] ";
    site.send(1, "x FETCH 1 BODY.PEEK[" + name + "]\r\n");
    std::string all;
    for (std::string line = site.receive(1); !line.starts_with("x "); line = site.receive(1)) {
        REQUIRE(line != "<nothing>");
        all += line + "\r\n";
    }
    const std::string head = "* 1 FETCH (" + item;
    REQUIRE(all.starts_with(head));
    all.erase(0, head.size());
    REQUIRE(all.ends_with(")\r\n"));
    all.resize(all.size() - 3);
    if (all[0] != '{') return all;
    const std::size_t end = all.find("}\r\n");
    CHECK(all.size() - end - 3 == std::stoul(all.substr(1)));
    return all.substr(end + 3);
}

} // namespace

TEST_CASE("imap FETCH: the parts of RFC 9051's complex message") { // RFC 9051 6.4.5.1
    TestAccount alice;
    const std::string whole = complex_message();
    alice.append(whole);
    alice.imap("");
    TestSite& site = alice.site();
    for (const char* part : {"1", "2", "3.1", "3.2", "4.1", "4.2.1", "4.2.2.1", "4.2.2.2"}) {
        INFO(std::string(part));
        CHECK(section(site, part) == part);
    }
    CHECK(section(site, "") == whole);
    CHECK(section(site, "HEADER") == "Subject: all\r\nContent-Type: multipart/mixed; boundary=b0\r\n\r\n");
    CHECK(section(site, "TEXT") == whole.substr(whole.find("--b0\r\n")));
    CHECK(section(site, "3.HEADER") == "Subject: three\r\nContent-Type: multipart/mixed; boundary=b3\r\n\r\n");
    CHECK(section(site, "3.TEXT").starts_with("--b3\r\n"));
    CHECK(section(site, "3.TEXT").ends_with("--b3--"));
    CHECK(section(site, "3") == section(site, "3.HEADER") + section(site, "3.TEXT"));
    CHECK(section(site, "3.MIME") == "Content-Type: message/rfc822\r\n\r\n");
    CHECK(section(site, "4").starts_with("--b4\r\n"));
    CHECK(section(site, "4.1.MIME") == "Content-Type: image/gif\r\n\r\n");
    CHECK(section(site, "4.2.HEADER") == "Subject: four.two\r\nContent-Type: multipart/mixed; boundary=b42\r\n\r\n");
    CHECK(section(site, "4.2.HEADER.FIELDS (SUBJECT)") == "Subject: four.two\r\n\r\n");
    CHECK(section(site, "4.2.HEADER.FIELDS.NOT (subject)") == "Content-Type: multipart/mixed; boundary=b42\r\n\r\n");
    CHECK(section(site, "4.2.TEXT").starts_with("--b42\r\n"));
    CHECK(section(site, "4.2.2.MIME") == "Content-Type: multipart/alternative; boundary=b422\r\n\r\n");
    CHECK(section(site, "4.2.2").starts_with("--b422\r\n"));
    CHECK(section(site, "4.2.2.2.MIME") == "Content-Type: text/richtext\r\n\r\n");
    for (const char* none : {"5", "1.1", "2.1", "3.3", "4.3", "4.1.1", "4.2.2.3", "4.2.2.1.1", "1.HEADER", "4.HEADER",
                             "4.TEXT", "4.2.2.HEADER", "99999.1"}) {
        INFO(std::string(none));
        CHECK(section(site, none) == "NIL");
    }
}

TEST_CASE("imap FETCH: parts of a message that is no multipart") { // RFC 9051 6.4.5.1
    TestAccount alice;
    alice.append(minutes);
    alice.imap("");
    TestSite& site = alice.site();
    CHECK(section(site, "1") == "Minutes\r\n");
    CHECK(section(site, "TEXT") == "Minutes\r\n");
    CHECK(section(site, "HEADER.FIELDS (X-None)") == "\r\n");
    CHECK(section(site, "HEADER.FIELDS (X-None Message-ID)") ==
          "Message-Id: <B27397-0100000@cac.washington.edu>\r\n\r\n");
    for (const char* none : {"2", "1.1", "1.TEXT", "1.HEADER", "2.MIME"}) {
        INFO(std::string(none));
        CHECK(section(site, none) == "NIL");
    }
}

TEST_CASE("imap FETCH: the sample connection of RFC 9051") { // RFC 9051 8
    TestSite site;
    store::FlagChange seen;
    seen.system = store::flag::seen;
    site.append("INBOX", minutes, seen);
    site.log_in(1, false);
    site.play(R"--(
        C: babc ENABLE IMAP4rev2
        S: * ENABLED IMAP4rev2
        S: babc OK *
        C: a002 select inbox
        S: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft)
        S: * OK [PERMANENTFLAGS *
        S: * 1 EXISTS
        S: * OK [UIDVALIDITY *
        S: * OK [UIDNEXT 2] *
        S: * LIST () "/" INBOX
        S: a002 OK [READ-WRITE] SELECT completed
        C: a003 fetch 1 full
        S: * 1 FETCH (FLAGS (\Seen) INTERNALDATE "17-Jul-1996 09:44:25 +0000" RFC822.SIZE 351 ENVELOPE ("Wed, 17 Jul 1996 02:23:25 -0700 (PDT)" "IMAP4rev2 WG mtg summary and minutes" (("Terry Gray" NIL "gray" "cac.washington.edu")) (("Terry Gray" NIL "gray" "cac.washington.edu")) (("Terry Gray" NIL "gray" "cac.washington.edu")) ((NIL NIL "imap" "cac.washington.edu")) ((NIL NIL "minutes" "CNRI.Reston.VA.US")("John Klensin" NIL "KLENSIN" "MIT.EDU")) NIL NIL "<B27397-0100000@cac.washington.edu>") BODY ("text" "plain" ("charset" "US-ASCII") NIL NIL "7bit" 9 1))
        S: a003 OK FETCH completed
        C: a004 fetch 1 body[header]
        S: * 1 FETCH (BODY[HEADER] {342}
        S: Date: Wed, 17 Jul 1996 02:23:25 -0700 (PDT)
        S: From: Terry Gray <gray@cac.washington.edu>
        S: Subject: IMAP4rev2 WG mtg summary and minutes
        S: To: imap@cac.washington.edu
        S: cc: minutes@CNRI.Reston.VA.US, John Klensin <KLENSIN@MIT.EDU>
        S: Message-Id: <B27397-0100000@cac.washington.edu>
        S: MIME-Version: 1.0
        S: Content-Type: TEXT/PLAIN; CHARSET=US-ASCII
        S:
        S: )
        S: a004 OK FETCH completed
        C: a005 store 1 +flags \deleted
        S: * 1 FETCH (FLAGS (\Deleted \Seen))
        S: a005 OK *
        C: a006 logout
        S: * BYE *
        S: a006 OK *
        S: <closed>
    )--");
}

TEST_CASE("imap FETCH: \\Seen comes with the reading, and by EXAMINE never") { // RFC 9051 6.4.5
    TestAccount alice(3);
    alice.site().log_in(3, false);
    alice.site().send(3, "s EXAMINE INBOX\r\n");
    alice.site().skip_to(3, "s OK");
    alice.imap(R"(
        C2: a IDLE
        S2: + idling
        C3: a FETCH 1 RFC822.TEXT
        S3: * 1 FETCH (RFC822.TEXT {11}
        S3: Body of 1
        S3: )
        S3: a OK *
        C: a FETCH 1 (BODY.PEEK[TEXT] RFC822.HEADER BODYSTRUCTURE)
        S: * 1 FETCH (BODY[TEXT] {11}
        S: Body of 1
        S:  RFC822.HEADER {151}
        S: From: Sender 1 <sender1@example.com>
        S: To: alice@example.org
        S: Subject: Message 1
        S: Date: Wed, 17 Jul 1996 02:44:25 -0700
        S: Message-ID: <1@example.com>
        S:
        S:  BODYSTRUCTURE *
        S: a OK *
        C: b FETCH 1 FLAGS
        S: * 1 FETCH (FLAGS (\Recent))
        S: b OK *
        C: c FETCH 1:2 BODY[TEXT]<0.4>
        S: * 1 FETCH (BODY[TEXT]<0> {4}
        S: Body FLAGS (\Seen \Recent))
        S: * 2 FETCH (BODY[TEXT]<0> {4}
        S: Body FLAGS (\Seen \Recent))
        S: c OK *
        S2: * 1 FETCH (UID 1 FLAGS (\Seen))
        S2: * 2 FETCH (UID 2 FLAGS (\Seen))
        C3: b NOOP
        S3: * 1 FETCH (UID 1 FLAGS (\Seen \Recent))
        S3: * 2 FETCH (UID 2 FLAGS (\Seen \Recent))
        S3: b OK *
        C: d UID FETCH 1:3 (FLAGS BODY[TEXT]<5.2>)
        S: * 1 FETCH (UID 1 FLAGS (\Seen \Recent) BODY[TEXT]<5> {2}
        S: of)
        S: * 2 FETCH (UID 2 FLAGS (\Seen \Recent) BODY[TEXT]<5> {2}
        S: of)
        S: * 3 FETCH (UID 3 FLAGS (\Seen \Recent) BODY[TEXT]<5> {2}
        S: of)
        S: d OK *
        S2: * 3 FETCH (UID 3 FLAGS (\Seen))
        C2: DONE
        S2: a OK *
    )",
               2);
}

TEST_CASE("imap FETCH: partials at the ends of what there is") { // RFC 9051 6.4.5.1
    TestAccount alice;
    alice.append("a: b\r\n\r\n0123456789");
    alice.imap(R"(
        C: a FETCH 1 (BODY.PEEK[TEXT]<0.9> BODY.PEEK[TEXT]<0.10> BODY.PEEK[TEXT]<0.11>)
        S: * 1 FETCH (BODY[TEXT]<0> {9}
        S: 012345678 BODY[TEXT]<0> {10}
        S: 0123456789 BODY[TEXT]<0> {10}
        S: 0123456789)
        S: a OK *
        C: b FETCH 1 (BODY.PEEK[TEXT]<9.1> BODY.PEEK[TEXT]<10.1> BODY.PEEK[TEXT]<11.1>)
        S: * 1 FETCH (BODY[TEXT]<9> {1}
        S: 9 BODY[TEXT]<10> "" BODY[TEXT]<11> "")
        S: b OK *
        C: c FETCH 1 BODY.PEEK[]<6.4>
        S: * 1 FETCH (BODY[]<6> {4}
        S:
        S: 01)
        S: c OK *
        C: d FETCH 1 BODY.PEEK[]<9223372036854775807.9223372036854775807>
        S: * 1 FETCH (BODY[]<9223372036854775807> "")
        S: d OK *
        C: e FETCH 1 BODY.PEEK[]<9223372036854775808.1>
        S: e BAD *
        C: f FETCH 1 BODY.PEEK[]<0.0>
        S: f BAD *
        C: g FETCH 1 BODY.PEEK[5]<0.1>
        S: * 1 FETCH (BODY[5]<0> NIL)
        S: g OK *
    )");
}

TEST_CASE("imap FETCH: messages that are hardly any") {
    TestAccount alice;
    alice.append("\r\n");
    alice.append("just a line without colon");
    alice.append("Subject: header only\r\n");
    alice.imap(R"--(
        C: a FETCH 1:3 RFC822.SIZE
        S: * 1 FETCH (RFC822.SIZE 2)
        S: * 2 FETCH (RFC822.SIZE 25)
        S: * 3 FETCH (RFC822.SIZE 22)
        S: a OK *
        C: b FETCH 1 (BODY.PEEK[HEADER] BODY.PEEK[TEXT] BODY.PEEK[1])
        S: * 1 FETCH (BODY[HEADER] {2}
        S:
        S:  BODY[TEXT] "" BODY[1] "")
        S: b OK *
        C: c FETCH 1,3 ENVELOPE
        S: * 1 FETCH (ENVELOPE (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL))
        S: * 3 FETCH (ENVELOPE (NIL "header only" NIL NIL NIL NIL NIL NIL NIL NIL))
        S: c OK *
        C: d FETCH 2 BODY.PEEK[]
        S: * 2 FETCH (BODY[] {25}
        S: just a line without colon)
        S: d OK *
        C: e FETCH 3 BODY.PEEK[]
        S: * 3 FETCH (BODY[] {22}
        S: Subject: header only
        S: )
        S: e OK *
    )--");
}

TEST_CASE("imap FETCH: numbers that are not there, and syntax that is none") { // RFC 9051 9
    TestAccount alice(2);
    alice.imap(R"(
        C: a FETCH 3 FLAGS
        S: a BAD *
        C: b FETCH 1:3 FLAGS
        S: b BAD *
        C: c FETCH 0 FLAGS
        S: c BAD *
        C: d FETCH 1:2:3 FLAGS
        S: d BAD *
        C: e FETCH 4294967295 FLAGS
        S: e BAD *
        C: f FETCH 4294967296 FLAGS
        S: f BAD *
        C: g UID FETCH 4294967295 FLAGS
        S: g OK *
        C: h UID FETCH 4294967295:* UID
        S: * 2 FETCH (UID 2)
        S: h OK *
        C: i FETCH 1 ()
        S: i BAD *
        C: j FETCH 1 (FLAGS) UID
        S: j BAD *
        C: k FETCH 1 BODY.PEEK
        S: k BAD *
        C: l FETCH 1 (FLAGS FLAGS UID UID)
        S: * 1 FETCH (FLAGS (\Recent) FLAGS (\Recent) UID 1 UID 1)
        S: l OK *
        C: m UID FETCH 1 (UID FLAGS)
        S: * 1 FETCH (UID 1 FLAGS (\Recent))
        S: m OK *
        C: n FETCH 2:1 UID
        S: * 1 FETCH (UID 1)
        S: * 2 FETCH (UID 2)
        S: n OK *
    )");
}

TEST_CASE("imap FETCH: text with 8-bit octets in an envelope goes as literal, after ENABLE IMAP4rev2 quoted") {
    TestAccount alice; // RFC 9051 4.3 and appendix A
    alice.append("Subject: gr\xc3\xbc\xc3\x9f\r\n\r\nx\r\n");
    alice.append("Subject: \"quoted\" and \\ slash\r\n\r\nx\r\n");
    alice.imap("C: a FETCH 1 ENVELOPE\n"
               "S: * 1 FETCH (ENVELOPE (NIL {6}\n"
               "S: gr\xc3\xbc\xc3\x9f NIL NIL NIL NIL NIL NIL NIL NIL))\n"
               "S: a OK *\n"
               "C: b FETCH 2 ENVELOPE\n"
               "S: * 2 FETCH (ENVELOPE (NIL \"\\\"quoted\\\" and \\\\ slash\" NIL NIL NIL NIL NIL NIL NIL NIL))\n"
               "S: b OK *\n");
}

TEST_CASE("imap FETCH: where \\Seen cannot be stored the message is read all the same, and the flags put right") {
    TestSite site; // RFC 9051 6.4.5
    site.log_in(1, false);
    site.play(R"(
        C: a CREATE gone
        S: a OK *
    )");
    site.append("gone", TestAccount::small_message(1));
    site.send(1, "b EXAMINE gone\r\n");
    site.skip_to(1, "b OK");
    site.log_in(2, false);
    site.send(2, "a SELECT gone\r\n");
    site.skip_to(2, "a OK");
    site.play(R"(
        C: c DELETE gone
        S: * OK [CLOSED] *
        S: c OK *
        C2: b FETCH 1 BODY[TEXT]
        S2: * 1 FETCH (BODY[TEXT] {11}
        S2: Body of 1
        S2:  FLAGS (\Seen \Recent))
        S2: * 1 FETCH (UID 1 FLAGS (\Recent))
        S2: b OK FETCH completed
        S2: * BYE The selected mailbox was deleted
        S2: <closed>
    )");
}
