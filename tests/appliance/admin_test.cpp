// The lines of the admin socket: what goes in comes out, and what is no line is refused.
#include "appliance/admin.h"

#include <doctest/doctest.h>

using namespace pillarbox::appliance;

TEST_CASE("admin: a request keeps every octet of its arguments") {
    const AdminRequest request{"enroll", {{"name", "alice"}, {"password", "a \"b\" \\ \xc3\xa9 \t{}"}}};
    const std::string line = encode(request);
    CHECK(line.find('\n') == std::string::npos);
    const auto read = decode_request(line);
    REQUIRE(read);
    CHECK(read->command == "enroll");
    CHECK(read->arguments == request.arguments);
    CHECK(read->argument("name") == "alice");
    CHECK(read->argument("quota") == "");
}

TEST_CASE("admin: a reply keeps its text and result") {
    const auto read = decode_reply(encode({true, "two\nlines", "{\"a\":[1,{\"b\":null}]}"}));
    REQUIRE(read);
    CHECK(read->ok);
    CHECK(read->text == "two\nlines");
    CHECK(read->result == "{\"a\":[1,{\"b\":null}]}");
    CHECK(decode_reply(R"({"ok":false,"text":"no"})")->result == "{}");
}

TEST_CASE("admin: what is no request is none") {
    for (const std::string line :
         {"", "enroll alice", "[]", "{}", "{\"command\":", "{\"command\":{}}", "\"command\"", "null",
          R"({"command":"x","arguments":{"a":1}})", R"({"command":"x","arguments":{"a":{}}})"}) {
        CAPTURE(line);
        CHECK_FALSE(decode_request(line));
    }
    CHECK(decode_request(R"({"command":"status"})")->arguments.empty());
    std::string deep = R"({"command":"x","arguments":)";
    for (int i = 0; i < 30000; ++i) deep += "{\"a\":";
    CHECK_FALSE(decode_request(deep)); // ends at its 16th level, not at the stack's end
}

TEST_CASE("admin: what is no reply is none") {
    for (const std::string line : {"", "ok", "{}", R"({"ok":true})", R"({"text":"x"})", "[true]"}) {
        CAPTURE(line);
        CHECK_FALSE(decode_reply(line));
    }
}
