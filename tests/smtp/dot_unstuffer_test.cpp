#include "smtp/dot_unstuffer.h"

#include <doctest/doctest.h>

#include <string>

using pillarbox::smtp::DotUnstuffer;

namespace {

struct Outcome {
    std::string message;
    std::string after; // what follows the end
    bool done = false, bare = false, nul = false;
    bool operator==(const Outcome&) const = default;
};

void feed(DotUnstuffer& data, std::string_view in, Outcome& outcome) {
    while (!in.empty() && !data.done()) outcome.message += data.next(in);
    outcome.after += in;
}

Outcome receive(std::string_view all, std::size_t split) {
    DotUnstuffer data;
    Outcome outcome;
    feed(data, all.substr(0, split), outcome);
    feed(data, all.substr(split), outcome);
    outcome.done = data.done();
    outcome.bare = data.bare_line_end();
    outcome.nul = data.nul();
    return outcome;
}

Outcome receive_by_octet(std::string_view all) {
    DotUnstuffer data;
    Outcome outcome;
    for (std::size_t i = 0; i < all.size(); ++i) feed(data, all.substr(i, 1), outcome);
    outcome.done = data.done();
    outcome.bare = data.bare_line_end();
    outcome.nul = data.nul();
    return outcome;
}

struct Case {
    std::string data;
    Outcome outcome;
};

} // namespace

TEST_CASE("smtp DotUnstuffer: takes out stuffed dots and ends at CRLF.CRLF only, wherever the input is split") {
    using namespace std::string_literals;
    const Case cases[] = {
        {"a\r\n.\r\n", {"a\r\n", "", true}},
        {".\r\n", {"", "", true}}, // the CRLF of DATA counts (RFC 5321 4.1.1.4)
        {"\r\n.\r\n", {"\r\n", "", true}},
        {"a\r\n..\r\n.\r\n", {"a\r\n.\r\n", "", true}},
        {"..a\r\n...\r\n.\r\n", {".a\r\n..\r\n", "", true}},
        {".a\r\n.b\r\n.\r\n", {"a\r\nb\r\n", "", true}}, // a dot and more: the dot goes (4.5.2)
        {"a.\r\nb\r\n.\r\n", {"a.\r\nb\r\n", "", true}},
        {"a\r\n.\r\nMAIL FROM:<x@y>\r\n", {"a\r\n", "MAIL FROM:<x@y>\r\n", true}},
        {"a\r\n", {"a\r\n", "", false}},
        {"a\r\n.", {"a\r\n", "", false}},
        {"a\r\n.\r", {"a\r\n", "", false}},
        // what smuggling uses for ends that are none: read on, and told apart
        {"a\n.\n.\r\nb\r\n.\r\n", {"a\n.\n.\r\nb\r\n", "", true, true}},
        {"a\n.\r\nb\r\n.\r\n", {"a\n.\r\nb\r\n", "", true, true}},
        {"a\r\n.\nb\r\n.\r\n", {"a\r\n\nb\r\n", "", true, true}},
        {"a\r\n.\rb\r\n.\r\n", {"a\r\n\rb\r\n", "", true, true}},
        {"a\r\n.\r\r\nb\r\n.\r\n", {"a\r\n\r\r\nb\r\n", "", true, true}},
        {"a\r.\rb\r\n.\r\n", {"a\r.\rb\r\n", "", true, true}},
        {"a\r.\r\nb\r\n.\r\n", {"a\r.\r\nb\r\n", "", true, true}},
        {"a\r\r\n.\r\n", {"a\r\r\n", "", true, true}},
        {"a\n\r\n.\r\n", {"a\n\r\n", "", true, true}},
        {"a\r\n\r.\r\n.\r\n", {"a\r\n\r.\r\n", "", true, true}},
        {"a\n\n.\r\n\r\n.\r\n", {"a\n\n.\r\n\r\n", "", true, true}},
        {"\n.\r\n\r\n.\r\n", {"\n.\r\n\r\n", "", true, true}},
        {"a\r\0\n.\r\n\r\n.\r\n"s, {"a\r\0\n.\r\n\r\n"s, "", true, true, true}},
        {"a\0b\r\n.\r\n"s, {"a\0b\r\n"s, "", true, false, true}},
        {"a\r\n.\0\r\n.\r\n"s, {"a\r\n\0\r\n"s, "", true, false, true}},
    };
    for (const Case& c : cases) {
        CAPTURE(c.data);
        for (std::size_t split = 0; split <= c.data.size(); ++split) {
            CAPTURE(split);
            CHECK(receive(c.data, split) == c.outcome);
        }
        CHECK(receive_by_octet(c.data) == c.outcome);
    }
}

TEST_CASE("smtp DotUnstuffer: gives large input back in few runs") {
    std::string text;
    for (int line = 0; line < 1000; ++line) text += "0123456789 and so on to the end of the line\r\n";
    const std::string stuffed = text + ".\r\n";
    DotUnstuffer data;
    std::string_view in = stuffed;
    CHECK(data.next(in) == text);
    int more = 0;
    while (!data.done()) {
        CHECK(data.next(in).empty());
        ++more;
    }
    CHECK(more <= 3);
    CHECK(in.empty());
}
