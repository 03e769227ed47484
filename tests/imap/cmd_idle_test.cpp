// IDLE (RFC 9051 6.3.13, RFC 2177).
#include "tests/imap/transcript.h"

using namespace pillarbox::imap;

TEST_CASE("imap IDLE: every kind of change is told while it lasts") { // RFC 9051 6.3.13
    TestAccount alice(3);
    alice.imap(R"(
        C: a IDLE
        S: + idling
        C2: a APPEND INBOX (\Seen) {6+}
        C2: a: b
        C2:
        S2: * 4 EXISTS
        S2: * 1 RECENT
        S2: a OK *
        S: * 4 EXISTS
        S: * 4 RECENT
        C2: b STORE 4 +FLAGS.SILENT (Later)
        S2: * FLAGS *
        S2: b OK *
        S: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft Later)
        S: * 4 FETCH (UID 4 FLAGS (\Seen Later \Recent))
        C2: c COPY 1 INBOX
        S2: * 5 EXISTS
        S2: * 2 RECENT
        S2: c OK *
        S: * 5 EXISTS
        S: * 5 RECENT
        C2: d MOVE 2:3 Trash
        S2: * OK [COPYUID *
        S2: * 3 EXPUNGE
        S2: * 2 EXPUNGE
        S2: d OK *
        S: * 3 EXPUNGE
        S: * 2 EXPUNGE
        C2: e STORE 1 +FLAGS.SILENT (\Deleted)
        S2: e OK *
        S: * 1 FETCH (UID 1 FLAGS (\Deleted \Recent))
        C2: f CLOSE
        S2: f OK *
        S: * 1 EXPUNGE
        C: DONE
        S: a OK IDLE completed
        C: b UID SEARCH ALL
        S: * SEARCH 4 5
        S: b OK *
    )",
               2);
}

TEST_CASE("imap IDLE: begins with what happened before") {
    TestAccount alice(1);
    alice.imap(R"(
        C2: a STORE 1 +FLAGS.SILENT (\Seen)
        S2: a OK *
        C: a IDLE
        S: + idling
        S: * 1 FETCH (UID 1 FLAGS (\Seen \Recent))
        C: done
        S: a OK IDLE completed
    )",
               2);
}

TEST_CASE("imap IDLE: without a selected mailbox it only waits") { // RFC 9051 6.3.13
    TestSite site;
    site.log_in(1, false);
    site.append("INBOX", TestAccount::small_message(1));
    site.play(R"(
        C: a IDLE
        S: + idling
        C2: a NOOP
        S2: * OK *
        S2: a OK *
        C: DONE
        S: a OK IDLE completed
        C: b IDLE now
        S: b BAD *
        C: c NOOP
        S: c OK *
    )");
}

TEST_CASE("imap IDLE: anything but DONE ends it with BAD") { // RFC 9051 6.3.13
    TestAccount alice(1);
    alice.imap(R"(
        C: a IDLE
        S: + idling
        C: b NOOP
        S: a BAD IDLE ends with DONE
        C: c NOOP
        S: c OK *
        C: d IDLE
        S: + idling
        C:
        S: d BAD *
        C: e NOOP
        S: e OK *
    )");
}

TEST_CASE("imap IDLE: DONE may come along with IDLE, in pieces, or with the next command") {
    TestAccount alice(1);
    alice.imap("");
    TestSite& site = alice.site();
    site.send(1, "a IDLE\r\nDONE\r\nb NOOP\r\n");
    CHECK(site.receive(1) == "+ idling");
    CHECK(site.receive(1) == "a OK IDLE completed");
    CHECK(site.receive(1) == "b OK NOOP completed");
    site.send(1, "c IDLE\r\n");
    CHECK(site.receive(1) == "+ idling");
    for (const char* piece : {"D", "ON", "E", "\r", "\n"}) {
        site.send(1, piece);
        site.turn_loop();
    }
    CHECK(site.receive(1) == "c OK IDLE completed");
}

TEST_CASE("imap IDLE: a client that hangs up is let go of") {
    TestAccount alice(1);
    alice.imap("", 2);
    TestSite& site = alice.site();
    site.send(1, "a IDLE\r\n");
    CHECK(site.receive(1) == "+ idling");
    site.peer(1).close();
    for (int turn = 0; turn < 200 && site.service().session_count() > 1; ++turn) site.turn_loop();
    CHECK(site.service().session_count() == 1);
    site.play(R"(
        C2: a STORE 1 +FLAGS (\Seen)
        S2: * 1 FETCH (FLAGS (\Seen))
        S2: a OK *
    )");
}

TEST_CASE("imap IDLE: a stop of the server ends it") {
    TestAccount alice(1);
    alice.imap("");
    TestSite& site = alice.site();
    site.send(1, "a IDLE\r\n");
    CHECK(site.receive(1) == "+ idling");
    site.service().stop("The server is shutting down");
    CHECK(site.receive(1) == "* BYE The server is shutting down");
    CHECK(site.receive(1) == "<closed>");
}
