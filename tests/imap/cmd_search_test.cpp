// SEARCH and UID SEARCH among other sessions, the saved result, literals and limits (RFC 9051 6.4.4).
#include "imap/parser.h"
#include "tests/imap/transcript.h"

using namespace pillarbox::imap;

TEST_CASE("imap SEARCH: RFC 3501's and RFC 9051's examples") { // RFC 9051 6.4.4.5
    TestAccount alice;
    const auto from = [&alice](const std::string& name) {
        alice.append("From: " + name + " <x@example.com>\r\n\r\nx\r\n");
    };
    for (const std::string name : {"Jones", "Smith", "Smith", "Smith"}) from(name);
    alice.imap(R"(
        C: s STORE 2,4 +FLAGS.SILENT (\Deleted)
        S: s OK *
        C: A282 SEARCH RETURN (MIN COUNT) DELETED SINCE 1-Feb-1994 FROM "Smith"
        S: * ESEARCH (TAG "A282") MIN 2 COUNT 2
        S: A282 OK *
        C: A283 SEARCH RETURN () DELETED SINCE 1-Feb-1994 FROM "Smith"
        S: * ESEARCH (TAG "A283") ALL 2,4
        S: A283 OK *
        C: A284 SEARCH DELETED SINCE 1-Feb-1994 NOT FROM "Smith"
        S: * SEARCH
        S: A284 OK *
        C: A285 SEARCH TEXT "string not in mailbox"
        S: * SEARCH
        S: A285 OK *
        C: A286 UID SEARCH RETURN (MIN MAX) 1:*
        S: * ESEARCH (TAG "A286") UID MIN 1 MAX 4
        S: A286 OK *
    )");
}

TEST_CASE("imap SEARCH: literals with and without waiting") { // RFC 9051 4.3, RFC 7888
    TestAccount alice;
    alice.append("Subject: =?utf-8?q?YYYYYYY_=C3=BC?=\r\n\r\nx\r\n");
    alice.imap("C: A284 SEARCH CHARSET UTF-8 SUBJECT {10}\n"
               "S: + OK\n"
               "C: YYYYYYY \xc3\xbc SEEN\n"
               "S: * SEARCH\n"
               "S: A284 OK *\n"
               "C: A285 SEARCH CHARSET \"utf-8\" SUBJECT {10+}\n"
               "C: YYYYYYY \xc3\xbc UNSEEN\n"
               "S: * SEARCH 1\n"
               "S: A285 OK *\n"
               "C: A286 SEARCH CHARSET {5}\n"
               "S: + OK\n"
               "C: UTF-8 HEADER {7+}\n"
               "C: Subject {2}\n"
               "S: + OK\n"
               "C: \xc3\xbc\n"
               "S: * SEARCH 1\n"
               "S: A286 OK *\n"
               "C: A287 SEARCH CHARSET KOI-7 SUBJECT {2}\n"
               "S: + OK\n"
               "C: ab\n"
               "S: A287 NO [BADCHARSET (US-ASCII UTF-8)] *\n");
}

TEST_CASE("imap SEARCH: the longest command there is") { // limits::command, RFC 7888 4
    TestAccount alice;
    alice.append("Subject: x\r\n\r\nx\r\n");
    alice.imap("");
    TestSite& site = alice.site();
    const auto search = [&site](std::size_t octets, const char* plus) { // of the command, CRLF at its end not counted
        const std::string head = std::string("a SEARCH BODY {65000") + plus + "}";
        const std::string text(65000, 'n');
        const std::string tail = " SUBJECT ";
        const std::size_t fill = octets - head.size() - 2 - text.size() - tail.size();
        site.send(1, head + "\r\n" + text + tail + std::string(fill, 'x') + "\r\n");
        std::string line = site.receive(1);
        if (line == "+ OK") line = site.receive(1);
        if (line != "* SEARCH") return line;
        return site.receive(1);
    };
    CHECK(search(limits::command - 1, "") == "a OK SEARCH completed");
    CHECK(search(limits::command, "") == "a OK SEARCH completed");
    CHECK(search(limits::command - 1, "+") == "a OK SEARCH completed");
    CHECK(search(limits::command, "+") == "a OK SEARCH completed");
    CHECK(search(limits::command + 1, "+") == "a BAD Command line too long");
    CHECK(site.receive(1) == "* BYE Too much to be skipped");
    CHECK(site.receive(1) == "<closed>");
}

TEST_CASE("imap SEARCH: a literal at the size a command can hold") { // limits::command, RFC 7888 4
    TestAccount alice;
    alice.append("Subject: x\r\n\r\nx\r\n");
    alice.imap("");
    TestSite& site = alice.site();
    const std::string head = "a SEARCH BODY {65517+}"; // 22 octets, and a line end
    const std::size_t most = limits::command - head.size() - 2;
    for (const std::size_t size : {most - 1, most}) {
        site.send(1, "a SEARCH BODY {" + std::to_string(size) + "+}\r\n" + std::string(size, 'n') + "\r\n");
        CHECK(site.receive(1) == "* SEARCH");
        CHECK(site.receive(1) == "a OK SEARCH completed");
    }
    site.send(1,
              "b SEARCH BODY {" + std::to_string(most + 1) + "+}\r\n" + std::string(most + 1, 'n') + "\r\nc NOOP\r\n");
    CHECK(site.receive(1) == "b BAD [TOOBIG] Command too long");
    CHECK(site.receive(1) == "c OK NOOP completed");
    site.send(1, "d SEARCH BODY {" + std::to_string(most + 2) + "}\r\n"); // the plus takes one
    CHECK(site.receive(1) == "d BAD [TOOBIG] Command too long");
}

TEST_CASE("imap SEARCH: the saved result follows what becomes of its messages") { // RFC 9051 6.4.4.1
    TestAccount alice(5);
    alice.imap(R"(
        C: a SEARCH RETURN (SAVE) 2:4
        S: a OK SEARCH completed
        C: b FETCH $ (UID FLAGS)
        S: * 2 FETCH (UID 2 FLAGS (\Recent))
        S: * 3 FETCH (UID 3 FLAGS (\Recent))
        S: * 4 FETCH (UID 4 FLAGS (\Recent))
        S: b OK *
        C2: a STORE 1,3 +FLAGS.SILENT (\Deleted)
        S2: a OK *
        C2: b EXPUNGE
        S2: * 3 EXPUNGE
        S2: * 1 EXPUNGE
        S2: b OK *
        C: c NOOP
        S: * 3 EXPUNGE
        S: * 1 EXPUNGE
        S: c OK *
        C: d FETCH $ UID
        S: * 1 FETCH (UID 2)
        S: * 2 FETCH (UID 4)
        S: d OK *
        -- BAD leaves it as it is, NO empties it: RFC 9051 6.4.4.4
        C: e SEARCH RETURN (SAVE) NONSENSE
        S: e BAD *
        C: f SEARCH RETURN (SAVE) 17
        S: f BAD *
        C: g UID SEARCH $
        S: * SEARCH 2 4
        S: g OK *
        C: h SEARCH NOT $
        S: * SEARCH 3
        S: h OK *
        C: i SEARCH RETURN (SAVE) CHARSET x-none ALL
        S: i NO [BADCHARSET *
        C: j SEARCH $
        S: * SEARCH
        S: j OK *
        C: k SEARCH RETURN (SAVE) NOT SEEN
        S: k OK *
        C: l STORE $ +FLAGS.SILENT (\Seen)
        S: l OK *
        C: m MOVE $ Archive
        S: * OK [COPYUID *
        S: * 3 EXPUNGE
        S: * 2 EXPUNGE
        S: * 1 EXPUNGE
        S: m OK *
        C: n SEARCH $
        S: * SEARCH
        S: n OK *
        -- each session has its own
        C2: c SEARCH RETURN (SAVE COUNT) ALL
        S2: * ESEARCH (TAG "c") COUNT 3
        S2: c OK *
        C2: d UID FETCH $ UID
        S2: * 3 EXPUNGE
        S2: * 2 EXPUNGE
        S2: * 1 EXPUNGE
        S2: d OK [EXPUNGEISSUED] *
    )",
               2);
}

TEST_CASE("imap SEARCH: what another session changed is found, what it expunged is not") { // RFC 9051 7.5.1
    TestAccount alice(4);
    alice.imap(R"(
        C2: a STORE 2 +FLAGS.SILENT (\Flagged)
        S2: a OK *
        C2: b STORE 4 +FLAGS.SILENT (\Flagged \Deleted)
        S2: b OK *
        C: a SEARCH FLAGGED
        S: * SEARCH 2 4
        S: * 2 FETCH (UID 2 FLAGS (\Flagged \Recent))
        S: * 4 FETCH (UID 4 FLAGS (\Flagged \Deleted \Recent))
        S: a OK *
        C2: c EXPUNGE
        S2: * 4 EXPUNGE
        S2: c OK *
        C: b SEARCH FLAGGED
        S: * SEARCH 2
        S: b OK [EXPUNGEISSUED] *
        C: c UID SEARCH FLAGGED
        S: * SEARCH 2
        S: * 4 EXPUNGE
        S: c OK [EXPUNGEISSUED] *
        C2: d APPEND INBOX (\Flagged) {6+}
        C2: a: b
        C2:
        S2: * 4 EXISTS
        S2: * 1 RECENT
        S2: d OK *
        C: d SEARCH FLAGGED
        S: * SEARCH 2
        S: * 4 EXISTS
        S: * 4 RECENT
        S: d OK *
        C: e SEARCH FLAGGED
        S: * SEARCH 2 4
        S: e OK *
    )",
               2);
}

TEST_CASE("imap SEARCH: sets of numbers, and in an empty mailbox") {
    TestAccount alice(5);
    alice.imap(R"(
        C: a SEARCH 2:3,5
        S: * SEARCH 2 3 5
        S: a OK *
        C: b SEARCH *
        S: * SEARCH 5
        S: b OK *
        C: c SEARCH 4:* NOT 5
        S: * SEARCH 4
        S: c OK *
        C: d SEARCH 6
        S: d BAD *
        C: e SEARCH UID 6
        S: * SEARCH
        S: e OK *
        C: f SEARCH UID 6:*
        S: * SEARCH 5
        S: f OK *
        C: g SEARCH OR UID 1 5
        S: * SEARCH 1 5
        S: g OK *
        C: h SEARCH 1 2
        S: * SEARCH
        S: h OK *
        C: i UID SEARCH 2 UID 1:3
        S: * SEARCH 2
        S: i OK *
    )");
    TestAccount empty;
    empty.imap(R"(
        C: a SEARCH ALL
        S: * SEARCH
        S: a OK *
        C: b SEARCH RETURN (MIN MAX ALL COUNT) 1:*
        S: * ESEARCH (TAG "b") COUNT 0
        S: b OK *
        C: c SEARCH TEXT x
        S: * SEARCH
        S: c OK *
        C: d SEARCH 1
        S: d BAD *
    )");
}
