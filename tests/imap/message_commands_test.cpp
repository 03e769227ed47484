// STORE, COPY, MOVE, EXPUNGE, CLOSE, APPEND, IDLE: messages change, and all sessions are told (RFC 9051 6.3.12
// to 6.4.9).
#include "tests/imap/transcript.h"

#include "imap/parser.h"

using namespace pillarbox;
using namespace pillarbox::imap;

TEST_CASE("imap STORE: +FLAGS answers with the new flags, .SILENT does not") { // RFC 9051 6.4.6
    TestAccount alice(3);
    alice.imap(R"(
        C: a STORE 2 +FLAGS (\Seen)
        S: * 2 FETCH (FLAGS (\Seen \Recent))
        S: a OK STORE completed
        C: b STORE 2 +FLAGS.SILENT (\Deleted)
        S: b OK *
        C: c STORE 2 -FLAGS \Seen
        S: * 2 FETCH (FLAGS (\Deleted \Recent))
        S: c OK *
        C: d UID STORE 2:3 FLAGS (\Flagged $Forwarded)
        S: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft $Forwarded)
        S: * 2 FETCH (UID 2 FLAGS (\Flagged $Forwarded \Recent))
        S: * 3 FETCH (UID 3 FLAGS (\Flagged $Forwarded \Recent))
        S: d OK *
        C: e STORE 4 +FLAGS (\Seen)
        S: e BAD There is no message of that number
        C: f UID STORE 99 +FLAGS (\Seen)
        S: f OK *
        C: g STORE 1:* FLAGS ()
        S: * 1 FETCH (FLAGS (\Recent))
        S: * 2 FETCH (FLAGS (\Recent))
        S: * 3 FETCH (FLAGS (\Recent))
        S: g OK *
        C: h STORE 1 FLAGS (\Foo)
        S: h BAD *
    )");
}

TEST_CASE("imap STORE: other sessions are told, with the UID") { // RFC 9051 7.5.2
    TestAccount alice(2);
    alice.imap(R"(
        C: a STORE 1 +FLAGS.SILENT (\Seen Work)
        S: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft Work)
        S: a OK *
        C2: a NOOP
        S2: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft Work)
        S2: * 1 FETCH (UID 1 FLAGS (\Seen Work))
        S2: a OK *
        C: b NOOP
        S: b OK *
        C2: b STORE 1 +FLAGS (\Flagged)
        S2: * 1 FETCH (FLAGS (\Flagged \Seen Work))
        S2: b OK *
        C: c STORE 1 +FLAGS.SILENT (\Draft)
        S: * 1 FETCH (UID 1 FLAGS (\Flagged \Seen Work \Recent))
        S: c OK *
    )",
               2);
}

TEST_CASE("imap EXPUNGE: numbers go down for all sessions when they are told") { // RFC 9051 6.4.3 and 7.5.1
    TestAccount alice(5);
    alice.imap(R"(
        C: a STORE 2,4 +FLAGS.SILENT (\Deleted)
        S: a OK *
        C: b EXPUNGE
        S: * 4 EXPUNGE
        S: * 2 EXPUNGE
        S: b OK EXPUNGE completed
        -- the other session: no EXPUNGE while numbers are in use, then all of them
        C2: a FETCH 1:5 UID
        S2: * 1 FETCH (UID 1)
        S2: * 3 FETCH (UID 3)
        S2: * 5 FETCH (UID 5)
        S2: a OK [EXPUNGEISSUED] *
        C2: b FETCH 4 FLAGS
        S2: b OK [EXPUNGEISSUED] *
        C2: c SEARCH SEEN
        S2: * SEARCH
        S2: c OK [EXPUNGEISSUED] *
        C2: d STORE 2,3 +FLAGS (\Seen)
        S2: * 3 FETCH (FLAGS (\Seen))
        S2: d OK [EXPUNGEISSUED] *
        C2: e NOOP
        S2: * 4 EXPUNGE
        S2: * 2 EXPUNGE
        S2: e OK *
        C2: f UID SEARCH ALL
        S2: * SEARCH 1 3 5
        S2: f OK *
        C: c FETCH 3 (UID)
        S: * 3 FETCH (UID 5)
        S: * 2 FETCH (UID 3 FLAGS (\Seen \Recent))
        S: c OK *
    )",
               2);
}

TEST_CASE("imap UID EXPUNGE: removes only what is named and deleted") { // RFC 9051 6.4.9
    TestAccount alice(4);
    alice.imap(R"(
        C: a STORE 1:3 +FLAGS.SILENT (\Deleted)
        S: a OK *
        C: b UID EXPUNGE 2:4
        S: * 3 EXPUNGE
        S: * 2 EXPUNGE
        S: b OK *
        C: c UID FETCH 1:* FLAGS
        S: * 1 FETCH (UID 1 FLAGS (\Deleted \Recent))
        S: * 2 FETCH (UID 4 FLAGS (\Recent))
        S: c OK *
    )");
}

TEST_CASE("imap CLOSE and UNSELECT: with and without expunging, silently") { // RFC 9051 6.4.1 and 6.4.2
    TestAccount alice(2);
    alice.imap(R"(
        C: a STORE 1 +FLAGS.SILENT (\Deleted)
        S: a OK *
        C: b UNSELECT
        S: b OK *
        C: c STATUS INBOX (MESSAGES)
        S: * STATUS INBOX (MESSAGES 2)
        S: c OK *
        C: d EXAMINE INBOX
        S: * FLAGS *
        S: * OK *
        S: * 2 EXISTS
        S: * 0 RECENT
        S: * OK [UNSEEN 1] *
        S: * OK *
        S: * OK *
        S: d OK *
        C: e CLOSE
        S: e OK *
        C: f SELECT INBOX
        S: * FLAGS *
        S: * OK *
        S: * 2 EXISTS
        S: * 0 RECENT
        S: * OK [UNSEEN 1] *
        S: * OK *
        S: * OK *
        S: f OK *
        C: g CLOSE
        S: g OK *
        C: h STATUS INBOX (MESSAGES)
        S: * STATUS INBOX (MESSAGES 1)
        S: h OK *
        C: i CLOSE
        S: i BAD Select a mailbox first
    )");
}

TEST_CASE("imap COPY: keeps flags, answers COPYUID, wants the target to exist") { // RFC 9051 6.4.7
    TestAccount alice(4);
    alice.imap(R"(
        C: a STORE 2 +FLAGS.SILENT (\Seen Work)
        S: * FLAGS *
        S: a OK *
        C: b COPY 2:3 Archive
        S: b OK [COPYUID *
        C: c COPY 1 nowhere
        S: c NO [TRYCREATE] *
        C: d UID COPY 99 Archive
        S: d OK There was no such message, so nothing was done
        C: e COPY 5 Archive
        S: e BAD *
        C: f SELECT Archive
        S: * OK [CLOSED] *
        S: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft Work)
        S: * OK *
        S: * 2 EXISTS
        S: * 2 RECENT
        S: * OK [UNSEEN 2] *
        S: * OK *
        S: * OK [UIDNEXT 3] *
        S: f OK *
        C: g FETCH 1:2 (FLAGS INTERNALDATE)
        S: * 1 FETCH (FLAGS (\Seen Work \Recent) INTERNALDATE "17-Jul-1996 09:44:25 +0000")
        S: * 2 FETCH (FLAGS (\Recent) INTERNALDATE "17-Jul-1996 09:44:25 +0000")
        S: g OK *
        C: h UID COPY 1:2 Archive
        S: * 4 EXISTS
        S: * 4 RECENT
        S: h OK [COPYUID *
    )");
}

TEST_CASE("imap MOVE: COPYUID first, then EXPUNGE") { // RFC 9051 6.4.8
    TestAccount alice(4);
    alice.imap(R"(
        C: a MOVE 2:3 Trash
        S: * OK [COPYUID *
        S: * 3 EXPUNGE
        S: * 2 EXPUNGE
        S: a OK MOVE completed
        C: b UID MOVE 4 Trash
        S: * OK [COPYUID *
        S: * 2 EXPUNGE
        S: b OK *
        C: c UID MOVE 4 Trash
        S: c OK *
        C: d MOVE 1 nowhere
        S: d NO [TRYCREATE] *
        C: e STATUS Trash (MESSAGES UIDNEXT)
        S: * STATUS Trash (MESSAGES 3 UIDNEXT 4)
        S: e OK *
        C2: a NOOP
        S2: * 4 EXPUNGE
        S2: * 3 EXPUNGE
        S2: * 2 EXPUNGE
        S2: a OK *
    )",
               2);
}

TEST_CASE("imap APPEND: flags, date, UIDPLUS, news in the selected mailbox") { // RFC 9051 6.3.12
    TestAccount alice;
    alice.imap(R"(
        C: a APPEND INBOX (\Seen Work) "17-Jul-1996 02:44:25 -0700" {23}
        S: + Ready for the message
        C: Subject: one
        C: 
        C: Hello
        C: 
        S: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft Work)
        S: * 1 EXISTS
        S: * 1 RECENT
        S: a OK [APPENDUID *
        C: b FETCH 1 (UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[])
        S: * 1 FETCH (UID 1 FLAGS (\Seen Work \Recent) INTERNALDATE "17-Jul-1996 09:44:25 +0000" RFC822.SIZE 23 BODY[] {23}
        S: Subject: one
        S: 
        S: Hello
        S: )
        S: b OK *
        C: c APPEND "Archive" {17+}
        C: Subject: two
        C: 
        C: 
        S: c OK [APPENDUID *
        C: d APPEND {6}
        S: + OK
        C: Drafts (\Draft) {6+}
        C: a: b
        C: 
        S: d OK [APPENDUID *
    )");
}

TEST_CASE("imap APPEND: what is refused before or after the message") {
    Settings settings;
    settings.max_message = 1000;
    TestAccount alice(0, settings);
    alice.imap("");
    TestSite& site = alice.site();
    const auto answer = [&](const std::string& said) {
        site.send(1, said);
        return site.receive(1);
    };
    CHECK(answer("a APPEND nowhere {10}\r\n") == "a NO [TRYCREATE] There is no such mailbox");
    CHECK(answer("b APPEND nowhere {10+}\r\n0123456789\r\n") == "b NO [TRYCREATE] There is no such mailbox");
    CHECK(answer("c APPEND INBOX {1001}\r\n") == "c NO [TOOBIG] The message is too large");
    CHECK(answer("d APPEND INBOX {1001+}\r\n" + std::string(1001, 'x') + "\r\n") ==
          "d NO [TOOBIG] The message is too large");
    CHECK(answer("e APPEND INBOX {0}\r\n").starts_with("e NO [CANNOT]"));
    CHECK(answer("f APPEND INBOX ~{10}\r\n").starts_with("f BAD"));
    CHECK(answer("g APPEND INBOX (\\Foo) {10+}\r\n0123456789\r\n").starts_with("g BAD"));
    CHECK(answer("h APPEND INBOX \"32-Jul-1996 02:44:25 -0700\" {10+}\r\n0123456789\r\n").starts_with("h BAD"));
    CHECK(answer("i APPEND INBOX (\\Seen)\r\n").starts_with("i BAD"));
    CHECK(answer("j APPEND INBOX {4+}\r\na: b {4+}\r\nc: d\r\n") == "j BAD APPEND takes one message");
    CHECK(answer(std::string("k APPEND INBOX {6+}\r\na: b\0c\r\n", 29)) == "k NO [CANNOT] The message contains NUL");
    CHECK(answer("l APPEND INBOX {99999999999+}\r\n").starts_with("l NO [TOOBIG]"));
    CHECK(site.receive(1) == "* BYE Too much to be skipped");
    CHECK(site.receive(1) == "<closed>");
    site.log_in(2, false);
    site.play(R"(
        C2: a STATUS INBOX (MESSAGES)
        S2: * STATUS INBOX (MESSAGES 0)
        S2: a OK *
    )");
    for (const std::size_t size : {999u, 1000u}) {
        site.send(2, "s APPEND INBOX {" + std::to_string(size) + "+}\r\n" + std::string(size, 'x') + "\r\n");
        CHECK(site.receive(2).starts_with("s OK [APPENDUID "));
    }
}

TEST_CASE("imap APPEND and COPY: over quota") { // RFC 5530 OVERQUOTA
    TestSite site;
    store::Limits limits;
    limits.octets = 100;
    const store::Account bob = site.store().enroll("bob", limits);
    site.connect(1, true);
    site.receive(1);
    site.play(R"(
        C: a LOGIN bob secret
        S: a OK *
        C: b APPEND INBOX {101}
        S: b NO [OVERQUOTA] *
    )");
    site.send(1, "c APPEND INBOX {60+}\r\nSubject: " + std::string(49, 'x') + "\r\n\r\n");
    site.play(R"(
        S: c OK *
        C: d SELECT INBOX
        S: * FLAGS *
        S: * OK *
        S: * 1 EXISTS
        S: * 1 RECENT
        S: * OK *
        S: * OK *
        S: * OK *
        S: d OK *
        C: e COPY 1 Archive
        S: e NO [OVERQUOTA] *
        C: f MOVE 1 Archive
        S: * OK [COPYUID *
        S: * 1 EXPUNGE
        S: f OK *
    )");
}

TEST_CASE("imap IDLE: news comes at once, DONE ends it") { // RFC 9051 6.3.13
    TestAccount alice(1);
    alice.imap(R"(
        C: a IDLE
        S: + idling
        C2: a STORE 1 +FLAGS.SILENT (\Seen)
        S2: a OK *
        S: * 1 FETCH (UID 1 FLAGS (\Seen \Recent))
        C2: b APPEND INBOX {18+}
        C2: Subject: new
        C2: 
        C2: x
        S2: * 2 EXISTS
        S2: * 1 RECENT
        S2: b OK *
        S: * 2 EXISTS
        S: * 2 RECENT
        C2: c STORE 1 +FLAGS.SILENT (\Deleted)
        S2: c OK *
        S: * 1 FETCH (UID 1 FLAGS (\Deleted \Seen \Recent))
        C2: d EXPUNGE
        S2: * 1 EXPUNGE
        S2: d OK *
        S: * 1 EXPUNGE
        C: DONE
        S: a OK IDLE completed
        C: b IDLE
        S: + idling
        C: NOOP
        S: b BAD IDLE ends with DONE
    )",
               2);
}
