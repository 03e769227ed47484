// EXPUNGE and UID EXPUNGE (RFC 9051 6.4.3 and 6.4.9, RFC 4315 2.1), and when others are told (RFC 9051 7.5.1).
#include "tests/imap/transcript.h"

using namespace pillarbox::imap;

namespace {

// The second session expunges message 1; what the first one is told is the tests' matter.
constexpr std::string_view second_expunges_first = R"(
        C2: x STORE 1 +FLAGS.SILENT (\Deleted)
        S2: x OK *
        C2: y EXPUNGE
        S2: * 1 EXPUNGE
        S2: y OK *
)";

} // namespace

TEST_CASE("imap EXPUNGE: the RFC's example, with every number true at its moment") { // RFC 9051 6.4.3
    TestAccount alice(11);
    alice.imap(R"(
        C: a STORE 3,4,7,11 +FLAGS.SILENT (\Deleted)
        S: a OK *
        C: A202 EXPUNGE
        S: * 11 EXPUNGE
        S: * 7 EXPUNGE
        S: * 4 EXPUNGE
        S: * 3 EXPUNGE
        S: A202 OK EXPUNGE completed
        C: b EXPUNGE
        S: b OK *
        C: c UID SEARCH ALL
        S: * SEARCH 1 2 5 6 8 9 10
        S: c OK *
        C: d FETCH 7 UID
        S: * 7 FETCH (UID 10)
        S: d OK *
        C: e FETCH 8 UID
        S: e BAD *
    )");
}

TEST_CASE("imap UID EXPUNGE: the RFC's example") { // RFC 9051 6.4.9
    TestAccount alice(5);
    alice.imap(R"(
        C: a STORE 1:4 +FLAGS.SILENT (\Deleted)
        S: a OK *
        C: A003 UID EXPUNGE 3:99
        S: * 4 EXPUNGE
        S: * 3 EXPUNGE
        S: A003 OK *
        C: b UID EXPUNGE 5
        S: b OK *
        C: c UID EXPUNGE *
        S: c OK *
        C: d UID EXPUNGE
        S: d BAD *
        C: e UID EXPUNGE a
        S: e BAD *
        C: f SEARCH RETURN (SAVE) 1
        S: f OK *
        C: g UID EXPUNGE $
        S: * 1 EXPUNGE
        S: g OK *
        C: h UID SEARCH ALL
        S: * SEARCH 2 5
        S: h OK *
    )");
}

TEST_CASE("imap EXPUNGE: held back while the other one says FETCH, STORE or SEARCH") { // RFC 9051 7.5.1
    TestAccount alice(3);
    alice.imap("", 2);
    alice.imap(second_expunges_first);
    alice.imap(R"(
        C: a FETCH 2 UID
        S: * 2 FETCH (UID 2)
        S: a OK *
        C: b SEARCH ALL
        S: * SEARCH 1 2 3
        S: b OK *
        C: c STORE 2 +FLAGS.SILENT (\Seen)
        S: c OK *
        C: d FETCH 1:3 (UID FLAGS)
        S: * 2 FETCH (UID 2 FLAGS (\Seen \Recent))
        S: * 3 FETCH (UID 3 FLAGS (\Recent))
        S: d OK [EXPUNGEISSUED] *
        C: e FETCH 3 UID
        S: * 3 FETCH (UID 3)
        S: e OK *
        C: f NOOP
        S: * 1 EXPUNGE
        S: f OK *
        C: g FETCH 2 UID
        S: * 2 FETCH (UID 3)
        S: g OK *
    )");
}

TEST_CASE("imap EXPUNGE: told behind every other command") { // RFC 9051 7.5.1
    for (const char* command :
         {"NOOP", "CHECK", "CAPABILITY", "NAMESPACE", "LIST \"\" nothing", "LSUB \"\" nothing", "UID FETCH 3 UID",
          "UID SEARCH UID 3", "UID STORE 3 +FLAGS.SILENT (\\Seen)", "UID COPY 3 Trash", "EXPUNGE", "UID EXPUNGE 3",
          "STATUS Trash (MESSAGES)", "CREATE new", "SUBSCRIBE new", "ID NIL"}) {
        INFO(std::string(command));
        TestAccount alice(3);
        alice.imap("", 2);
        alice.imap(second_expunges_first);
        alice.site().send(1, std::string("a ") + command + "\r\n");
        alice.site().skip_to(1, "* 1 EXPUNGE");
        alice.site().skip_to(1, "a OK");
    }
}

TEST_CASE("imap EXPUNGE: flags and arrivals behind an expunge that waits") { // RFC 9051 7.5.1
    TestAccount alice(3);
    alice.imap("", 2);
    alice.imap(second_expunges_first);
    alice.imap(R"(
        C2: a STORE 1 +FLAGS.SILENT (\Flagged)
        S2: a OK *
        C2: b APPEND INBOX {6+}
        C2: a: b
        C2:
        S2: * 3 EXISTS
        S2: * 1 RECENT
        S2: b OK *
        -- numbers as the first session knows them
        C: a FETCH 3 UID
        S: * 3 FETCH (UID 3)
        S: * 2 FETCH (UID 2 FLAGS (\Flagged \Recent))
        S: a OK *
        C: b FETCH 3 UID
        S: * 3 FETCH (UID 3)
        S: b OK *
        C: c FETCH 4 UID
        S: c BAD *
        S2: *
    )");
}

TEST_CASE("imap EXPUNGE: all sessions end with the same numbers") {
    TestAccount alice(6);
    alice.imap(R"(
        C: a STORE 1,3,5 +FLAGS.SILENT (\Deleted)
        S: a OK *
        C2: a STORE 2 +FLAGS.SILENT (\Deleted)
        S2: * 1 FETCH (UID 1 FLAGS (\Deleted))
        S2: * 3 FETCH (UID 3 FLAGS (\Deleted))
        S2: * 5 FETCH (UID 5 FLAGS (\Deleted))
        S2: a OK *
        C: b UID EXPUNGE 3
        S: * 3 EXPUNGE
        S: * 2 FETCH (UID 2 FLAGS (\Deleted \Recent))
        S: b OK *
        C2: b EXPUNGE
        S2: * 5 EXPUNGE
        S2: * 3 EXPUNGE
        S2: * 2 EXPUNGE
        S2: * 1 EXPUNGE
        S2: b OK *
        C3: a IDLE
        S3: + idling
        S3: * 5 EXPUNGE
        S3: * 3 EXPUNGE
        S3: * 2 EXPUNGE
        S3: * 1 EXPUNGE
        C: c NOOP
        S: * 4 EXPUNGE
        S: * 2 EXPUNGE
        S: * 1 EXPUNGE
        S: c OK *
        C: d UID SEARCH ALL
        S: * SEARCH 4 6
        S: d OK *
        C2: d UID SEARCH ALL
        S2: * SEARCH 4 6
        S2: d OK *
        C3: DONE
        S3: a OK *
        C3: d UID SEARCH ALL
        S3: * SEARCH 4 6
        S3: d OK *
    )",
               3);
}

TEST_CASE("imap EXPUNGE: a message that came and went between two looks is told of nowhere") {
    TestAccount alice(1);
    alice.imap(R"(
        C2: a APPEND INBOX (\Deleted) {6+}
        C2: a: b
        C2:
        S2: * 2 EXISTS
        S2: * 1 RECENT
        S2: a OK *
        C2: b EXPUNGE
        S2: * 2 EXPUNGE
        S2: b OK *
        C: a NOOP
        S: a OK *
        C: b APPEND INBOX {6+}
        C: a: b
        C:
        S: * 2 EXISTS
        S: * 2 RECENT
        S: b OK [APPENDUID *
        C: c FETCH 2 UID
        S: * 2 FETCH (UID 3)
        S: c OK *
    )",
               2);
}
