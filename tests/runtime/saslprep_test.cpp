// SASLprep: the examples of RFC 4013 3, and the ends of its tables.
#include "appliance/runtime/saslprep.h"

#include <doctest/doctest.h>

using pillarbox::runtime::saslprep;

TEST_CASE("runtime saslprep: the examples of RFC 4013 3") {
    CHECK(saslprep("I\xc2\xadX") == "IX");
    CHECK(saslprep("user") == "user");
    CHECK(saslprep("USER") == "USER");
    CHECK(saslprep("\xc2\xaa") == "a");
    CHECK(saslprep("\xe2\x85\xa8") == "IX");
    CHECK(!saslprep("\x07").has_value());
    CHECK(!saslprep("\xd8\xa7\x31").has_value());
}

TEST_CASE("runtime saslprep: spaces, compositions and directions") {
    CHECK(saslprep("") == "");
    CHECK(saslprep("a\xc2\xa0"
                   "b\xe3\x80\x80") == "a b ");
    CHECK(saslprep("u\xcc\x88") == "\xc3\xbc");
    CHECK(saslprep("\xd8\xa7\x31\xd8\xa8") == "\xd8\xa7\x31\xd8\xa8"); // begins and ends right to left
    CHECK(!saslprep("\xd8\xa7"
                    "a\xd8\xa8")
               .has_value());
    CHECK(saslprep("\xf0\x9f\x94\x91") == "\xf0\x9f\x94\x91"); // newer than Unicode 3.2
    CHECK(saslprep("\xc2\xad") == "");
}

TEST_CASE("runtime saslprep: what is no text is refused") {
    for (const char* bad : {"\x1f", "\x7f", "a\x7f", "\xc2\x9f", "\xff", "\xc3", "\xed\xa0\x80", "\xee\x80\x80",
                            "\xef\xbf\xbd", "\xef\xbf\xbe", "\xf4\x8f\xbf\xbf", "\xe2\x80\xae", "\xf3\xa0\x80\x81"})
        CHECK_MESSAGE(!saslprep(bad).has_value(), bad);
    CHECK(!saslprep(std::string_view("a\0b", 3)).has_value());
}
