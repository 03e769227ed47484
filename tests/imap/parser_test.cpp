// The grammar's words and small rules: what is taken, what is refused, and where the limits are (RFC 9051 9).
#include "imap/parser.h"

#include <doctest/doctest.h>

#include <string>

using namespace pillarbox::imap;

namespace {

std::string astring_of(const std::string& text) {
    Parser parser(text);
    std::string value = parser.astring();
    parser.end();
    return value;
}

template <class F>
std::string error_of(const std::string& text, F read) {
    Parser parser(text);
    try {
        read(parser);
        parser.end();
    } catch (const SyntaxError& error) {
        return error.what();
    }
    return {};
}

} // namespace

TEST_CASE("imap parser: an astring is an atom, a quoted string or a literal") { // RFC 9051 9
    CHECK(astring_of("INBOX") == "INBOX");
    CHECK(astring_of("a]b[c") == "a]b[c");
    CHECK(astring_of("\"a b\"") == "a b");
    CHECK(astring_of("\"\"") == "");
    CHECK(astring_of("\"q\\\"\\\\q\"") == "q\"\\q");
    CHECK(astring_of("\"gr\xc3\xbc\xc3\x9f\"") == "gr\xc3\xbc\xc3\x9f");
    CHECK(astring_of("{3}\r\na b") == "a b");
    CHECK(astring_of("{0+}\r\n") == "");
    CHECK(astring_of("{4+}\r\n\r\n\"\\") == "\r\n\"\\");
}

TEST_CASE("imap parser: what is no astring is refused with its place") {
    const auto astring = [](Parser& parser) { parser.astring(); };
    for (const char* text : {"", "(", ")", "%", "*", "a b", "\"", "\"a", "\"a\\b\"", "\"a\r\n\"", "{", "{3}",
                             "{3}\r\nab", "{3}ab", "{-1}\r\n", "{99999999999}\r\nx", "\xc3\xbc", "\x01", "a\x7f"}) {
        INFO(std::string(text));
        CHECK(error_of(text, astring) != "");
    }
    CHECK(error_of("\"ab", astring) == "Expected a closing quote at octet 4");
    CHECK(error_of(std::string("{1}\r\n\0", 6), astring) == "A literal may not hold NUL");
    CHECK(error_of(std::string("\"a\0\"", 4), astring) != "");
}

TEST_CASE("imap parser: a command cut off anywhere is an error, never a crash") {
    const std::string whole = "7:9,* (FLAGS BODY.PEEK[1.2.HEADER.FIELDS (From {4}\r\nDate)]<0.10> BINARY[3]<1.2>)";
    const auto read = [](Parser& parser) {
        parser.sequence_set();
        parser.space();
        parser.fetch_att();
    };
    CHECK(error_of(whole, read) == "");
    for (std::size_t cut = 0; cut < whole.size(); ++cut) {
        INFO(cut);
        CHECK(error_of(whole.substr(0, cut), read) != "");
    }
}

TEST_CASE("imap parser: numbers have their bounds") {
    const auto number = [](Parser& parser) { parser.number(); };
    const auto number64 = [](Parser& parser) { parser.number64(); };
    const auto nz_number = [](Parser& parser) { parser.nz_number(); };
    CHECK(error_of("4294967294", number) == "");
    CHECK(error_of("4294967295", number) == "");
    CHECK(error_of("4294967296", number) != "");
    CHECK(error_of("9223372036854775806", number64) == "");
    CHECK(error_of("9223372036854775807", number64) == "");
    CHECK(error_of("9223372036854775808", number64) != "");
    CHECK(error_of("0", number) == "");
    CHECK(error_of("0", nz_number) != "");
    CHECK(error_of("00000000000000000000000000001", number) == "");
    CHECK(error_of("", number) != "");
    CHECK(error_of("-1", number) != "");
}

TEST_CASE("imap parser: tags") {
    const auto tag = [](Parser& parser) { parser.tag(); };
    CHECK(error_of("A001", tag) == "");
    CHECK(error_of("a]b", tag) == "");
    CHECK(error_of("+", tag) != "");
    CHECK(error_of("a+b", tag) != "");
    CHECK(error_of("*", tag) != "");
    CHECK(error_of(std::string(limits::tag - 1, 'x'), tag) == "");
    CHECK(error_of(std::string(limits::tag, 'x'), tag) == "");
    CHECK(error_of(std::string(limits::tag + 1, 'x'), tag) == "Tag too long");
}

TEST_CASE("imap parser: sequence sets") {
    const auto parse = [](const std::string& text) {
        Parser parser(text);
        SequenceSet set = parser.sequence_set();
        parser.end();
        return set;
    };
    CHECK(parse("1").ranges == NumberRanges{{1, 1}});
    CHECK(parse("2,4:7,9,12:*").ranges == NumberRanges{{2, 2}, {4, 7}, {9, 9}, {12, 0}});
    CHECK(parse("*:4").ranges == NumberRanges{{0, 4}});
    CHECK(parse("$").saved_result);
    CHECK(parse("$").ranges.empty());
    CHECK(parse("1:3,$").saved_result);
    const auto set = [](Parser& parser) { parser.sequence_set(); };
    for (const char* text :
         {"", "0", "1:", ":1", "1,", ",1", "1::2", "1:2:3", "$,1", "$:1", "4294967296", "a", "1 2"}) {
        INFO(std::string(text));
        CHECK(error_of(text, set) != "");
    }
}

TEST_CASE("imap parser: flags keep the system's apart from keywords") { // RFC 9051 2.3.2
    Parser parser("(\\seen \\DELETED $Forwarded Work \\Recent)");
    const FlagList list = parser.flag_list();
    parser.end();
    CHECK(list.system == std::vector<std::string>{"\\Seen", "\\Deleted"});
    CHECK(list.keywords == std::vector<std::string>{"$Forwarded", "Work"});
    const auto flags = [](Parser& p) { p.flag_list(); };
    CHECK(error_of("()", flags) == "");
    for (const char* text : {"(", "(a", "(a ", "(a  b)", "(\\)", "(\\Foo)", "(\\*)", "(\"a\")", "\\Seen", "(a]b)"}) {
        INFO(std::string(text));
        CHECK(error_of(text, flags) != "");
    }
    const auto many = [](std::size_t n) {
        std::string text = "(";
        for (std::size_t i = 0; i < n; ++i) text += i == 0 ? "k" : " k";
        return text + ")";
    };
    CHECK(error_of(many(limits::flags - 1), flags) == "");
    CHECK(error_of(many(limits::flags), flags) == "");
    CHECK(error_of(many(limits::flags + 1), flags) == "Too many flags");
    CHECK(error_of("(" + std::string(limits::keyword, 'k') + ")", flags) == "");
    CHECK(error_of("(" + std::string(limits::keyword + 1, 'k') + ")", flags) == "Keyword too long");
}

TEST_CASE("imap parser: STORE's change") { // RFC 9051 6.4.6
    const auto parse = [](const std::string& text) {
        Parser parser(text);
        StoreRequest request = parser.store_att_flags();
        parser.end();
        return request;
    };
    CHECK(parse("FLAGS (\\Seen)").mode == StoreRequest::Mode::replace);
    CHECK(parse("+flags.silent \\Seen \\Deleted").mode == StoreRequest::Mode::add);
    CHECK(parse("+flags.silent \\Seen \\Deleted").silent);
    CHECK(parse("+flags.silent \\Seen \\Deleted").flags.system.size() == 2);
    CHECK(parse("-FLAGS Work").mode == StoreRequest::Mode::remove);
    CHECK(parse("FLAGS ()").flags.system.empty());
    const auto store = [](Parser& p) { p.store_att_flags(); };
    for (const char* text :
         {"", "FLAGS", "FLAGS ", "*FLAGS (a)", "FLAG (a)", "FLAGS.LOUD (a)", "FLAGS (a) b", "+ FLAGS (a)"}) {
        INFO(std::string(text));
        CHECK(error_of(text, store) != "");
    }
}

TEST_CASE("imap parser: ID fields") { // RFC 2971 3.3
    Parser parser("(\"name\" \"mutt\" \"version\" NIL)");
    const auto pairs = parser.id_params();
    REQUIRE(pairs.size() == 2);
    CHECK(pairs[0].second == "mutt");
    CHECK_FALSE(pairs[1].second);
    const auto id = [](Parser& p) { p.id_params(); };
    CHECK(error_of("NIL", id) == "");
    CHECK(error_of("()", id) == "");
    for (const char* text : {"", "(", "(\"a\")", "(\"a\" )", "(a b)", "(\"a\" \"b\""}) CHECK(error_of(text, id) != "");
    const auto many = [](std::size_t n) {
        std::string text = "(";
        for (std::size_t i = 0; i < n; ++i) text += i == 0 ? "\"a\" \"b\"" : " \"a\" \"b\"";
        return text + ")";
    };
    CHECK(error_of(many(limits::id_pairs - 1), id) == "");
    CHECK(error_of(many(limits::id_pairs), id) == "");
    CHECK(error_of(many(limits::id_pairs + 1), id) == "Too many fields");
    const auto sized = [](std::size_t field, std::size_t value) {
        return "(\"" + std::string(field, 'f') + "\" \"" + std::string(value, 'v') + "\")";
    };
    CHECK(error_of(sized(limits::id_field, limits::id_value), id) == "");
    CHECK(error_of(sized(limits::id_field + 1, 1), id) == "Field name too long");
    CHECK(error_of(sized(1, limits::id_value + 1), id) == "Field value too long");
}
