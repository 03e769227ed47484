// SELECT and EXAMINE (RFC 9051 6.3.2 and 6.3.3; RFC 3501 6.3.1).
#include "tests/imap/transcript.h"

using namespace pillarbox;
using namespace pillarbox::imap;

namespace {

store::FlagChange flags(store::Flags system, std::vector<std::string> keywords = {}) {
    store::FlagChange change;
    change.mode = store::FlagMode::replace;
    change.system = system;
    change.keywords = std::move(keywords);
    return change;
}

} // namespace

TEST_CASE("imap SELECT: what an IMAP4rev1 client is told, in order") { // RFC 3501 6.3.1
    TestSite site;
    site.append("INBOX", TestAccount::small_message(1), flags(store::flag::seen));
    site.append("INBOX", TestAccount::small_message(2), flags(0, {"$Forwarded"}));
    site.append("INBOX", TestAccount::small_message(3));
    site.log_in(1, false);
    site.play(R"(
        C: a SELECT inbox
        S: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft $Forwarded)
        S: * OK [PERMANENTFLAGS (\Answered \Flagged \Deleted \Seen \Draft $Forwarded \*)] *
        S: * 3 EXISTS
        S: * 3 RECENT
        S: * OK [UNSEEN 2] *
        S: * OK [UIDVALIDITY *
        S: * OK [UIDNEXT 4] *
        S: a OK [READ-WRITE] SELECT completed
    )");
}

TEST_CASE("imap SELECT: what an IMAP4rev2 client is told, in order") { // RFC 9051 6.3.2
    TestSite site;
    site.append("INBOX", TestAccount::small_message(1));
    site.log_in(1, false);
    site.play(R"(
        C: a ENABLE IMAP4rev2
        S: * ENABLED IMAP4rev2
        S: a OK *
        C: b SELECT "InBox"
        S: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft)
        S: * OK [PERMANENTFLAGS (\Answered \Flagged \Deleted \Seen \Draft \*)] *
        S: * 1 EXISTS
        S: * OK [UIDVALIDITY *
        S: * OK [UIDNEXT 2] *
        S: * LIST () "/" INBOX
        S: b OK [READ-WRITE] SELECT completed
        C: c FETCH 1 FLAGS
        S: * 1 FETCH (FLAGS ())
        S: c OK *
    )");
}

TEST_CASE("imap SELECT: an empty mailbox has no UNSEEN") {
    TestSite site;
    site.log_in(1, false);
    site.play(R"(
        C: a SELECT INBOX
        S: * FLAGS *
        S: * OK [PERMANENTFLAGS *
        S: * 0 EXISTS
        S: * 0 RECENT
        S: * OK [UIDVALIDITY *
        S: * OK [UIDNEXT 1] *
        S: a OK [READ-WRITE] *
    )");
}

TEST_CASE("imap SELECT: a failed one leaves nothing selected") { // RFC 9051 6.3.2
    TestAccount alice(1);
    alice.imap(R"(
        C: a SELECT Nowhere
        S: * OK [CLOSED] *
        S: a NO [NONEXISTENT] *
        C: b FETCH 1 FLAGS
        S: b BAD Select a mailbox first
        C: c SELECT ""
        S: c NO *
        C: d SELECT "a//b"
        S: d NO *
        C: e SELECT &
        S: e NO [CANNOT] *
        C: f SELECT Trash
        S: * FLAGS *
        S: * OK [PERMANENTFLAGS *
        S: * 0 EXISTS
        S: * 0 RECENT
        S: * OK [UIDVALIDITY *
        S: * OK [UIDNEXT 1] *
        S: f OK [READ-WRITE] *
    )");
}

TEST_CASE("imap SELECT: a syntax error leaves the mailbox selected") { // RFC 9051 6.3.2
    TestAccount alice(1);
    alice.imap(R"(
        C: a SELECT
        S: a BAD *
        C: b SELECT INBOX x
        S: b BAD *
        C: c FETCH 1 UID
        S: * 1 FETCH (UID 1)
        S: c OK *
    )");
}

TEST_CASE("imap SELECT: the next one says that the one before is closed") { // RFC 9051 7.1, CLOSED
    TestAccount alice(2);
    alice.imap(R"(
        C: a EXAMINE Trash
        S: * OK [CLOSED] *
        S: * FLAGS *
        S: * OK [PERMANENTFLAGS ()] *
        S: * 0 EXISTS
        S: * 0 RECENT
        S: * OK [UIDVALIDITY *
        S: * OK [UIDNEXT 1] *
        S: a OK [READ-ONLY] EXAMINE completed
        C: b FETCH 1 UID
        S: b BAD *
    )");
}

TEST_CASE("imap EXAMINE: nothing can be changed, and nothing is by reading") { // RFC 9051 6.3.3
    TestAccount alice(2);
    alice.imap("");
    alice.site().play(R"(
        C: a EXAMINE INBOX
        S: * OK [CLOSED] *
        S: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft)
        S: * OK [PERMANENTFLAGS ()] *
        S: * 2 EXISTS
        S: * 0 RECENT
        S: * OK [UNSEEN 1] *
        S: * OK [UIDVALIDITY *
        S: * OK [UIDNEXT 3] *
        S: a OK [READ-ONLY] EXAMINE completed
        C: b STORE 1 +FLAGS (\Seen)
        S: b NO [NOPERM] *
        C: c EXPUNGE
        S: c NO [NOPERM] *
        C: d UID EXPUNGE 1:*
        S: d NO [NOPERM] *
        C: e MOVE 1 Trash
        S: e NO [NOPERM] *
        C: f FETCH 1 BODY[TEXT]
        S: * 1 FETCH (BODY[TEXT] {11}
        S: Body of 1
        S: )
        S: f OK *
        C: g FETCH 1 FLAGS
        S: * 1 FETCH (FLAGS ())
        S: g OK *
        C: h COPY 1 Trash
        S: h OK [COPYUID *
        C: i CLOSE
        S: i OK *
    )");
}

TEST_CASE("imap SELECT: \\Recent goes to the first session that selects, and not to one that examines") {
    TestSite site; // RFC 3501 2.3.2
    site.append("INBOX", TestAccount::small_message(1));
    site.log_in(1, false);
    site.log_in(2, false);
    site.log_in(3, false);
    site.play(R"(
        C: a EXAMINE INBOX
        S: * FLAGS *
        S: * OK [PERMANENTFLAGS ()] *
        S: * 1 EXISTS
        S: * 1 RECENT
        S: * OK [UNSEEN 1] *
        S: * OK [UIDVALIDITY *
        S: * OK [UIDNEXT 2] *
        S: a OK *
        C2: a SELECT INBOX
        S2: * FLAGS *
        S2: * OK [PERMANENTFLAGS *
        S2: * 1 EXISTS
        S2: * 1 RECENT
        S2: * OK [UNSEEN 1] *
        S2: * OK [UIDVALIDITY *
        S2: * OK [UIDNEXT 2] *
        S2: a OK *
        C2: b FETCH 1 FLAGS
        S2: * 1 FETCH (FLAGS (\Recent))
        S2: b OK *
        C3: a SELECT INBOX
        S3: * FLAGS *
        S3: * OK [PERMANENTFLAGS *
        S3: * 1 EXISTS
        S3: * 0 RECENT
        S3: * OK [UNSEEN 1] *
        S3: * OK [UIDVALIDITY *
        S3: * OK [UIDNEXT 2] *
        S3: a OK *
        C3: b FETCH 1 FLAGS
        S3: * 1 FETCH (FLAGS ())
        S3: b OK *
    )");
}

TEST_CASE("imap SELECT: a name in another spelling is announced to IMAP4rev2") { // RFC 9051 6.3.9.7
    TestSite site;
    site.log_in(1, false);
    site.play("C: a ENABLE IMAP4rev2\n"
              "S: * ENABLED IMAP4rev2\n"
              "S: a OK *\n"
              "C: b CREATE \"A\xcc\x8a\"\n" // A and a ring above; the store writes one letter
              "S: * LIST () \"/\" \"\xc3\x85\" (\"OLDNAME\" (\"A\xcc\x8a\"))\n"
              "S: b OK *\n"
              "C: c SELECT \"A\xcc\x8a\"\n"
              "S: * LIST () \"/\" \"\xc3\x85\" (\"OLDNAME\" (\"A\xcc\x8a\"))\n"
              "S: * FLAGS *\n"
              "S: * OK [PERMANENTFLAGS *\n"
              "S: * 0 EXISTS\n"
              "S: * OK [UIDVALIDITY *\n"
              "S: * OK [UIDNEXT 1] *\n"
              "S: * LIST () \"/\" \"\xc3\x85\"\n"
              "S: c OK [READ-WRITE] *\n");
}
