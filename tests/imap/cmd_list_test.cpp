// LIST (RFC 9051 6.3.9, RFC 5258, RFC 5819, RFC 6154), LSUB (RFC 3501 6.3.9) and NAMESPACE (RFC 9051 6.3.10).
#include "imap/mailbox_name.h"
#include "imap/parser.h"
#include "tests/imap/transcript.h"

using namespace pillarbox::imap;

namespace {

/// Alice, logged in, with INBOX alone and subscribed to nothing else.
class BareAccount {
public:
    BareAccount() {
        site_.log_in(1, false);
        for (const std::string name : {"Archive", "Drafts", "Junk", "Sent", "Trash"}) {
            say("UNSUBSCRIBE " + name);
            say("DELETE " + name);
        }
        say("SUBSCRIBE INBOX");
    }
    void create(const std::vector<std::string>& names) {
        for (const std::string& name : names) say("CREATE " + name);
    }
    void subscribe(const std::vector<std::string>& names) {
        for (const std::string& name : names) say("SUBSCRIBE " + name);
    }
    void say(const std::string& command) {
        site_.send(1, "tag " + command + "\r\n");
        site_.skip_to(1, "tag OK");
    }
    TestSite& site() { return site_; }
    void imap(std::string_view transcript) { site_.play(transcript); }

private:
    TestSite site_;
};

} // namespace

TEST_CASE("imap LIST: the delimiter and the root") { // RFC 9051 6.3.9
    BareAccount alice;
    alice.imap(R"(
        C: a LIST "" ""
        S: * LIST (\Noselect) "/" ""
        S: a OK *
        C: b LIST /usr/staff/jones ""
        S: * LIST (\Noselect) "/" ""
        S: b OK *
        C: c LIST "" "" RETURN ()
        S: c OK *
        C: d LSUB "" ""
        S: * LSUB (\Noselect) "/" ""
        S: d OK *
        C: e NAMESPACE
        S: * NAMESPACE (("" "/")) NIL NIL
        S: e OK *
    )");
}

TEST_CASE("imap LIST: RFC 9051's examples 1 to 3 and 6") { // RFC 9051 6.3.9.8
    BareAccount alice;
    alice.create({"Fruit", "Fruit/Apple", "Fruit/Banana", "Tofu", "Vegetable", "Vegetable/Broccoli", "Vegetable/Corn"});
    alice.subscribe({"Fruit/Banana", "Fruit/Peach", "Vegetable", "Vegetable/Broccoli"});
    alice.imap(R"(
        C: A01 LIST "" "*"
        S: * LIST (\HasChildren) "/" Fruit
        S: * LIST (\HasNoChildren) "/" Fruit/Apple
        S: * LIST (\HasNoChildren) "/" Fruit/Banana
        S: * LIST (\HasNoChildren) "/" INBOX
        S: * LIST (\HasNoChildren) "/" Tofu
        S: * LIST (\HasChildren) "/" Vegetable
        S: * LIST (\HasNoChildren) "/" Vegetable/Broccoli
        S: * LIST (\HasNoChildren) "/" Vegetable/Corn
        S: A01 OK *
        C: A02 LIST (SUBSCRIBED) "" "*"
        S: * LIST (\HasNoChildren \Subscribed) "/" Fruit/Banana
        S: * LIST (\NonExistent \HasNoChildren \Subscribed) "/" Fruit/Peach
        S: * LIST (\HasNoChildren \Subscribed) "/" INBOX
        S: * LIST (\HasChildren \Subscribed) "/" Vegetable
        S: * LIST (\HasNoChildren \Subscribed) "/" Vegetable/Broccoli
        S: A02 OK *
        C: A03 LIST () "" "%" RETURN (CHILDREN)
        S: * LIST (\HasChildren) "/" Fruit
        S: * LIST (\HasNoChildren) "/" INBOX
        S: * LIST (\HasNoChildren) "/" Tofu
        S: * LIST (\HasChildren) "/" Vegetable
        S: A03 OK *
        C: A05 LIST (REMOTE SUBSCRIBED) "" Fruit/%
        S: * LIST (\HasNoChildren \Subscribed) "/" Fruit/Banana
        S: * LIST (\NonExistent \HasNoChildren \Subscribed) "/" Fruit/Peach
        S: A05 OK *
        C: A06 LIST (REMOTE) "" "*" RETURN (SUBSCRIBED)
        S: * LIST (\HasChildren) "/" Fruit
        S: * LIST (\HasNoChildren) "/" Fruit/Apple
        S: * LIST (\HasNoChildren \Subscribed) "/" Fruit/Banana
        S: * LIST (\HasNoChildren \Subscribed) "/" INBOX
        S: * LIST (\HasNoChildren) "/" Tofu
        S: * LIST (\HasChildren \Subscribed) "/" Vegetable
        S: * LIST (\HasNoChildren \Subscribed) "/" Vegetable/Broccoli
        S: * LIST (\HasNoChildren) "/" Vegetable/Corn
        S: A06 OK *
        C: A07 LSUB "" *
        S: * LSUB () "/" Fruit/Banana
        S: * LSUB (\Noselect) "/" Fruit/Peach
        S: * LSUB () "/" INBOX
        S: * LSUB () "/" Vegetable
        S: * LSUB () "/" Vegetable/Broccoli
        S: A07 OK *
        C: A08 LSUB "" %
        S: * LSUB (\Noselect) "/" Fruit
        S: * LSUB () "/" INBOX
        S: * LSUB () "/" Vegetable
        S: A08 OK *
    )");
}

TEST_CASE("imap LIST: RFC 9051's example 7") { // RFC 9051 6.3.9.8
    BareAccount alice;
    alice.say("UNSUBSCRIBE INBOX");
    alice.create({"Foo", "Foo/Bar", "Foo/Baz", "Moo"});
    alice.imap(R"(
        C: B LIST (SUBSCRIBED RECURSIVEMATCH) "" "%"
        S: B OK *
        C: s SUBSCRIBE Foo/Baz
        S: s OK *
        C: C02 LIST (SUBSCRIBED) "" "*"
        S: * LIST (\HasNoChildren \Subscribed) "/" Foo/Baz
        S: C02 OK *
        C: C03 LIST (SUBSCRIBED) "" "%"
        S: C03 OK *
        C: C04 LIST (SUBSCRIBED RECURSIVEMATCH) "" "%"
        S: * LIST (\HasChildren) "/" Foo ("CHILDINFO" ("SUBSCRIBED"))
        S: C04 OK *
        C: s SUBSCRIBE Foo
        S: s OK *
        C: C05 LIST (SUBSCRIBED RECURSIVEMATCH) "" "%"
        S: * LIST (\HasChildren \Subscribed) "/" Foo ("CHILDINFO" ("SUBSCRIBED"))
        S: C05 OK *
    )");
}

TEST_CASE("imap LIST: RFC 9051's examples 9 and 10") { // RFC 9051 6.3.9.8
    BareAccount alice;
    alice.create({"foo", "music/rock", "also/jazz"});
    alice.say("DELETE music");
    alice.say("DELETE also");
    alice.subscribe({"foo/bar"});
    alice.imap(R"(
        C: a1 LIST "" ("foo")
        S: * LIST (\HasNoChildren) "/" foo
        S: a1 OK *
        C: a2 LIST (SUBSCRIBED) "" "foo/*"
        S: * LIST (\NonExistent \HasNoChildren \Subscribed) "/" foo/bar
        S: a2 OK *
        C: a3 LIST (SUBSCRIBED RECURSIVEMATCH) "" foo RETURN (CHILDREN)
        S: * LIST (\HasNoChildren) "/" foo ("CHILDINFO" ("SUBSCRIBED"))
        S: a3 OK *
        C: b1 LIST (REMOTE) "" m*
        S: * LIST (\HasNoChildren) "/" music/rock
        S: b1 OK *
        C: b2 LIST () "" m%
        S: * LIST (\NonExistent \HasChildren) "/" music
        S: b2 OK *
        C: b3 LIST "" m%
        S: * LIST (\Noselect \HasChildren) "/" music
        S: b3 OK *
        C: b4 LIST "" (m% music/rock)
        S: * LIST (\HasNoChildren) "/" music/rock
        S: b4 OK *
    )");
}

TEST_CASE("imap LIST: reference and pattern are put together as they are") { // RFC 9051 6.3.9
    BareAccount alice;
    alice.create({"a/b/c", "ab", "INBOX/in"});
    alice.imap(R"(
        C: a LIST a/ %
        S: * LIST (\HasChildren) "/" a/b
        S: a OK *
        C: b LIST a *
        S: * LIST (\HasChildren) "/" a
        S: * LIST (\HasChildren) "/" a/b
        S: * LIST (\HasNoChildren) "/" a/b/c
        S: * LIST (\HasNoChildren) "/" ab
        S: b OK *
        C: c LIST "" %/%
        S: * LIST (\HasNoChildren) "/" INBOX/in
        S: * LIST (\HasChildren) "/" a/b
        S: c OK *
        C: d LIST "" iNb%
        S: * LIST (\HasChildren) "/" INBOX
        S: d OK *
        C: e LIST inbox/ *
        S: * LIST (\HasNoChildren) "/" INBOX/in
        S: e OK *
        C: f LIST "" A
        S: f OK *
        C: g LIST "" /a
        S: g OK *
        C: h LIST {2+}
        C: a/ {1}
        S: + OK
        C: *
        S: * LIST (\HasChildren) "/" a/b
        S: * LIST (\HasNoChildren) "/" a/b/c
        S: h OK *
        C: i LIST "" "*c"
        S: * LIST (\HasNoChildren) "/" a/b/c
        S: i OK *
    )");
}

TEST_CASE("imap LIST: a mailbox matched by two patterns is named once") { // RFC 5258 3
    BareAccount alice;
    alice.create({"one", "two"});
    alice.imap(R"(
        C: a LIST "" (o* *e t% nothing)
        S: * LIST (\HasNoChildren) "/" one
        S: * LIST (\HasNoChildren) "/" two
        S: a OK *
    )");
}

TEST_CASE("imap LIST: special uses as selection and as they are") { // RFC 6154 5
    TestSite site;
    site.log_in(1, false);
    site.play(R"(
        C: a LIST (SPECIAL-USE) "" *
        S: * LIST (\HasNoChildren \Archive) "/" Archive
        S: * LIST (\HasNoChildren \Drafts) "/" Drafts
        S: * LIST (\HasNoChildren \Junk) "/" Junk
        S: * LIST (\HasNoChildren \Sent) "/" Sent
        S: * LIST (\HasNoChildren \Trash) "/" Trash
        S: a OK *
        C: b CREATE deep/down (USE (\Sent))
        S: b OK *
        C: c LIST (SPECIAL-USE RECURSIVEMATCH) "" d%
        S: * LIST (\HasChildren) "/" deep ("CHILDINFO" ("SPECIAL-USE"))
        S: c OK *
        C: d LIST "" S% RETURN (SPECIAL-USE)
        S: * LIST (\HasNoChildren \Sent) "/" Sent
        S: d OK *
    )");
}

TEST_CASE("imap LIST: with STATUS, but of no mailbox that is not there") { // RFC 9051 6.3.9.8, example 11; RFC 5819
    BareAccount alice;
    alice.create({"foo/bar"});
    alice.site().append("foo/bar", TestAccount::small_message(1));
    alice.say("DELETE foo");
    alice.imap(R"(
        C: A01 LIST "" % RETURN (STATUS (MESSAGES UNSEEN))
        S: * LIST (\HasNoChildren) "/" INBOX
        S: * STATUS INBOX (MESSAGES 0 UNSEEN 0)
        S: * LIST (\NonExistent \HasChildren) "/" foo
        S: A01 OK *
        C: A02 LIST "" f* RETURN (CHILDREN STATUS (UIDNEXT) SUBSCRIBED)
        S: * LIST (\HasNoChildren) "/" foo/bar
        S: * STATUS foo/bar (UIDNEXT 2)
        S: A02 OK *
    )");
}

TEST_CASE("imap LIST: syntax that is refused") {
    BareAccount alice;
    alice.imap(R"(
        C: a LIST
        S: a BAD *
        C: b LIST ""
        S: b BAD *
        C: c LIST "" ()
        S: c BAD *
        C: d LIST (FOO) "" *
        S: d BAD Expected a selection option at octet 9
        C: e LIST "" * RETURN (FOO)
        S: e BAD Expected a return option at octet 21
        C: f LIST "" * RETURN
        S: f BAD *
        C: g LIST "" * CHILDREN
        S: g BAD *
        C: h LIST (RECURSIVEMATCH REMOTE) "" *
        S: h BAD *
        C: i LIST "" * RETURN (STATUS)
        S: i BAD *
        C: j LIST "" * RETURN (STATUS ())
        S: j BAD *
        C: k LIST "" (a b
        S: k BAD *
        C: l LSUB "" (a b)
        S: l BAD *
    )");
}

TEST_CASE("imap LIST: patterns that can match nothing, and their limits") {
    BareAccount alice;
    alice.create({std::string(longest_name, 'x')});
    TestSite& site = alice.site();
    const auto lines = [&site](const std::string& pattern) {
        site.send(1, "l LIST \"\" " + pattern + "\r\n");
        int count = 0;
        while (true) {
            const std::string line = site.receive(1);
            if (line.starts_with("* LIST")) ++count;
            if (!line.starts_with("* LIST")) return line == "l OK LIST completed" ? count : -1;
        }
    };
    const auto wildcards = [](std::size_t count) {
        std::string pattern;
        for (std::size_t i = 0; i < count; ++i) pattern += "*x";
        return pattern;
    };
    CHECK(lines(wildcards(31)) == 1);
    CHECK(lines(wildcards(32)) == 1);
    CHECK(lines(wildcards(33)) == 0); // ignored
    CHECK(lines(std::string(longest_name, 'x')) == 1);
    CHECK(lines(std::string(longest_name + 1, 'x')) == 0);
    CHECK(lines(std::string(500, '*')) == 2);
    CHECK(lines("\"&bad\"") == 0);
    CHECK(lines("\"\x01*\"") == 0);
    const auto patterns = [](std::size_t count) {
        std::string list = "(INBOX";
        for (std::size_t i = 1; i < count; ++i) list += " a";
        return list + ")";
    };
    CHECK(lines(patterns(limits::patterns - 1)) == 1);
    CHECK(lines(patterns(limits::patterns)) == 1);
    CHECK(lines(patterns(limits::patterns + 1)) == -1);
}

TEST_CASE("imap LIST: what another session makes and deletes is there at once") {
    BareAccount alice;
    alice.site().log_in(2, false);
    alice.imap(R"(
        C2: a CREATE new
        S2: a OK *
        C: a LIST "" n*
        S: * LIST (\HasNoChildren) "/" new
        S: a OK *
        C2: b RENAME new newer
        S2: b OK *
        C: b LIST "" n*
        S: * LIST (\HasNoChildren) "/" newer
        S: b OK *
        C2: c DELETE newer
        S2: c OK *
        C: c LIST "" n*
        S: c OK *
    )");
}
