// SELECT to STATUS: mailboxes are made, listed, renamed and looked at (RFC 9051 6.3).
#include "tests/imap/transcript.h"

using namespace pillarbox;
using namespace pillarbox::imap;

namespace {

/// Takes the subscriptions away that a new account has.
void unsubscribe_all(TestAccount& alice) {
    std::string transcript;
    for (const char* name : {"INBOX", "Archive", "Drafts", "Junk", "Sent", "Trash"}) {
        transcript += std::string("C: u UNSUBSCRIBE ") + name + "\nS: u OK *\n";
    }
    alice.imap(transcript);
}

} // namespace

TEST_CASE("imap SELECT: describes the mailbox to a client of IMAP4rev1") { // RFC 3501 6.3.1
    TestAccount alice(3);
    alice.site().log_in(1, false);
    alice.site().play(R"(
        C: a SELECT inbox
        S: * FLAGS (\Answered \Flagged \Deleted \Seen \Draft)
        S: * OK [PERMANENTFLAGS (\Answered \Flagged \Deleted \Seen \Draft \*)] *
        S: * 3 EXISTS
        S: * 3 RECENT
        S: * OK [UNSEEN 1] *
        S: * OK [UIDVALIDITY *
        S: * OK [UIDNEXT 4] *
        S: a OK [READ-WRITE] SELECT completed
        C: b SELECT INBOX
        S: * OK [CLOSED] *
        S: * FLAGS *
        S: * OK [PERMANENTFLAGS *
        S: * 3 EXISTS
        S: * 0 RECENT
        S: * OK [UNSEEN 1] *
        S: * OK [UIDVALIDITY *
        S: * OK [UIDNEXT 4] *
        S: b OK [READ-WRITE] *
        C: c SELECT nowhere
        S: * OK [CLOSED] *
        S: c NO [NONEXISTENT] *
        C: d FETCH 1 FLAGS
        S: d BAD Select a mailbox first
    )");
}

TEST_CASE("imap SELECT: describes the mailbox to a client of IMAP4rev2") { // RFC 9051 6.3.2
    TestAccount alice(1);
    alice.site().log_in(1, false);
    alice.site().play(R"(
        C: a ENABLE IMAP4rev2
        S: * ENABLED IMAP4rev2
        S: a OK *
        C: b SELECT INBOX
        S: * FLAGS *
        S: * OK [PERMANENTFLAGS *
        S: * 1 EXISTS
        S: * OK [UIDVALIDITY *
        S: * OK [UIDNEXT 2] *
        S: * LIST () "/" INBOX
        S: b OK [READ-WRITE] *
    )");
}

TEST_CASE("imap EXAMINE: reads and changes nothing") { // RFC 9051 6.3.3
    TestAccount alice(2);
    alice.site().log_in(1, false);
    alice.site().play(R"(
        C: a EXAMINE INBOX
        S: * FLAGS *
        S: * OK [PERMANENTFLAGS ()] *
        S: * 2 EXISTS
        S: * 2 RECENT
        S: * OK [UNSEEN 1] *
        S: * OK [UIDVALIDITY *
        S: * OK [UIDNEXT 3] *
        S: a OK [READ-ONLY] EXAMINE completed
        C: b STORE 1 +FLAGS (\Seen)
        S: b NO [NOPERM] *
        C: c EXPUNGE
        S: c NO [NOPERM] *
        C: d MOVE 1 Trash
        S: d NO [NOPERM] *
        C: e FETCH 1 BODY[TEXT]
        S: * 1 FETCH (BODY[TEXT] {11}
        S: Body of 1
        S: )
        S: e OK *
        C: f FETCH 1 FLAGS
        S: * 1 FETCH (FLAGS (\Recent))
        S: f OK *
        C: g CLOSE
        S: g OK *
        C: h EXAMINE INBOX
        S: * FLAGS *
        S: * OK [PERMANENTFLAGS *
        S: * 2 EXISTS
        S: * 2 RECENT
        S: * OK [UNSEEN 1] *
        S: * OK [UIDVALIDITY *
        S: * OK [UIDNEXT 3] *
        S: h OK [READ-ONLY] *
    )");
}

TEST_CASE("imap CREATE, DELETE, RENAME: and what they refuse") { // RFC 9051 6.3.4 to 6.3.6
    TestAccount alice;
    alice.imap(R"(
        C: a CREATE Work/
        S: a OK *
        C: b CREATE Work
        S: b NO [ALREADYEXISTS] *
        C: c CREATE inbox
        S: c NO [ALREADYEXISTS] *
        C: d CREATE a//b
        S: d NO [CANNOT] *
        C: e CREATE ""
        S: e NO [CANNOT] *
        C: f CREATE "&Jjo!"
        S: f NO [CANNOT] *
        C: g CREATE Deep/er/est
        S: g OK *
        C: h DELETE INBOX
        S: h NO [CANNOT] *
        C: i DELETE nowhere
        S: i NO [NONEXISTENT] *
        C: j RENAME Deep Work
        S: j NO [ALREADYEXISTS] *
        C: k RENAME nowhere there
        S: k NO [NONEXISTENT] *
        C: l RENAME Deep Flat/
        S: l OK *
        C: m LIST "" "Fl*"
        S: * LIST (\HasChildren) "/" Flat
        S: * LIST (\HasChildren) "/" Flat/er
        S: * LIST (\HasNoChildren) "/" Flat/er/est
        S: m OK *
        C: n DELETE Flat/er/est
        S: n OK *
        C: o CREATE Done (USE (\Archive))
        S: o OK *
        C: p CREATE Other (USE (\All))
        S: p NO [USEATTR] *
        C: q CREATE Other (USE (\Drafts \Sent))
        S: q NO [USEATTR] *
        C: r CREATE Other (USE \Drafts)
        S: r BAD *
        C: s CREATE Other ()
        S: s BAD *
    )");
}

TEST_CASE("imap RENAME: INBOX gives its messages away and stays") { // RFC 9051 6.3.6
    TestAccount alice(2);
    alice.imap(R"(
        C: a RENAME INBOX Old
        S: * 2 EXPUNGE
        S: * 1 EXPUNGE
        S: a OK *
        C: b STATUS Old (MESSAGES)
        S: * STATUS Old (MESSAGES 2)
        S: b OK *
        C: c STATUS INBOX (MESSAGES)
        S: * STATUS INBOX (MESSAGES 0)
        S: c OK *
    )");
}

TEST_CASE("imap DELETE: of the selected mailbox, by its own session and by another") { // RFC 9051 6.3.5
    TestAccount alice;
    alice.imap(R"(
        C: a CREATE Gone
        S: a OK *
        C: b SELECT Gone
        S: * OK [CLOSED] *
        S: * FLAGS *
        S: * OK [PERMANENTFLAGS *
        S: * 0 EXISTS
        S: * 0 RECENT
        S: * OK [UIDVALIDITY *
        S: * OK [UIDNEXT 1] *
        S: b OK *
        C2: a SELECT Gone
        S2: * OK [CLOSED] *
        S2: * FLAGS *
        S2: * OK [PERMANENTFLAGS *
        S2: * 0 EXISTS
        S2: * 0 RECENT
        S2: * OK [UIDVALIDITY *
        S2: * OK [UIDNEXT 1] *
        S2: a OK *
        C: c DELETE Gone
        S: * OK [CLOSED] *
        S: c OK *
        C: d SEARCH ALL
        S: d BAD Select a mailbox first
        C2: b NOOP
        S2: b OK *
        S2: * BYE The selected mailbox was deleted
        S2: <closed>
    )",
               2);
}

TEST_CASE("imap names: modified UTF-7 before ENABLE, UTF-8 after it") { // RFC 9051 5.1 and A.1
    TestAccount alice;
    alice.imap("C: a CREATE Entw&APw-rfe\nS: a OK *\n"
               "C: b LIST \"\" E*\nS: * LIST (\\HasNoChildren) \"/\" Entw&APw-rfe\nS: b OK *\n"
               "C: c CREATE \"Entw\xc3\xbcrfe\"\nS: c NO [CANNOT] *\n"
               "C: d ENABLE IMAP4rev2\nS: * ENABLED IMAP4rev2\nS: d OK *\n"
               "C: e LIST \"\" E*\nS: * LIST (\\HasNoChildren) \"/\" \"Entw\xc3\xbcrfe\"\nS: e OK *\n"
               "C: f STATUS \"Entwu\xcc\x88rfe\" (UIDNEXT)\nS: * STATUS \"Entw\xc3\xbcrfe\" (UIDNEXT 1)\nS: f OK *\n"
               "C: g CREATE \"u\xcc\x88\"\n"
               "S: * LIST () \"/\" \"\xc3\xbc\" (\"OLDNAME\" (\"u\xcc\x88\"))\nS: g OK *\n"
               "C: h CREATE \"\xff\"\nS: h NO [CANNOT] *\n");
}

TEST_CASE("imap LIST: patterns, references, the delimiter") { // RFC 9051 6.3.9
    TestAccount alice;
    alice.imap(R"(
        C: a LIST "" ""
        S: * LIST (\Noselect) "/" ""
        S: a OK *
        C: b LIST "" *
        S: * LIST (\HasNoChildren \Archive) "/" Archive
        S: * LIST (\HasNoChildren \Drafts) "/" Drafts
        S: * LIST (\HasNoChildren) "/" INBOX
        S: * LIST (\HasNoChildren \Junk) "/" Junk
        S: * LIST (\HasNoChildren \Sent) "/" Sent
        S: * LIST (\HasNoChildren \Trash) "/" Trash
        S: b OK *
        C: c LIST "" inbox
        S: * LIST (\HasNoChildren) "/" INBOX
        S: c OK *
        C: d CREATE Foo/Bar
        S: d OK *
        C: e LIST Foo/ %
        S: * LIST (\HasNoChildren) "/" Foo/Bar
        S: e OK *
        C: f LIST "" F%
        S: * LIST (\HasChildren) "/" Foo
        S: f OK *
        C: g DELETE Foo
        S: g OK *
        C: h LIST "" F%
        S: * LIST (\Noselect \HasChildren) "/" Foo
        S: h OK *
        C: i LIST "" F*
        S: * LIST (\HasNoChildren) "/" Foo/Bar
        S: i OK *
        C: j LIST () "" (F% Foo/Bar)
        S: * LIST (\HasNoChildren) "/" Foo/Bar
        S: j OK *
        C: k LIST () "" F%
        S: * LIST (\NonExistent \HasChildren) "/" Foo
        S: k OK *
        C: l LIST "" "&bad"
        S: l OK *
        C: m LIST () "" ""
        S: m OK *
    )");
}

TEST_CASE("imap LIST: subscriptions and RECURSIVEMATCH") { // RFC 9051 6.3.9.8, examples 2, 7 and 8
    TestAccount alice;
    unsubscribe_all(alice);
    alice.imap(R"(
        C: a CREATE Foo/Bar
        S: a OK *
        C: b CREATE Foo/Baz
        S: b OK *
        C: c CREATE Moo
        S: c OK *
        C: d SUBSCRIBE Foo/Baz
        S: d OK *
        C: e SUBSCRIBE Fruit/Peach
        S: e OK *
        C: f LIST (SUBSCRIBED) "" *
        S: * LIST (\HasNoChildren \Subscribed) "/" Foo/Baz
        S: * LIST (\NonExistent \HasNoChildren \Subscribed) "/" Fruit/Peach
        S: f OK *
        C: g LIST (SUBSCRIBED) "" %
        S: g OK *
        C: h LIST (SUBSCRIBED RECURSIVEMATCH) "" F%
        S: * LIST (\HasChildren) "/" Foo ("CHILDINFO" ("SUBSCRIBED"))
        S: * LIST (\NonExistent \HasNoChildren) "/" Fruit ("CHILDINFO" ("SUBSCRIBED"))
        S: h OK *
        C: i SUBSCRIBE Foo
        S: i OK *
        C: j SUBSCRIBE Moo
        S: j OK *
        C: k UNSUBSCRIBE Foo/Baz
        S: k OK *
        C: l UNSUBSCRIBE Fruit/Peach
        S: l OK *
        C: m LIST (SUBSCRIBED RECURSIVEMATCH) "" % RETURN (CHILDREN)
        S: * LIST (\HasChildren \Subscribed) "/" Foo
        S: * LIST (\HasNoChildren \Subscribed) "/" Moo
        S: m OK *
        C: n LIST "" Foo* RETURN (SUBSCRIBED)
        S: * LIST (\HasChildren \Subscribed) "/" Foo
        S: * LIST (\HasNoChildren) "/" Foo/Bar
        S: * LIST (\HasNoChildren) "/" Foo/Baz
        S: n OK *
        C: o LIST (RECURSIVEMATCH) "" *
        S: o BAD *
        C: p LIST (SPECIAL-USE) "" % RETURN (SPECIAL-USE)
        S: * LIST (\HasNoChildren \Archive) "/" Archive
        S: * LIST (\HasNoChildren \Drafts) "/" Drafts
        S: * LIST (\HasNoChildren \Junk) "/" Junk
        S: * LIST (\HasNoChildren \Sent) "/" Sent
        S: * LIST (\HasNoChildren \Trash) "/" Trash
        S: p OK *
    )");
}

TEST_CASE("imap LIST: RECURSIVEMATCH names no superior whose inferiors are all in the answer") { // example 8
    TestAccount alice;
    unsubscribe_all(alice);
    std::string transcript;
    for (const char* name :
         {"foo2/bar1", "foo2/bar2", "baz2/bar2", "baz2/bar22", "baz2/bar222", "eps2", "eps2/mamba"}) {
        transcript += std::string("C: a CREATE ") + name + "\nS: a OK *\nC: b SUBSCRIBE " + name + "\nS: b OK *\n";
    }
    alice.imap(transcript + R"(
        C: c LIST (RECURSIVEMATCH SUBSCRIBED) "" *2
        S: * LIST (\HasNoChildren \Subscribed) "/" baz2/bar2
        S: * LIST (\HasNoChildren \Subscribed) "/" baz2/bar22
        S: * LIST (\HasNoChildren \Subscribed) "/" baz2/bar222
        S: * LIST (\HasChildren \Subscribed) "/" eps2 ("CHILDINFO" ("SUBSCRIBED"))
        S: * LIST (\HasChildren) "/" foo2 ("CHILDINFO" ("SUBSCRIBED"))
        S: * LIST (\HasNoChildren \Subscribed) "/" foo2/bar2
        S: c OK *
    )");
}

TEST_CASE("imap LSUB: subscribed names, and levels above them for %") { // RFC 3501 6.3.9
    TestAccount alice;
    unsubscribe_all(alice);
    alice.imap(R"(
        C: a SUBSCRIBE foo/bar
        S: a OK *
        C: b SUBSCRIBE INBOX
        S: b OK *
        C: c LSUB "" %
        S: * LSUB () "/" INBOX
        S: * LSUB (\Noselect) "/" foo
        S: c OK *
        C: d LSUB "" *
        S: * LSUB () "/" INBOX
        S: * LSUB (\Noselect) "/" foo/bar
        S: d OK *
    )");
}

TEST_CASE("imap STATUS: all items, and as an option of LIST") { // RFC 9051 6.3.11 and 6.3.9.2
    TestAccount alice(2);
    alice.imap(R"(
        C: a STORE 1 +FLAGS (\Seen \Deleted)
        S: * 1 FETCH (FLAGS (\Deleted \Seen \Recent))
        S: a OK *
        C: b STATUS INBOX (MESSAGES UIDNEXT UNSEEN DELETED RECENT)
        S: * STATUS INBOX (MESSAGES 2 UIDNEXT 3 UNSEEN 1 DELETED 1 RECENT 0)
        S: b OK *
        C: c LIST "" IN* RETURN (STATUS (MESSAGES UNSEEN))
        S: * LIST (\HasNoChildren) "/" INBOX
        S: * STATUS INBOX (MESSAGES 2 UNSEEN 1)
        S: c OK *
        C: d STATUS nowhere (MESSAGES)
        S: d NO [NONEXISTENT] *
        C: e STATUS INBOX ()
        S: e BAD *
        C: f STATUS INBOX (SIZE)
        S: * STATUS INBOX (SIZE *
        S: f OK *
        C: g STATUS Sent (RECENT SIZE MESSAGES)
        S: * STATUS Sent (RECENT 0 SIZE 0 MESSAGES 0)
        S: g OK *
        C: h NAMESPACE
        S: * NAMESPACE (("" "/")) NIL NIL
        S: h OK *
    )");
}
