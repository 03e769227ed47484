// CREATE, DELETE, RENAME, SUBSCRIBE, UNSUBSCRIBE (RFC 9051 6.3.4 to 6.3.8, RFC 6154 3).
#include "imap/mailbox_name.h"
#include "tests/imap/transcript.h"

using namespace pillarbox::imap;

namespace {

TestSite& logged_in(TestSite& site) {
    site.log_in(1, false);
    return site;
}

std::string levels(std::size_t count) {
    std::string name = "l";
    for (std::size_t level = 1; level < count; ++level) name += "/l";
    return name;
}

/// The tagged answer, without tag; other lines are passed over.
std::string answer(TestSite& site, const std::string& command) {
    site.send(1, "tag " + command + "\r\n");
    while (true) {
        std::string line = site.receive(1);
        if (line.starts_with("tag ")) return line.substr(4);
        const bool goes_on = line != "<nothing>" && line != "<closed>";
        REQUIRE_MESSAGE(goes_on, command);
    }
}

} // namespace

TEST_CASE("imap CREATE: the RFC's example") { // RFC 9051 6.3.4
    TestSite site;
    logged_in(site).play(R"(
        C: A003 CREATE owatagusiam/
        S: A003 OK *
        C: A004 CREATE owatagusiam/blurdybloop
        S: A004 OK *
        C: A005 LIST "" owatagusiam*
        S: * LIST (\HasChildren) "/" owatagusiam
        S: * LIST (\HasNoChildren) "/" owatagusiam/blurdybloop
        S: A005 OK *
    )");
}

TEST_CASE("imap CREATE: levels above that are missing are made") { // RFC 9051 6.3.4
    TestSite site;
    logged_in(site).play(R"(
        C: a CREATE one/two/three
        S: a OK *
        C: b LIST "" one*
        S: * LIST (\HasChildren) "/" one
        S: * LIST (\HasChildren) "/" one/two
        S: * LIST (\HasNoChildren) "/" one/two/three
        S: b OK *
        C: c CREATE one/two
        S: c NO [ALREADYEXISTS] *
    )");
}

TEST_CASE("imap CREATE: names that are refused") {
    TestSite site;
    logged_in(site).play(R"(
        C: a CREATE INBOX
        S: a NO [ALREADYEXISTS] *
        C: b CREATE inbox/
        S: b NO [ALREADYEXISTS] *
        C: c CREATE ""
        S: c NO [CANNOT] *
        C: d CREATE /
        S: d NO [CANNOT] *
        C: e CREATE /a
        S: e NO [CANNOT] *
        C: f CREATE a//b
        S: f NO [CANNOT] *
        C: g CREATE a//
        S: g NO [CANNOT] *
        C: h CREATE "a&b"
        S: h NO [CANNOT] *
        C: i CREATE "&AGE-"
        S: i NO [CANNOT] *
        C: j CREATE {2}
        S: + OK
        C: ab more
        S: j BAD *
        C: k CREATE a%
        S: k BAD *
    )");
    site.play("C: l CREATE \"a\tb\"\nS: l NO [CANNOT] *\n");
}

TEST_CASE("imap CREATE: names in modified UTF-7, and the same ones in UTF-8") { // RFC 9051 5.1, appendix A.1
    TestSite site;
    logged_in(site).log_in(2, false);
    site.play("C: a CREATE \"~peter/mail/&U,BTFw-/&ZeVnLIqe-\"\n"
              "S: a OK *\n"
              "C: b CREATE \"Tom &- Jerry\"\n"
              "S: b OK *\n"
              "C: c LIST \"~peter/mail/&U,BTFw-/\" %\n"
              "S: * LIST (\\HasNoChildren) \"/\" ~peter/mail/&U,BTFw-/&ZeVnLIqe-\n"
              "S: c OK *\n"
              "C: d LIST \"\" T*m*\n"
              "S: * LIST (\\HasNoChildren) \"/\" \"Tom &- Jerry\"\n"
              "S: d OK *\n"
              "C2: a ENABLE IMAP4rev2\n"
              "S2: * ENABLED IMAP4rev2\n"
              "S2: a OK *\n"
              "C2: b LIST \"\" (~peter/mail/%/% Tom*)\n"
              "S2: * LIST (\\HasNoChildren) \"/\" \"Tom & Jerry\"\n"
              "S2: * LIST (\\HasNoChildren) \"/\" \"~peter/mail/\xe5\x8f\xb0\xe5\x8c\x97/\xe6\x97\xa5\xe6\x9c\xac"
              "\xe8\xaa\x9e\"\n"
              "S2: b OK *\n"
              "C2: c CREATE \"gr\xc3\xbc\xc3\x9f\"\n"
              "S2: c OK *\n"
              "C2: d CREATE \"\xff\"\n"
              "S2: d NO [CANNOT] *\n"
              "C: e STATUS gr&APwA3w- (MESSAGES)\n"
              "S: * STATUS gr&APwA3w- (MESSAGES 0)\n"
              "S: e OK *\n");
}

TEST_CASE("imap CREATE: the longest and the deepest name") {
    TestSite site;
    logged_in(site);
    const std::string too_bad = "NO [CANNOT] A mailbox cannot have that name";
    const auto create = [&site](const std::string& name) { return answer(site, "CREATE " + name); };
    CHECK(create(std::string(longest_name - 1, 'a')) == "OK CREATE completed");
    CHECK(create(std::string(longest_name, 'b')) == "OK CREATE completed");
    CHECK(create(std::string(longest_name, 'c') + "/") == "OK CREATE completed"); // the name is without it
    CHECK(create(std::string(longest_name + 1, 'd')) == too_bad);
    CHECK(create(std::string(10 * longest_name, 'd')) == too_bad);
    CHECK(create(levels(31)) == "OK CREATE completed");
    CHECK(create(levels(32)) == "OK CREATE completed");
    CHECK(create(levels(33)) == too_bad);
    // In UTF-8 it counts what the name has there, not what its UTF-7 has.
    std::string umlauts = "&";
    for (int i = 0; i < 500; i += 3) umlauts += "APwA,AD8"; // three letters, two octets each in UTF-8
    CHECK(create(umlauts + "-") == too_bad);                // 501 letters
}

TEST_CASE("imap CREATE: with a special use") { // RFC 6154 3
    TestSite site;
    logged_in(site).play(R"(
        C: a CREATE Outgoing (USE (\Sent))
        S: a OK *
        C: b CREATE Nothing (USE ())
        S: b OK *
        C: c LIST "" (Outgoing Nothing)
        S: * LIST (\HasNoChildren) "/" Nothing
        S: * LIST (\HasNoChildren \Sent) "/" Outgoing
        S: c OK *
        C: d CREATE Both (USE (\Sent \Junk))
        S: d NO [USEATTR] *
        C: e CREATE Other (USE (\Flagged))
        S: e NO [USEATTR] *
        C: f CREATE Other (USE \Sent)
        S: f BAD *
        C: g CREATE Other (FOO)
        S: g BAD *
        C: h CREATE Other (USE (\Sent)
        S: h BAD *
        C: i STATUS Other (MESSAGES)
        S: i NO [NONEXISTENT] *
    )");
}

TEST_CASE("imap DELETE: refusals, and what becomes of mailboxes inside") { // RFC 9051 6.3.5
    TestSite site;
    logged_in(site).play(R"(
        C: a DELETE INBOX
        S: a NO [CANNOT] *
        C: b DELETE Nowhere
        S: b NO [NONEXISTENT] *
        C: c DELETE ""
        S: c NO [NONEXISTENT] *
        C: d CREATE foo/bar
        S: d OK *
        C: e DELETE foo
        S: e OK *
        C: f LIST "" foo*
        S: * LIST (\HasNoChildren) "/" foo/bar
        S: f OK *
        C: g LIST "" f%
        S: * LIST (\Noselect \HasChildren) "/" foo
        S: g OK *
        C: h LIST "" (f%)
        S: * LIST (\NonExistent \HasChildren) "/" foo
        S: h OK *
        C: i SELECT foo
        S: i NO [NONEXISTENT] *
        C: j DELETE foo
        S: j NO *
        C: k DELETE foo/bar
        S: k OK *
        C: l LIST "" f*
        S: l OK *
    )");
}

TEST_CASE("imap DELETE: a mailbox of the same name has another UIDVALIDITY") { // RFC 9051 2.3.1.1
    TestSite site;
    logged_in(site);
    const auto uidvalidity = [&site] {
        site.send(1, "s STATUS again (UIDVALIDITY)\r\n");
        std::string line = site.receive(1);
        CHECK(line.starts_with("* STATUS again (UIDVALIDITY "));
        CHECK(site.receive(1) == "s OK STATUS completed");
        return line;
    };
    CHECK(answer(site, "CREATE again") == "OK CREATE completed");
    const std::string before = uidvalidity();
    CHECK(answer(site, "DELETE again") == "OK DELETE completed");
    CHECK(answer(site, "CREATE again") == "OK CREATE completed");
    CHECK(uidvalidity() != before);
}

TEST_CASE("imap DELETE: of one's own selected mailbox") {
    TestSite site;
    logged_in(site).play(R"(
        C: a CREATE gone
        S: a OK *
    )");
    site.append("gone", TestAccount::small_message(1));
    site.send(1, "b SELECT gone\r\n");
    site.skip_to(1, "b OK [READ-WRITE]");
    site.play(R"(
        C: c DELETE gone
        S: * OK [CLOSED] *
        S: c OK *
        C: d FETCH 1 FLAGS
        S: d BAD Select a mailbox first
        C: e STATUS INBOX (MESSAGES)
        S: * STATUS INBOX (MESSAGES 0)
        S: e OK *
    )");
}

TEST_CASE("imap DELETE: the mailbox another session has selected") {
    TestSite site;
    logged_in(site).log_in(2, false);
    site.log_in(3, false);
    CHECK(answer(site, "CREATE gone") == "OK CREATE completed");
    site.append("gone", TestAccount::small_message(1));
    for (const std::size_t number : {2u, 3u}) {
        site.send(number, "a SELECT gone\r\n");
        site.skip_to(number, "a OK [READ-WRITE]");
    }
    site.play(R"(
        C3: b IDLE
        S3: + idling
        C: b DELETE gone
        S: b OK *
        C2: b FETCH 1 BODY.PEEK[TEXT]
        S2: * 1 FETCH (BODY[TEXT] {11}
        S2: Body of 1
        S2: )
        S2: b OK *
        S2: * BYE The selected mailbox was deleted
        S2: <closed>
        S3: b OK *
        S3: * BYE The selected mailbox was deleted
        S3: <closed>
        C: c STATUS INBOX (MESSAGES)
        S: * STATUS INBOX (MESSAGES 0)
        S: c OK *
    )");
}

TEST_CASE("imap RENAME: inferiors follow, levels above are made") { // RFC 9051 6.3.6
    TestSite site;
    logged_in(site).play(R"(
        C: a CREATE foo/bar/zap
        S: a OK *
        C: b RENAME foo new/zowie
        S: b OK *
        C: c LIST "" (foo* new*)
        S: * LIST (\HasChildren) "/" new
        S: * LIST (\HasChildren) "/" new/zowie
        S: * LIST (\HasChildren) "/" new/zowie/bar
        S: * LIST (\HasNoChildren) "/" new/zowie/bar/zap
        S: c OK *
        C: d RENAME foo bar
        S: d NO [NONEXISTENT] *
        C: e RENAME new/zowie INBOX
        S: e NO [ALREADYEXISTS] *
        C: f RENAME new/zowie Trash
        S: f NO [ALREADYEXISTS] *
        C: g RENAME new new/inside
        S: g NO [CANNOT] *
        C: h RENAME new ""
        S: h NO [CANNOT] *
        C: i RENAME new a//b
        S: i NO [CANNOT] *
        C: j RENAME new
        S: j BAD *
        C: k RENAME new Renamed/
        S: k OK *
        C: l LIST "" Ren%
        S: * LIST (\HasChildren) "/" Renamed
        S: l OK *
    )");
}

TEST_CASE("imap RENAME: names that inferiors would get keep to the limits, too") {
    TestSite site;
    logged_in(site);
    const std::string too_bad = "NO [CANNOT] A mailbox cannot have that name";
    CHECK(answer(site, "CREATE a/" + std::string(498, 'b')) == "OK CREATE completed");
    CHECK(answer(site, "RENAME a " + std::string(502, 'c')) == too_bad);
    CHECK(answer(site, "RENAME a " + std::string(501, 'c')) == "OK RENAME completed");
    CHECK(answer(site, "CREATE deep/" + levels(15)) == "OK CREATE completed");
    CHECK(answer(site, "RENAME deep " + levels(18)) == too_bad);
    CHECK(answer(site, "RENAME deep " + levels(17)) == "OK RENAME completed");
}

TEST_CASE("imap CREATE: an account has 10,000 mailboxes at most, levels that come along included") {
    TestSite site;
    logged_in(site);
    const std::string full = "NO [LIMIT] A limit of the mailbox or account is reached";
    const std::size_t most = 10'000, deep = 20;
    std::size_t made = 0;
    site.send(1, "count LIST \"\" *\r\n");
    while (site.receive(1).starts_with("* LIST")) ++made;
    for (std::size_t i = 0; made + deep < most; ++i, made += deep)
        site.send(1, "c CREATE " + std::to_string(i) + "/" + levels(deep - 1) + "\r\n");
    CHECK(answer(site, "NOOP") == "OK NOOP completed");
    for (; made + 2 < most; ++made) CHECK(answer(site, "CREATE x" + std::to_string(made)) == "OK CREATE completed");
    CHECK(answer(site, "CREATE y/l/l") == full);
    CHECK(answer(site, "RENAME 0 y/l/l/0") == full);
    CHECK(answer(site, "CREATE y/l") == "OK CREATE completed");
    CHECK(answer(site, "CREATE z") == full);
    CHECK(answer(site, "RENAME 0 y/l/0") == "OK RENAME completed");
    CHECK(answer(site, "RENAME 1 z/1") == full);
    CHECK(answer(site, "RENAME INBOX z") == full);
    CHECK(answer(site, "RENAME 1 z") == "OK RENAME completed");
    CHECK(answer(site, "DELETE y") == "OK DELETE completed");
    CHECK(answer(site, "CREATE y") == "OK CREATE completed");
}

TEST_CASE("imap RENAME: of INBOX moves its messages and leaves it empty") { // RFC 9051 6.3.6
    TestSite site;
    for (int number : {1, 2}) site.append("INBOX", TestAccount::small_message(number));
    logged_in(site).log_in(2, true);
    site.play(R"(
        C: a CREATE INBOX/inside
        S: a OK *
        C: b RENAME INBOX old-mail
        S: b OK *
        C: c STATUS INBOX (MESSAGES UNSEEN)
        S: * STATUS INBOX (MESSAGES 0 UNSEEN 0)
        S: c OK *
        C: d STATUS old-mail (MESSAGES UNSEEN UIDNEXT)
        S: * STATUS old-mail (MESSAGES 2 UNSEEN 2 UIDNEXT 3)
        S: d OK *
        C: e LIST "" *inside
        S: * LIST (\HasNoChildren) "/" INBOX/inside
        S: e OK *
        C2: a NOOP
        S2: * 2 EXPUNGE
        S2: * 1 EXPUNGE
        S2: a OK *
        C: f RENAME INBOX old-mail
        S: f NO [ALREADYEXISTS] *
    )");
}

TEST_CASE("imap RENAME: of a selected mailbox leaves it selected") {
    TestSite site;
    logged_in(site).log_in(2, false);
    CHECK(answer(site, "CREATE before") == "OK CREATE completed");
    site.append("before", TestAccount::small_message(1));
    site.send(2, "a SELECT before\r\n");
    site.skip_to(2, "a OK [READ-WRITE]");
    site.play(R"(
        C: a RENAME before after
        S: a OK *
        C2: b UID FETCH 1:* FLAGS
        S2: * 1 FETCH (UID 1 FLAGS (\Recent))
        S2: b OK *
        C2: c STATUS after (MESSAGES)
        S2: * STATUS after (MESSAGES 1)
        S2: c OK *
        C2: d STATUS before (MESSAGES)
        S2: d NO [NONEXISTENT] *
    )");
}

TEST_CASE("imap SUBSCRIBE: also to what is not there, and it outlives the mailbox") { // RFC 9051 6.3.7 and 6.3.8
    TestSite site;
    logged_in(site).play(R"(
        C: a SUBSCRIBE Nowhere
        S: a OK *
        C: b CREATE here
        S: b OK *
        C: c SUBSCRIBE here
        S: c OK *
        C: d SUBSCRIBE here
        S: d OK *
        C: e DELETE here
        S: e OK *
        C: f LSUB "" *here
        S: * LSUB (\Noselect) "/" Nowhere
        S: * LSUB (\Noselect) "/" here
        S: f OK *
        C: g LIST (SUBSCRIBED) "" *here
        S: * LIST (\NonExistent \HasNoChildren \Subscribed) "/" Nowhere
        S: * LIST (\NonExistent \HasNoChildren \Subscribed) "/" here
        S: g OK *
        C: h UNSUBSCRIBE here
        S: h OK *
        C: i UNSUBSCRIBE here
        S: i OK *
        C: j LSUB "" *here
        S: * LSUB (\Noselect) "/" Nowhere
        S: j OK *
        C: k SUBSCRIBE a//b
        S: k NO [CANNOT] *
        C: l SUBSCRIBE
        S: l BAD *
    )");
}
