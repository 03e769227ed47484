// SEARCH keys become a flat program; it is run here with made-up facts to see that it means the same (RFC 9051 6.4.4).
#include "imap/parser.h"

#include <doctest/doctest.h>

#include <set>
#include <string>

using namespace pillarbox::imap;

namespace {

SearchRequest parse(const std::string& text) {
    Parser parser(text);
    SearchRequest request = parser.search();
    parser.end();
    return request;
}

std::string error_of(const std::string& text) {
    try {
        parse(text);
    } catch (const SyntaxError& error) {
        return error.what();
    }
    return {};
}

/// Runs a program whose only tests are KEYWORD x: true when x is among the facts.
bool run(const std::string& text, const std::set<std::string>& facts) {
    const auto program = parse(text).program;
    bool value = true;
    for (std::size_t at = 0; at < program.size(); ++at) {
        const SearchStep& step = program[at];
        if (step.test == SearchTest::invert) value = !value;
        if (step.test == SearchTest::keyword) value = facts.contains(step.text);
        if (step.test == SearchTest::jump_if_false && !value) at += static_cast<std::size_t>(step.number);
        if (step.test == SearchTest::jump_if_true && value) at += static_cast<std::size_t>(step.number);
    }
    return value;
}

std::string shape(const std::string& text) {
    std::string all;
    for (const SearchStep& step : parse(text).program) {
        constexpr const char* names[] = {"not",        "and",     "or",        "ALL",    "RECENT", "SEQ",    "UID",
                                         "FLAG",       "KEYWORD", "BEFORE",    "ON",     "SINCE",  "LARGER", "SMALLER",
                                         "SENTBEFORE", "SENTON",  "SENTSINCE", "HEADER", "BODY",   "TEXT"};
        all += (all.empty() ? "" : " ") + std::string(names[static_cast<std::size_t>(step.test)]);
        if (!step.name.empty()) all += ":" + step.name;
        if (!step.text.empty()) all += "=" + step.text;
    }
    return all;
}

} // namespace

TEST_CASE("imap SEARCH syntax: keys") {
    CHECK(shape("ALL") == "ALL");
    CHECK(shape("answered") == "FLAG=\\Answered");
    CHECK(shape("UNSEEN") == "FLAG=\\Seen not");
    CHECK(shape("NEW") == "RECENT and FLAG=\\Seen not");
    CHECK(shape("OLD") == "RECENT not");
    CHECK(shape("1:3") == "SEQ");
    CHECK(shape("$") == "SEQ");
    CHECK(shape("UID 5:*") == "UID");
    CHECK(shape("KEYWORD $Junk UNKEYWORD x") == "KEYWORD=$Junk and KEYWORD=x not");
    CHECK(shape("FROM \"a b\"") == "HEADER:FROM=a b");
    CHECK(shape("HEADER Message-ID {3}\r\n<x>") == "HEADER:Message-ID=<x>");
    CHECK(shape("HEADER List-Id \"\"") == "HEADER:List-Id");
    CHECK(shape("LARGER 10 SMALLER 20") == "LARGER and SMALLER");
    CHECK(shape("BODY x TEXT y") == "BODY=x and TEXT=y");
    CHECK(parse("SINCE 1-Feb-1994").program[0].number == 8797);
    CHECK(parse("SENTON \"1-Jan-1970\"").program[0].number == 0);
}

TEST_CASE("imap SEARCH syntax: cheap tests come first, whatever the client's order") {
    CHECK(shape("TEXT a FROM b SEEN") == "FLAG=\\Seen and HEADER:FROM=b and TEXT=a");
    CHECK(shape("OR BODY a SEEN") == "FLAG=\\Seen or BODY=a");
    CHECK(shape("SEEN UID 5") == "UID and FLAG=\\Seen");
    CHECK(parse("1:5 NOT UID 7").dearest() == SearchCost::numbers);
    CHECK(shape("(BODY a SEEN) 1") == "SEQ and FLAG=\\Seen and BODY=a");
    CHECK(parse("SEEN").dearest() == SearchCost::entry);
    CHECK(parse("NOT FROM x").dearest() == SearchCost::header);
    CHECK(parse("OR SEEN BODY x").dearest() == SearchCost::body);
}

TEST_CASE("imap SEARCH syntax: NOT, OR and parentheses nest") {
    const std::string a = "KEYWORD a", b = "KEYWORD b", c = "KEYWORD c";
    for (int bits = 0; bits < 8; ++bits) {
        std::set<std::string> facts;
        const bool has_a = bits & 1, has_b = bits & 2, has_c = bits & 4;
        if (has_a) facts.insert("a");
        if (has_b) facts.insert("b");
        if (has_c) facts.insert("c");
        INFO(bits);
        CHECK(run(a + " " + b + " " + c, facts) == (has_a && has_b && has_c));
        CHECK(run("OR " + a + " OR " + b + " " + c, facts) == (has_a || has_b || has_c));
        CHECK(run("NOT OR " + a + " " + b, facts) == !(has_a || has_b));
        CHECK(run("NOT NOT " + a, facts) == has_a);
        CHECK(run("OR (" + a + " " + b + ") NOT " + c, facts) == ((has_a && has_b) || !has_c));
        CHECK(run("((" + a + ") (OR " + b + " (" + c + ")))", facts) == (has_a && (has_b || has_c)));
        CHECK(run("NOT (" + a + " NOT (" + b + " " + c + "))", facts) == !(has_a && !(has_b && has_c)));
    }
}

TEST_CASE("imap SEARCH syntax: result options and charset") {
    CHECK_FALSE(parse("ALL").result.given);
    CHECK(parse("RETURN () ALL").result.all);
    const SearchRequest request = parse("return (min MAX count save) CHARSET utf-8 TEXT x");
    CHECK(request.result.given);
    CHECK((request.result.min && request.result.max && request.result.count && request.result.save));
    CHECK_FALSE(request.result.all);
    CHECK(request.charset == "utf-8");
    CHECK(parse("RETURN (SAVE) ALL").result.only_save());
}

TEST_CASE("imap SEARCH syntax: refused") {
    for (const char* text : {"",
                             " ",
                             "FOO",
                             "NOT",
                             "NOT ",
                             "OR",
                             "OR ALL",
                             "OR ALL ",
                             "()",
                             "(",
                             "(ALL",
                             "(ALL ",
                             "ALL)",
                             "ALL  SEEN",
                             "ALL ",
                             "FROM",
                             "FROM ",
                             "HEADER a",
                             "LARGER",
                             "LARGER x",
                             "SINCE 31-Foo-2000",
                             "SINCE 1-2-2000",
                             "UID",
                             "UID x",
                             "KEYWORD",
                             "KEYWORD \\Seen",
                             "RETURN ALL",
                             "RETURN (FOO) ALL",
                             "RETURN (MIN",
                             "RETURN (MIN)",
                             "CHARSET",
                             "CHARSET UTF-8",
                             "0",
                             "1:0",
                             "OR (ALL) SEEN)",
                             "NOT (ALL))"}) {
        INFO(std::string(text));
        CHECK(error_of(text) != "");
    }
    CHECK(error_of("SEEN FOO") == "Expected a search key at octet 6");
}

TEST_CASE("imap SEARCH syntax: limits of count and depth") {
    const auto keys = [](std::size_t n) {
        std::string text = "ALL";
        for (std::size_t i = 1; i < n; ++i) text += " ALL";
        return text;
    };
    CHECK(error_of(keys(limits::search_keys - 1)) == "");
    CHECK(error_of(keys(limits::search_keys)) == "");
    CHECK(error_of(keys(limits::search_keys + 1)) == "Too many search keys");
    const auto nots = [](std::size_t n) {
        std::string text;
        for (std::size_t i = 0; i < n; ++i) text += "NOT ";
        return text + "ALL";
    };
    CHECK(error_of(nots(limits::search_depth - 1)) == "");
    CHECK(error_of(nots(limits::search_depth)) == "");
    CHECK(error_of(nots(limits::search_depth + 1)) == "Search keys nested too deeply");
    CHECK(error_of(std::string(limits::search_depth, '(') + "ALL" + std::string(limits::search_depth, ')')) == "");
    CHECK(error_of(std::string(30000, '(')) == "Search keys nested too deeply");
}
