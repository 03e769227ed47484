// STORE and UID STORE (RFC 9051 6.4.6 and 6.4.9).
#include "imap/parser.h"
#include "tests/imap/transcript.h"

using namespace pillarbox;
using namespace pillarbox::imap;

namespace {

/// k1 k2 ... as one list without parentheses.
std::string keywords(std::size_t first, std::size_t last) {
    std::string list;
    for (std::size_t i = first; i <= last; ++i) list += (list.empty() ? "k" : " k") + std::to_string(i);
    return list;
}

/// The tagged answer, without tag.
std::string answer(TestSite& site, std::size_t number, const std::string& command) {
    site.send(number, "tag " + command + "\r\n");
    while (true) {
        std::string line = site.receive(number);
        if (line.starts_with("tag ")) return line.substr(4);
        const bool goes_on = line != "<nothing>" && line != "<closed>";
        REQUIRE_MESSAGE(goes_on, command);
    }
}

} // namespace

TEST_CASE("imap STORE: the RFC's example") { // RFC 9051 6.4.6
    TestAccount alice(4);
    alice.imap(R"(
        C: a STORE 2 FLAGS.SILENT (\Flagged)
        S: a OK *
        C: A003 STORE 2:4 +FLAGS (\Deleted)
        S: * 2 FETCH (FLAGS (\Flagged \Deleted \Recent))
        S: * 3 FETCH (FLAGS (\Deleted \Recent))
        S: * 4 FETCH (FLAGS (\Deleted \Recent))
        S: A003 OK STORE completed
    )");
}

TEST_CASE("imap STORE: replacing, adding, removing, with and without an answer") { // RFC 9051 6.4.6
    TestAccount alice(2);
    alice.imap(R"(
        C: a STORE 1 FLAGS (\Seen \Answered)
        S: * 1 FETCH (FLAGS (\Answered \Seen \Recent))
        S: a OK *
        C: b STORE 1 FLAGS (\Draft)
        S: * 1 FETCH (FLAGS (\Draft \Recent))
        S: b OK *
        C: c STORE 1 -FLAGS (\Draft \Seen)
        S: * 1 FETCH (FLAGS (\Recent))
        S: c OK *
        C: d STORE 1 +FLAGS \Seen \Flagged
        S: * 1 FETCH (FLAGS (\Flagged \Seen \Recent))
        S: d OK *
        C: e STORE 1 FLAGS ()
        S: * 1 FETCH (FLAGS (\Recent))
        S: e OK *
        C: f STORE 1 FLAGS.SILENT (\Seen)
        S: f OK *
        C: g STORE 1 -FLAGS.SILENT (\Seen)
        S: g OK *
        C: h STORE 1 +FLAGS ()
        S: * 1 FETCH (FLAGS (\Recent))
        S: h OK *
        C: i UID STORE 2 +FLAGS (\Seen)
        S: * 2 FETCH (UID 2 FLAGS (\Seen \Recent))
        S: i OK *
        C: j STORE 1 +FLAGS (\Recent)
        S: * 1 FETCH (FLAGS (\Recent))
        S: j OK *
    )");
}

TEST_CASE("imap STORE: numbers that are not there") { // RFC 9051 6.4.9 and 9
    TestAccount alice(2);
    alice.imap(R"(
        C: a STORE 3 +FLAGS (\Seen)
        S: a BAD *
        C: b STORE 1:3 +FLAGS (\Seen)
        S: b BAD *
        C: c STORE 0 +FLAGS (\Seen)
        S: c BAD *
        C: d UID STORE 99 +FLAGS (\Seen)
        S: d OK *
        C: e UID STORE 2:99 +FLAGS (\Seen)
        S: * 2 FETCH (UID 2 FLAGS (\Seen \Recent))
        S: e OK *
        C: f UID STORE 99:* +FLAGS (\Flagged)
        S: * 2 FETCH (UID 2 FLAGS (\Flagged \Seen \Recent))
        S: f OK *
        C: g STORE *,1,1:2 +FLAGS (\Draft)
        S: * 1 FETCH (FLAGS (\Draft \Recent))
        S: * 2 FETCH (FLAGS (\Flagged \Seen \Draft \Recent))
        S: g OK *
        C: h STORE 1 +FLAGS (\Foo)
        S: h BAD *
        C: i STORE 1 +FLAGS (\*)
        S: i BAD *
        C: j STORE 1 +FLAGS
        S: j BAD *
        C: k FETCH 1 FLAGS
        S: * 1 FETCH (FLAGS (\Draft \Recent))
        S: k OK *
    )");
}

TEST_CASE("imap STORE: keywords keep the spelling they came with, whatever the case later") { // RFC 9051 2.3.2
    TestAccount alice(2);
    alice.imap(R"(
        C: a STORE 1 +FLAGS ($Forwarded Work)
        S: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft $Forwarded Work)
        S: * 1 FETCH (FLAGS ($Forwarded Work \Recent))
        S: a OK *
        C: b STORE 2 +FLAGS (WORK)
        S: * 2 FETCH (FLAGS (Work \Recent))
        S: b OK *
        C: c STORE 1 -FLAGS (work $forwarded)
        S: * 1 FETCH (FLAGS (\Recent))
        S: c OK *
        C: d STORE 1 -FLAGS (Unknown)
        S: * 1 FETCH (FLAGS (\Recent))
        S: d OK *
        C: e FETCH 2 FLAGS
        S: * 2 FETCH (FLAGS (Work \Recent))
        S: e OK *
    )");
}

TEST_CASE("imap STORE: a mailbox has 55 keywords at most") { // RFC 5530 LIMIT
    TestAccount alice(3);
    alice.imap("");
    TestSite& site = alice.site();
    const std::string full = "NO [LIMIT] A limit of the mailbox or account is reached";
    CHECK(store::flag::keyword_slots == 55);
    CHECK(answer(site, 1, "STORE 1 FLAGS.SILENT (" + keywords(1, 56) + ")") == full);
    CHECK(answer(site, 1, "STORE 1 FLAGS.SILENT (" + keywords(1, 54) + ")") == "OK STORE completed");
    CHECK(answer(site, 1, "STORE 2 +FLAGS.SILENT (k55)") == "OK STORE completed");
    CHECK(answer(site, 1, "STORE 2 +FLAGS.SILENT (k56)") == full);
    CHECK(answer(site, 1, "STORE 2 +FLAGS.SILENT (K1 k54)") == "OK STORE completed");
    CHECK(answer(site, 1, "STORE 2 -FLAGS.SILENT (k57)") == "OK STORE completed"); // it has none, so nothing is made
    CHECK(answer(site, 1, "SEARCH KEYWORD k57") == "OK SEARCH completed");
    CHECK(answer(site, 1, "APPEND INBOX (k58) {6+}\r\na: b\r\n") == full);
    // A keyword no message has any more makes room.
    CHECK(answer(site, 1, "STORE 2 -FLAGS.SILENT (k55)") == "OK STORE completed");
    CHECK(answer(site, 1, "STORE 3 +FLAGS.SILENT (new)") == "OK STORE completed");
    site.play(R"(
        C: a FETCH 3 FLAGS
        S: * 3 FETCH (FLAGS (new \Recent))
        S: a OK *
    )");
    // And what is copied to a full mailbox brings none of its own.
    CHECK(answer(site, 1, "APPEND Archive (other) {6+}\r\na: b\r\n").starts_with("OK [APPENDUID "));
    CHECK(answer(site, 1, "SELECT Archive").starts_with("OK "));
    CHECK(answer(site, 1, "COPY 1 INBOX") == full);
    CHECK(answer(site, 1, "MOVE 1 INBOX") == full);
    CHECK(answer(site, 1, "STORE 1 FLAGS.SILENT (new)") == "OK STORE completed");
    CHECK(answer(site, 1, "COPY 1 INBOX").starts_with("OK [COPYUID "));
}

TEST_CASE("imap STORE: other sessions are told once, the own one is not told again") { // RFC 9051 7.5.2
    TestAccount alice(2);
    alice.imap(R"(
        C: a STORE 1 +FLAGS.SILENT (\Seen)
        S: a OK *
        C: b NOOP
        S: b OK *
        C2: a NOOP
        S2: * 1 FETCH (UID 1 FLAGS (\Seen))
        S2: a OK *
        C2: b NOOP
        S2: b OK *
        C3: a FETCH 2 FLAGS
        S3: * 2 FETCH (FLAGS ())
        S3: * 1 FETCH (UID 1 FLAGS (\Seen))
        S3: a OK *
        -- what changes nothing is told to nobody
        C: c STORE 1 +FLAGS (\Seen)
        S: * 1 FETCH (FLAGS (\Seen \Recent))
        S: c OK *
        C2: c NOOP
        S2: c OK *
    )",
               3);
}

TEST_CASE("imap STORE: on top of another session's change, which is told first") {
    TestAccount alice(1);
    alice.imap(R"(
        C2: a STORE 1 +FLAGS.SILENT (\Flagged)
        S2: a OK *
        C: a STORE 1 +FLAGS.SILENT (\Seen)
        S: * 1 FETCH (UID 1 FLAGS (\Flagged \Recent))
        S: a OK *
        C: b FETCH 1 FLAGS
        S: * 1 FETCH (FLAGS (\Flagged \Seen \Recent))
        S: b OK *
        C2: b NOOP
        S2: * 1 FETCH (UID 1 FLAGS (\Flagged \Seen))
        S2: b OK *
    )",
               2);
}

TEST_CASE("imap STORE: a new keyword is told to the others before they see it used") { // RFC 9051 7.3.5
    TestAccount alice(1);
    alice.imap(R"(
        C: a STORE 1 +FLAGS (Later)
        S: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft Later)
        S: * 1 FETCH (FLAGS (Later \Recent))
        S: a OK *
        C2: a NOOP
        S2: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft Later)
        S2: * 1 FETCH (UID 1 FLAGS (Later))
        S2: a OK *
    )",
               2);
}

TEST_CASE("imap STORE: on a message that another session has expunged") { // RFC 9051 7.5.1, RFC 5530 EXPUNGEISSUED
    TestAccount alice(3);
    alice.imap(R"(
        C2: a STORE 1 +FLAGS.SILENT (\Deleted)
        S2: a OK *
        C2: b EXPUNGE
        S2: * 1 EXPUNGE
        S2: b OK *
        C: a STORE 1:3 +FLAGS (\Seen)
        S: * 2 FETCH (FLAGS (\Seen \Recent))
        S: * 3 FETCH (FLAGS (\Seen \Recent))
        S: a OK [EXPUNGEISSUED] *
        C: b STORE 1 +FLAGS (\Seen)
        S: b OK [EXPUNGEISSUED] *
        C: c UID STORE 1:3 +FLAGS (\Flagged)
        S: * 2 FETCH (UID 2 FLAGS (\Flagged \Seen \Recent))
        S: * 3 FETCH (UID 3 FLAGS (\Flagged \Seen \Recent))
        S: * 1 EXPUNGE
        S: c OK [EXPUNGEISSUED] *
        C: d STORE 1 -FLAGS (\Seen)
        S: * 1 FETCH (FLAGS (\Flagged \Recent))
        S: d OK *
    )",
               2);
}
