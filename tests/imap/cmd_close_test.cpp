// CLOSE, UNSELECT (RFC 9051 6.4.1 and 6.4.2) and CHECK (RFC 3501 6.4.1).
#include "tests/imap/transcript.h"

using namespace pillarbox::imap;

TEST_CASE("imap CLOSE: expunges without a word, other sessions are told") { // RFC 9051 6.4.1
    TestAccount alice(3);
    alice.imap(R"(
        C: a STORE 1:2 +FLAGS.SILENT (\Deleted)
        S: a OK *
        C: b CLOSE
        S: b OK CLOSE completed
        C: c FETCH 1 UID
        S: c BAD Select a mailbox first
        C2: a NOOP
        S2: * 2 EXPUNGE
        S2: * 1 EXPUNGE
        S2: a OK *
        C: d CLOSE
        S: d BAD *
    )",
               2);
}

TEST_CASE("imap CLOSE: neither a mailbox that was examined nor UNSELECT expunges") { // RFC 9051 6.4.1 and 6.4.2
    TestAccount alice(2);
    alice.imap(R"(
        C: a STORE 1 +FLAGS.SILENT (\Deleted)
        S: a OK *
        C: b UNSELECT
        S: b OK UNSELECT completed
        C: c UNSELECT
        S: c BAD *
    )");
    TestSite& site = alice.site();
    site.send(1, "d EXAMINE INBOX\r\n");
    site.skip_to(1, "d OK [READ-ONLY]");
    alice.imap(R"(
        C: e CLOSE
        S: e OK *
        C: f STATUS INBOX (MESSAGES DELETED)
        S: * STATUS INBOX (MESSAGES 2 DELETED 1)
        S: f OK *
        C: g CLOSE now
        S: g BAD *
        C: h CHECK
        S: h BAD Select a mailbox first
    )");
}

TEST_CASE("imap CLOSE: what another session did meanwhile is not told any more") {
    TestAccount alice(2);
    alice.imap(R"(
        C2: a STORE 1 +FLAGS.SILENT (\Seen)
        S2: a OK *
        C: a CLOSE
        S: a OK CLOSE completed
        C: b NOOP
        S: b OK *
        C2: b UNSELECT
        S2: b OK UNSELECT completed
    )",
               2);
}

TEST_CASE("imap CHECK: answers, and news comes with it") { // RFC 3501 6.4.1
    TestAccount alice(1);
    alice.imap(R"(
        C2: a STORE 1 +FLAGS.SILENT (\Seen)
        S2: a OK *
        C: a CHECK
        S: * 1 FETCH (UID 1 FLAGS (\Seen \Recent))
        S: a OK CHECK completed
        C: b CHECK it
        S: b BAD *
    )",
               2);
}
