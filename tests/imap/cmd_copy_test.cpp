// COPY and MOVE (RFC 9051 6.4.7 and 6.4.8, RFC 6851, RFC 4315 3).
#include "tests/imap/transcript.h"

using namespace pillarbox::imap;

namespace {

/// The UIDVALIDITY of a mailbox, by the session of that number.
std::string uidvalidity(TestSite& site, std::size_t number, const std::string& mailbox) {
    site.send(number, "v STATUS " + mailbox + " (UIDVALIDITY)\r\n");
    const std::string line = site.receive(number);
    const std::size_t begin = line.rfind(' ') + 1;
    site.skip_to(number, "v OK");
    return line.substr(begin, line.size() - begin - 1);
}

} // namespace

TEST_CASE("imap COPY: COPYUID names sources and copies in the same order") { // RFC 4315 3
    TestAccount alice(5);
    alice.imap(R"(
        C: a STORE 2 +FLAGS.SILENT (\Deleted)
        S: a OK *
        C: b EXPUNGE
        S: * 2 EXPUNGE
        S: b OK *
    )");
    const std::string archive = uidvalidity(alice.site(), 1, "Archive");
    const std::string inbox = uidvalidity(alice.site(), 1, "INBOX");
    alice.imap("C: a COPY 4,1:2 Archive\n"
               "S: a OK [COPYUID " +
               archive +
               " 1,3,5 1:3] COPY completed\n"
               "C: b UID COPY 1:5 \"Archive\"\n"
               "S: b OK [COPYUID " +
               archive +
               " 1,3:5 4:7] COPY completed\n"
               "C: c UID COPY 2 Archive\n"
               "S: c OK There was no such message, so nothing was done\n"
               "C: d COPY 1 inbox\n"
               "S: * 5 EXISTS\n"
               "S: * 5 RECENT\n"
               "S: d OK [COPYUID " +
               inbox + " 1 6] COPY completed\n");
}

TEST_CASE("imap COPY: refusals leave everything as it was") { // RFC 9051 6.4.7
    TestAccount alice(2);
    alice.imap(R"(
        C: a COPY 1 Nowhere
        S: a NO [TRYCREATE] *
        C: b COPY 1 a//b
        S: b NO [TRYCREATE] *
        C: c COPY 3 Archive
        S: c BAD *
        C: d COPY 1:3 Archive
        S: d BAD *
        C: e COPY 1
        S: e BAD *
        C: f COPY Archive 1
        S: f BAD *
        C: g COPY 1 &bad
        S: g NO *
        C: h STATUS Archive (MESSAGES UIDNEXT)
        S: * STATUS Archive (MESSAGES 0 UIDNEXT 1)
        S: h OK *
        C: i MOVE 1 Nowhere
        S: i NO [TRYCREATE] *
        C: j UID MOVE 1,x Archive
        S: j BAD *
        C: k FETCH 1:2 UID
        S: * 1 FETCH (UID 1)
        S: * 2 FETCH (UID 2)
        S: k OK *
    )");
}

TEST_CASE("imap COPY: flags, keywords and dates come along") { // RFC 9051 6.4.7
    TestAccount alice(1);
    alice.imap(R"(
        C: a STORE 1 FLAGS.SILENT (\Answered \Deleted \Flagged \Seen \Draft $MDNSent Work)
        S: * FLAGS *
        S: a OK *
        C: b COPY 1 Archive
        S: b OK [COPYUID *
        C: c EXAMINE Archive
        S: * OK [CLOSED] *
        S: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft $MDNSent Work)
        S: * OK [PERMANENTFLAGS ()] *
        S: * 1 EXISTS
        S: * 1 RECENT
        S: * OK [UIDVALIDITY *
        S: * OK [UIDNEXT 2] *
        S: c OK *
        C: d FETCH 1 (FLAGS INTERNALDATE)
        S: * 1 FETCH (FLAGS (\Answered \Flagged \Deleted \Seen \Draft $MDNSent Work \Recent) INTERNALDATE "17-Jul-1996 09:44:25 +0000")
        S: d OK *
    )");
}

TEST_CASE("imap MOVE: RFC 6851's dialogue") { // RFC 9051 6.4.8, RFC 6851 3.3
    TestAccount alice(6);
    alice.site().log_in(3, false);
    const std::string archive = uidvalidity(alice.site(), 3, "Archive");
    alice.imap("C: a UID MOVE 2,4:5 Archive\n"
               "S: * OK [COPYUID " +
                   archive +
                   " 2,4:5 1:3] *\n"
                   "S: * 5 EXPUNGE\n"
                   "S: * 4 EXPUNGE\n"
                   "S: * 2 EXPUNGE\n"
                   "S: a OK *\n"
                   "C: b MOVE 1,3 Archive\n"
                   "S: * OK [COPYUID " +
                   archive +
                   " 1,6 4:5] *\n"
                   "S: * 3 EXPUNGE\n"
                   "S: * 1 EXPUNGE\n"
                   "S: b OK *\n"
                   "C2: a UID SEARCH ALL\n"
                   "S2: * SEARCH 1 2 3 4 5 6\n"
                   "S2: * 6 EXPUNGE\n"
                   "S2: * 5 EXPUNGE\n"
                   "S2: * 4 EXPUNGE\n"
                   "S2: * 2 EXPUNGE\n"
                   "S2: * 1 EXPUNGE\n"
                   "S2: a OK *\n",
               2);
}

TEST_CASE("imap MOVE: into the mailbox itself gives messages new UIDs") { // RFC 6851 3.3
    TestAccount alice(3);
    const std::string inbox = (alice.site().log_in(3, false), uidvalidity(alice.site(), 3, "INBOX"));
    alice.imap("C: a MOVE 1:2 INBOX\n"
               "S: * OK [COPYUID " +
               inbox +
               " 1:2 4:5] *\n"
               "S: * 2 EXPUNGE\n"
               "S: * 1 EXPUNGE\n"
               "S: * 3 EXISTS\n"
               "S: * 3 RECENT\n"
               "S: a OK *\n"
               "C: b FETCH 1:* UID\n"
               "S: * 1 FETCH (UID 3)\n"
               "S: * 2 FETCH (UID 4)\n"
               "S: * 3 FETCH (UID 5)\n"
               "S: b OK *\n");
}

TEST_CASE("imap MOVE: the session in the target sees the arrival, the one in the source the expunge") {
    TestAccount alice(2);
    TestSite& site = alice.site();
    site.log_in(3, false);
    site.send(3, "s SELECT Archive\r\n");
    site.skip_to(3, "s OK");
    alice.imap(R"(
        C3: a IDLE
        S3: + idling
        C2: a IDLE
        S2: + idling
        C: a STORE 2 +FLAGS.SILENT (Work)
        S: * FLAGS *
        S: a OK *
        S2: * FLAGS *
        S2: * 2 FETCH (UID 2 FLAGS (Work))
        C: b MOVE 2 Archive
        S: * OK [COPYUID *
        S: * 2 EXPUNGE
        S: b OK *
        S2: * 2 EXPUNGE
        S3: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft Work)
        S3: * 1 EXISTS
        S3: * 1 RECENT
        C3: DONE
        S3: a OK *
        C3: b FETCH 1 (UID FLAGS)
        S3: * 1 FETCH (UID 1 FLAGS (Work \Recent))
        S3: b OK *
    )",
               2);
}

TEST_CASE("imap COPY: of what another session has expunged") { // RFC 9051 7.5.1
    TestAccount alice(2);
    alice.imap(R"(
        C2: a STORE 1 +FLAGS.SILENT (\Deleted)
        S2: a OK *
        C2: b EXPUNGE
        S2: * 1 EXPUNGE
        S2: b OK *
        C: a COPY 1 Archive
        S: * 1 EXPUNGE
        S: a OK There was no such message, so nothing was done
        C: b COPY 1 Archive
        S: b OK [COPYUID *
    )",
               2);
}
