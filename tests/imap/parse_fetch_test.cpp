// FETCH's data items: every form, the label its answer gets, and the limits (RFC 9051 6.4.5).
#include "imap/parser.h"

#include <doctest/doctest.h>

#include <string>

using namespace pillarbox::imap;

namespace {

FetchRequest parse(const std::string& text) {
    Parser parser(text);
    FetchRequest request = parser.fetch_att();
    parser.end();
    return request;
}

std::string labels(const std::string& text) {
    std::string all;
    for (const FetchItem& item : parse(text).items) all += (all.empty() ? "" : "|") + item.label;
    return all;
}

std::string error_of(const std::string& text) {
    try {
        parse(text);
    } catch (const SyntaxError& error) {
        return error.what();
    }
    return {};
}

} // namespace

TEST_CASE("imap FETCH syntax: items are named in the answer as they are asked for") {
    CHECK(labels("FLAGS") == "FLAGS");
    CHECK(labels("(uid flags internaldate rfc822.size envelope body bodystructure)") ==
          "UID|FLAGS|INTERNALDATE|RFC822.SIZE|ENVELOPE|BODY|BODYSTRUCTURE");
    CHECK(labels("ALL") == "FLAGS|INTERNALDATE|RFC822.SIZE|ENVELOPE");
    CHECK(labels("FAST") == "FLAGS|INTERNALDATE|RFC822.SIZE");
    CHECK(labels("FULL") == "FLAGS|INTERNALDATE|RFC822.SIZE|ENVELOPE|BODY");
    CHECK(labels("(RFC822 RFC822.HEADER RFC822.TEXT)") == "RFC822|RFC822.HEADER|RFC822.TEXT");
    CHECK(labels("BODY[]") == "BODY[]");
    CHECK(labels("body.peek[header]") == "BODY[HEADER]");
    CHECK(labels("BODY[TEXT]<0.2048>") == "BODY[TEXT]<0>");
    CHECK(labels("BODY[1]") == "BODY[1]");
    CHECK(labels("BODY[4.2.2.1.mime]<7.1>") == "BODY[4.2.2.1.MIME]<7>");
    CHECK(labels("BODY[3.HEADER]") == "BODY[3.HEADER]");
    CHECK(labels("BODY.PEEK[HEADER.FIELDS (Date \"From\")]") == "BODY[HEADER.FIELDS (Date From)]");
    CHECK(labels("BODY[2.HEADER.FIELDS.NOT ({2}\r\nto \"a b\")]<1.2>") == "BODY[2.HEADER.FIELDS.NOT (to \"a b\")]<1>");
    CHECK(labels("(BINARY[1.2] BINARY.PEEK[3]<5.6> BINARY.SIZE[1])") == "BINARY[1.2]|BINARY[3]<5>|BINARY.SIZE[1]");
    CHECK(labels("BINARY[]") == "BINARY[]");
}

TEST_CASE("imap FETCH syntax: what sets \\Seen") { // RFC 9051 6.4.5
    for (const char* text : {"BODY[]", "BODY[TEXT]", "BINARY[1]", "RFC822", "RFC822.TEXT", "(FLAGS BODY[1])"}) {
        INFO(std::string(text));
        CHECK(parse(text).sets_seen);
    }
    for (const char* text : {"BODY", "BODY.PEEK[]", "BINARY.PEEK[1]", "BINARY.SIZE[1]", "RFC822.HEADER", "RFC822.SIZE",
                             "BODYSTRUCTURE", "ALL"}) {
        INFO(std::string(text));
        CHECK_FALSE(parse(text).sets_seen);
    }
}

TEST_CASE("imap FETCH syntax: refused") {
    for (const char* text : {"",
                             "()",
                             "(",
                             "(FLAGS",
                             "(FLAGS )",
                             "(FLAGS  UID)",
                             "FLAG",
                             "FLAGS UID",
                             "(ALL)",
                             "BODY[",
                             "BODY[]<",
                             "BODY[]<0>",
                             "BODY[]<0.0>",
                             "BODY[]<.1>",
                             "BODY[]<1.>",
                             "BODY[0]",
                             "BODY[1.]",
                             "BODY[.1]",
                             "BODY[1.0]",
                             "BODY[MIME]",
                             "BODY[FOO]",
                             "BODY[HEADER.FIELDS]",
                             "BODY[HEADER.FIELDS ()]",
                             "BODY[HEADER.FIELDS (a]",
                             "BODY[TEXT.1]",
                             "BODY.PEEK",
                             "BODY.FOO[]",
                             "BINARY",
                             "BINARY[TEXT]",
                             "BINARY[1.MIME]",
                             "BINARY.SIZE[1]<0.1>",
                             "BODY[ ]",
                             "BODY []",
                             "RFC822.FOO",
                             "BODY[HEADER]]"}) {
        INFO(std::string(text));
        CHECK(error_of(text) != "");
    }
}

TEST_CASE("imap FETCH syntax: limits") {
    const auto items = [](std::size_t n) {
        std::string text = "(UID";
        for (std::size_t i = 1; i < n; ++i) text += " UID";
        return text + ")";
    };
    CHECK(error_of(items(limits::fetch_items - 1)) == "");
    CHECK(error_of(items(limits::fetch_items)) == "");
    CHECK(error_of(items(limits::fetch_items + 1)) == "Too many data items");
    const auto fields = [](std::size_t n) {
        std::string text = "BODY[HEADER.FIELDS (a";
        for (std::size_t i = 1; i < n; ++i) text += " a";
        return text + ")]";
    };
    CHECK(error_of(fields(limits::field_names - 1)) == "");
    CHECK(error_of(fields(limits::field_names)) == "");
    CHECK(error_of(fields(limits::field_names + 1)) == "Too many field names");
    const auto depth = [](std::size_t n) {
        std::string text = "BODY[1";
        for (std::size_t i = 1; i < n; ++i) text += ".1";
        return text + "]";
    };
    CHECK(error_of(depth(limits::part_depth - 1)) == "");
    CHECK(error_of(depth(limits::part_depth)) == "");
    CHECK(error_of(depth(limits::part_depth + 1)) == "Part number too deep");
}
