// Tests of address lists: the syntax of RFC 5322 old and new, and what senders make of it.
#include "store/message/address.h"

#include <doctest/doctest.h>

using namespace pillarbox::message;

namespace {

std::string shown(const std::optional<std::string>& text) { return text ? '"' + *text + '"' : "NIL"; }

// The list as the IMAP envelope would show it, one address after the other.
std::string shown(const std::vector<Address>& list) {
    std::string out;
    for (const Address& a : list)
        out += "(" + shown(a.name) + " " + shown(a.adl) + " " + shown(a.mailbox) + " " + shown(a.host) + ")";
    return out;
}

struct Row {
    std::string_view value, expected;
};

void check(const Row& row) {
    CAPTURE(row.value);
    CHECK(shown(parse_addresses(row.value)) == row.expected);
}

} // namespace

TEST_CASE("address: the examples of RFC 5322 appendix A") {
    const Row rows[] = {
        {" John Doe <jdoe@machine.example>", R"(("John Doe" NIL "jdoe" "machine.example"))"},
        {" \"Joe Q. Public\" <john.q.public@example.com>", R"(("Joe Q. Public" NIL "john.q.public" "example.com"))"},
        {" Mary Smith <mary@x.test>, jdoe@example.org, Who? <one@y.test>",
         R"(("Mary Smith" NIL "mary" "x.test")(NIL NIL "jdoe" "example.org")("Who?" NIL "one" "y.test"))"},
        {" <boss@nil.test>, \"Giant; \\\"Big\\\" Box\" <sysservices@example.net>",
         R"((NIL NIL "boss" "nil.test")("Giant; "Big" Box" NIL "sysservices" "example.net"))"},
        {" A Group:Ed Jones <c@a.test>,joe@where.test,John <jdoe@one.test>;",
         R"((NIL NIL "A Group" NIL)("Ed Jones" NIL "c" "a.test")(NIL NIL "joe" "where.test")("John" NIL "jdoe" )"
         R"("one.test")(NIL NIL NIL NIL))"},
        {" Undisclosed recipients:;", R"((NIL NIL "Undisclosed recipients" NIL)(NIL NIL NIL NIL))"},
        // A.5, white space and comments
        {" Pete(A nice \\) chap) <pete(his account)@silly.test(his host)>", R"(("Pete" NIL "pete" "silly.test"))"},
        {"A Group(Some people)\r\n     :Chris Jones <c@(Chris's host.)public.example>,\r\n"
         "         joe@example.org,\r\n  John <jdoe@one.test> (my dear friend); (the end of the group)",
         R"((NIL NIL "A Group" NIL)("Chris Jones" NIL "c" "public.example")(NIL NIL "joe" "example.org")("John" NIL )"
         R"("jdoe" "one.test")(NIL NIL NIL NIL))"},
        {"(Empty list)(start)Hidden recipients  :(nobody(that I know))  ;",
         R"((NIL NIL "Hidden recipients" NIL)(NIL NIL NIL NIL))"},
        // A.6, obsolete forms
        {" Joe Q. Public <john.q.public@example.com>", R"(("Joe Q. Public" NIL "john.q.public" "example.com"))"},
        {" Mary Smith <@node.test:mary@example.net>, , jdoe@test  . example",
         R"(("Mary Smith" "@node.test" "mary" "example.net")(NIL NIL "jdoe" "test.example"))"},
        {"<@a.test,@b.test : c . d @ e . test>", R"((NIL "@a.test,@b.test" "c.d" "e.test"))"},
    };
    for (const Row& row : rows) check(row);
}

TEST_CASE("address: names come from comments too, encoded words stay as they are") {
    const Row rows[] = {
        {"a@b (Ann Other)", R"(("Ann Other" NIL "a" "b"))"},
        {"(Ann (the one\\)) Other) a@b", R"(("Ann (the one)) Other" NIL "a" "b"))"},
        {"=?utf-8?q?J=C3=B6rg?= <a@b>", R"(("=?utf-8?q?J=C3=B6rg?=" NIL "a" "b"))"},
        {"=?utf-8?Q?Doe,_John?= <a@b>", R"(("=?utf-8?Q?Doe,_John?=" NIL "a" "b"))"},
        {"=?utf-8?Q?a@b.org?= <a@b>", R"(("=?utf-8?Q?a@b.org?=" NIL "a" "b"))"},
        {"J\xc3\xb6rg <j\xc3\xb6rg@m\xc3\xbcller.example>",
         "(\"J\xc3\xb6rg\" NIL \"j\xc3\xb6rg\" \"m\xc3\xbcller.example\")"},
        {"\"\" <a@b>", R"(("" NIL "a" "b"))"},
        {"\"a b\"@c", R"((NIL NIL "a b" "c"))"},
        {"\"a\".b.\"c d\"@e", R"((NIL NIL "a.b.c d" "e"))"},
        {"a@[192.0.2.1]", R"((NIL NIL "a" "[192.0.2.1]"))"},
        {"a@[IPv6: 2001:db8::1], b@c", R"((NIL NIL "a" "[IPv6:2001:db8::1]")(NIL NIL "b" "c"))"},
    };
    for (const Row& row : rows) check(row);
}

TEST_CASE("address: odd lists are read as well as they can be") {
    const Row rows[] = {
        {"", ""},
        {" \r\n ", ""},
        {",,;,", ""},
        {"root", R"((NIL NIL "root" ""))"},
        {"root (Cron Daemon)", R"(("Cron Daemon" NIL "root" ""))"},
        {"Ann Other", R"(("Ann Other" NIL "" ""))"},
        {"<>", R"((NIL NIL "" ""))"},
        {"Ann <root>", R"(("Ann" NIL "root" ""))"},
        {"@b", R"((NIL NIL "" "b"))"},
        {"a@", R"((NIL NIL "a" ""))"},
        {"a@b <a@b>", R"(("a@b" NIL "a" "b"))"},
        {"a@b; c@d", R"((NIL NIL "a" "b")(NIL NIL "c" "d"))"},
        {"Ann <a@b, Bob <c@d>", R"(("Ann" NIL "a" "b")("Bob" NIL "c" "d"))"},
        {"Ann <a@b>>, <<c@d>", R"(("Ann" NIL "a" "b")(NIL NIL "c" "d"))"},
        {"\"open <a@b>", R"((NIL NIL "open <a@b>" ""))"},
        {"a@b (open", R"(("open" NIL "a" "b"))"},
        {"a@b c d, e@f", R"((NIL NIL "a" "b")(NIL NIL "e" "f"))"},
        {"g: a@b", R"((NIL NIL "g" NIL)(NIL NIL "a" "b")(NIL NIL NIL NIL))"},
        {"g: h: a@b;;", R"((NIL NIL "g" NIL)(NIL NIL "a" "b")(NIL NIL NIL NIL))"},
        {"g: a@b;, c@d", R"((NIL NIL "g" NIL)(NIL NIL "a" "b")(NIL NIL NIL NIL)(NIL NIL "c" "d"))"},
        {":;", R"((NIL NIL "" NIL)(NIL NIL NIL NIL))"},
        {")a@b", R"((NIL NIL "a" "b"))"},
        {"a\\@b", R"((NIL NIL "a" ""))"},
        {"<@a", R"((NIL "@a" "" ""))"},
        {"a@b\\", R"((NIL NIL "a" "b"))"},
        {"a@[1", R"((NIL NIL "a" "[1]"))"},
        {"a@(\\", R"((NIL NIL "a" ""))"},
    };
    for (const Row& row : rows) check(row);
}

TEST_CASE("address: the count is bounded, an open group is closed all the same") {
    std::string list;
    for (int i = 0; i < 4; ++i) list += "a@b,";
    CHECK(parse_addresses(list, 3).size() == 3);
    CHECK(parse_addresses(list, 4).size() == 4);
    CHECK(parse_addresses(list, 5).size() == 4);
    const auto group = parse_addresses("g:" + list, 3);
    REQUIRE(group.size() == 4);
    CHECK(group.front().starts_group());
    CHECK(group.back().ends_group());

    std::string many;
    for (std::size_t i = 0; i <= max_addresses; ++i) many += "a@b,";
    CHECK(parse_addresses(many).size() == max_addresses);
}

TEST_CASE("address: no list takes long or overflows a stack") {
    const std::size_t n = 256 * 1024;
    std::string openers(n, '('), words, quotes;
    while (words.size() < n) words += "=?a?b?.";
    while (quotes.size() < n) quotes += "\"<@:";
    CHECK(parse_addresses(openers).empty());
    CHECK(parse_addresses(words).size() == 1);
    CHECK_FALSE(parse_addresses(quotes).empty());
    CHECK_FALSE(parse_addresses("a@b" + openers).empty());
}

TEST_CASE("address: every cut of an odd list ends and stays within bounds") {
    const std::string_view odd = "g: \"a\\\" b\" (c (d) e) <@r,@s:x . y@[z\\]] > (f), =?u?q?v?= <w@v>; k@l <m@n>";
    for (std::size_t begin = 0; begin < odd.size(); ++begin)
        for (std::size_t end = begin; end <= odd.size(); ++end)
            CHECK(parse_addresses(odd.substr(begin, end - begin), 8).size() <= 9);
}
