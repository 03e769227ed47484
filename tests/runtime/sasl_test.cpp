// base64 by the vectors of RFC 4648 10, and PLAIN by the examples of RFC 4616 4.
#include "appliance/runtime/sasl.h"

#include <doctest/doctest.h>

using namespace pillarbox::runtime;
using namespace std::string_view_literals;

TEST_CASE("runtime base64: test vectors go both ways") { // RFC 4648 10
    constexpr std::string_view vectors[][2] = {{"", ""},
                                               {"f", "Zg=="},
                                               {"fo", "Zm8="},
                                               {"foo", "Zm9v"},
                                               {"foob", "Zm9vYg=="},
                                               {"fooba", "Zm9vYmE="},
                                               {"foobar", "Zm9vYmFy"}};
    for (const auto& [octets, text] : vectors) {
        CHECK(base64_encode(octets) == text);
        CHECK(base64_decode(text) == octets);
    }
    std::string all;
    for (int c = 0; c < 256; ++c) all += static_cast<char>(c);
    CHECK(base64_decode(base64_encode(all)) == all);
}

TEST_CASE("runtime base64: what is not exactly base64 is refused") {
    for (const std::string_view text : {"Zg="sv, "Zg"sv, "Z==="sv, "===="sv, "Zg==Zg=="sv, "Zm9v\n"sv, "Zm 9"sv,
                                        "Zh=="sv, "Zm9="sv, "=m9v"sv, "Z\0=="sv}) {
        INFO(std::string(text));
        CHECK_FALSE(base64_decode(text));
    }
}

TEST_CASE("runtime PLAIN: the message is taken apart") { // RFC 4616 2 and 4
    const auto plain = parse_plain("\0tim\0tanstaaftanstaaf"sv);
    REQUIRE(plain);
    CHECK(plain->authorization == "");
    CHECK(plain->name == "tim");
    CHECK(plain->password == "tanstaaftanstaaf");
    CHECK(parse_plain("Ursel\0Kurt\0xipj3plmq"sv)->authorization == "Ursel");
    for (const std::string_view text : {""sv, "tim"sv, "\0tim"sv, "\0tim\0"sv, "\0\0secret"sv, "a\0b\0c\0d"sv}) {
        CHECK_FALSE(parse_plain(text));
    }
}
