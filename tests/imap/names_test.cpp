// Mailbox names in both codings, LIST patterns, LIST arguments, sequence sets (RFC 9051 5.1, 6.3.9 and appendix A.1).
#include "imap/list_pattern.h"
#include "imap/mailbox_name.h"
#include "imap/parser.h"
#include "imap/wire.h"

#include <doctest/doctest.h>

#include <string>

using namespace pillarbox::imap;

TEST_CASE("imap names: modified UTF-7 goes both ways") { // RFC 9051 A.1
    struct Pair {
        const char *wire, *name;
    };
    const Pair pairs[] = {
        {"Sent", "Sent"},
        {"a &- b", "a & b"},
        {"~peter/mail/&U,BTFw-/&ZeVnLIqe-", "~peter/mail/台北/日本語"},
        {"&U,BTF2XlZyyKng-", "台北日本語"},
        {"&Jjo-!", "☺!"},
        {"Entw&APw-rfe", "Entwürfe"},
        {"&2D3cDA-", "🐌"},
        {"&AOQA9g-&-", "äö&"},
    };
    for (const Pair& pair : pairs) {
        INFO(std::string(pair.wire));
        CHECK(decode_name(pair.wire, NameCoding::modified_utf7) == pair.name);
        CHECK(encode_name(pair.name, NameCoding::modified_utf7) == pair.wire);
        CHECK(decode_name(pair.name, NameCoding::utf8) == pair.name);
        CHECK(encode_name(pair.name, NameCoding::utf8) == pair.name);
    }
}

TEST_CASE("imap names: wrong modified UTF-7 is refused") {
    for (const char* wire : {"&Jjo!", "&U,BTFw-&ZeVnLIqe-", "&AGE-", "&", "a&b", "&AP-", "&2D0-", "&3Iw-", "&A-",
                             "&APx-", "&AP w-", "gr\xc3\xbc\xc3\x9f", "\x01", "&2D3YPQ-"}) {
        INFO(std::string(wire));
        CHECK_FALSE(decode_name(wire, NameCoding::modified_utf7));
    }
    CHECK_FALSE(decode_name("\xff", NameCoding::utf8));
    CHECK_FALSE(decode_name("\xed\xa0\x80", NameCoding::utf8));
    CHECK_FALSE(decode_name("\xc0\xaf", NameCoding::utf8));
}

TEST_CASE("imap names: INBOX in any case, composed characters, lengths") {
    CHECK(decode_name("inBox", NameCoding::modified_utf7) == "INBOX");
    CHECK(decode_name("inbox/Sub", NameCoding::utf8) == "INBOX/Sub");
    CHECK(decode_name("inboxes", NameCoding::utf8) == "inboxes");
    CHECK(decode_name("u\xcc\x88", NameCoding::utf8) == "\xc3\xbc");
    CHECK(decode_name("&AHUDCA-", NameCoding::modified_utf7) == std::nullopt); // u can stand for itself
    CHECK(decode_name("u&Awg-", NameCoding::modified_utf7) == "\xc3\xbc");
    CHECK(decode_name(std::string(longest_name, 'x'), NameCoding::utf8));
    CHECK_FALSE(decode_name(std::string(longest_name + 1, 'x'), NameCoding::utf8));
}

TEST_CASE("imap LIST patterns") { // RFC 9051 6.3.9
    const auto matches = [](const char* pattern, const char* name) {
        const auto compiled = ListPattern::make("", pattern);
        return compiled && compiled->matches(name);
    };
    CHECK(matches("*", "a/b/c"));
    CHECK(matches("*", ""));
    CHECK(matches("%", "a"));
    CHECK_FALSE(matches("%", "a/b"));
    CHECK(matches("%/%", "a/b"));
    CHECK_FALSE(matches("%/%", "a/b/c"));
    CHECK(matches("a%c", "abc"));
    CHECK(matches("a%c", "ac"));
    CHECK_FALSE(matches("a%c", "a/c"));
    CHECK(matches("a*c", "a/b/c"));
    CHECK(matches("*%", "a/b"));
    CHECK(matches("%*", "a/b"));
    CHECK(matches("*b", "abab"));
    CHECK_FALSE(matches("*b", "aba"));
    CHECK(matches("%a*b%", "xa/q/by"));
    CHECK_FALSE(matches("%a*b%", "x/a/q/b"));
    CHECK(matches("inbox", "INBOX"));
    CHECK(matches("in%", "INBOX"));
    CHECK(matches("Inbox/*", "INBOX/a"));
    CHECK_FALSE(matches("in%", "INBOXES"));
    CHECK_FALSE(matches("A", "a"));
    CHECK_FALSE(matches("", "a"));
    CHECK(ListPattern::make("a/", "%")->matches("a/b"));
    CHECK_FALSE(ListPattern::make("a/", "%")->matches("b"));
}

TEST_CASE("imap LIST patterns: many wildcards take no longer than few") {
    std::string evil, name(longest_name, 'a');
    for (int i = 0; i < 32; ++i) evil += "*a";
    CHECK_FALSE(ListPattern::make("", evil + "b")->matches(name));
    CHECK(ListPattern::make("", evil)->matches(name));
    CHECK_FALSE(ListPattern::make("", evil + "*"));
    CHECK(ListPattern::make("", std::string(5000, '*')));
}

TEST_CASE("imap LIST syntax") {
    const auto parse = [](const std::string& text) {
        Parser parser(text);
        ListRequest request = parser.list();
        parser.end();
        return request;
    };
    CHECK_FALSE(parse("\"\" *").extended);
    CHECK(parse("a/ \"%\"").reference == "a/");
    CHECK(parse("\"\" foo%*]").patterns == std::vector<std::string>{"foo%*]"});
    CHECK(parse("() \"\" %").extended);
    CHECK(parse("\"\" (a b)").patterns.size() == 2);
    const ListRequest request = parse("(SUBSCRIBED RECURSIVEMATCH REMOTE subscribed) \"\" \"*\" "
                                      "RETURN (CHILDREN SPECIAL-USE STATUS (MESSAGES SIZE MESSAGES))");
    CHECK((request.select_subscribed && request.recursive_match && request.return_children));
    CHECK((request.return_special_use && !request.return_subscribed));
    CHECK(request.status == StatusItems{StatusItem::messages, StatusItem::size});
    for (const char* text :
         {"", "a", "a ", "(", "(RECURSIVEMATCH) \"\" *", "(RECURSIVEMATCH REMOTE) \"\" *", "(FOO) \"\" *",
          "\"\" * RETURN", "\"\" * RETURN (FOO)", "\"\" * RETURN (STATUS)", "\"\" * RETURN (STATUS ())", "\"\" ()",
          "\"\" * (CHILDREN)", "\"\" * RETURN (CHILDREN) x"}) {
        INFO(std::string(text));
        CHECK_THROWS_AS(parse(text), SyntaxError);
    }
    const auto patterns = [](std::size_t n) {
        std::string text = "\"\" (a";
        for (std::size_t i = 1; i < n; ++i) text += " a";
        return text + ")";
    };
    CHECK(parse(patterns(limits::patterns - 1)).patterns.size() == limits::patterns - 1);
    CHECK(parse(patterns(limits::patterns)).patterns.size() == limits::patterns);
    CHECK_THROWS_AS(parse(patterns(limits::patterns + 1)), SyntaxError);
}

TEST_CASE("imap sequence sets are resolved, joined and written") { // RFC 9051 9, sequence-set
    const auto resolved = [](const char* text, std::uint32_t largest) {
        Parser parser{std::string(text)};
        std::string out;
        write(out, resolve(parser.sequence_set(), largest));
        return out;
    };
    CHECK(resolved("2,4:7,9,12:*", 15) == "2,4:7,9,12:15");
    CHECK(resolved("*:4,5:7", 10) == "4:10");
    CHECK(resolved("3291:*", 100) == "100:3291"); // 100 is in it: RFC 9051 9, seq-range
    CHECK(resolved("7:5,1,2,3", 9) == "1:3,5:7");
    CHECK(resolved("*", 0) == "");
    CHECK(resolved("4294967295:1", 5) == "1:4294967295");
    CHECK(resolved("4294967295,4294967294", 5) == "4294967294:4294967295");

    Parser parser("2:4,*");
    const SequenceSet set = parser.sequence_set();
    CHECK(within(set, 4));
    CHECK_FALSE(within(set, 3));
    CHECK_FALSE(within(set, 0));
    NumberRanges ranges;
    for (const std::uint32_t n : {1u, 2u, 3u, 7u, 9u, 10u}) append(ranges, n);
    CHECK(ranges == NumberRanges{{1, 3}, {7, 7}, {9, 10}});
    CHECK(count(ranges) == 6);
    CHECK(contains(ranges, 7));
    CHECK_FALSE(contains(ranges, 8));
    CHECK_FALSE(contains(ranges, 11));
}

TEST_CASE("imap wire: strings take the shortest form that may hold them") { // RFC 9051 9
    const auto string = [](std::string_view text, Quoting quoting) {
        std::string out;
        write_string(out, text, quoting);
        return out;
    };
    CHECK(string("a b", Quoting::ascii) == "\"a b\"");
    CHECK(string("q\"\\", Quoting::ascii) == "\"q\\\"\\\\\"");
    CHECK(string("a\r\nb", Quoting::ascii) == "{4}\r\na\r\nb");
    CHECK(string("ü", Quoting::ascii) == "{2}\r\nü");
    CHECK(string("ü", Quoting::utf8) == "\"ü\"");
    CHECK(string("\xff", Quoting::utf8) == "{1}\r\n\xff");
    CHECK(string(std::string_view("a\0b", 3), Quoting::ascii) == "{2}\r\nab");
    std::string out;
    write_astring(out, "INBOX", Quoting::ascii);
    write_astring(out, "nil", Quoting::ascii);
    write_astring(out, "", Quoting::ascii);
    write_nstring(out, std::nullopt, Quoting::ascii);
    CHECK(out == "INBOX\"nil\"\"\"NIL");
}
