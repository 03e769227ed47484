// Tests of header blocks: fields, subsets, unfolding, and where a header ends.
#include "store/message/header.h"

#include <doctest/doctest.h>
#include <vector>

using namespace pillarbox::message;
using namespace std::string_view_literals;

namespace {

std::vector<HeaderField> fields_of(std::string_view block) {
    std::vector<HeaderField> out;
    HeaderFields fields(block);
    while (const auto field = fields.next()) out.push_back(*field);
    return out;
}

constexpr auto sample = "From: a@b\r\n"
                        "Subject: one\r\n"
                        "\ttwo\r\n"
                        " three\r\n"
                        "no field at all\r\n"
                        "SUBJECT : again\r\n"
                        "X-Empty:\r\n"
                        "\r\n"sv;

} // namespace

TEST_CASE("header: fields are views into the block, folding included") { // RFC 5322 2.2.3
    const auto fields = fields_of(sample);
    REQUIRE(fields.size() == 5);
    CHECK(fields[0].name == "From");
    CHECK(fields[0].value == " a@b");
    CHECK(fields[1].value == " one\r\n\ttwo\r\n three");
    CHECK(fields[1].whole == "Subject: one\r\n\ttwo\r\n three\r\n");
    CHECK(fields[2].name == "");
    CHECK(fields[2].value == "no field at all");
    CHECK(fields[3].name == "SUBJECT");
    CHECK(fields[4].value == "");
    std::string joined;
    for (const auto& field : fields) joined += field.whole;
    CHECK(joined + "\r\n" == sample);
}

TEST_CASE("header: odd blocks give every octet to some field") {
    struct Row {
        std::string_view block, names, rest;
    };
    const Row rows[] = {
        {"", "", ""},
        {"\r\n", "", "\r\n"},
        {"\n", "", "\n"},
        {"A: 1\nB: 2\n\n", "A,B,", "\n"},
        {"A: 1", "A,", ""},
        {"A: 1\r", "A,", ""},
        {"A: 1\r\nB: 2", "A,B,", ""},
        {" starts folded\r\nA: 1\r\n", ",A,", ""},
        {"From alice Mon Jan  1 00:00:00 2024\r\nA: 1\r\n", ",A,", ""},
        {"A\t : 1\r\n", "A,", ""},
        {": nameless\r\n", ",", ""},
        {"A: 1\r\n \t\r\nB: 2\r\n\r\n", "A,B,", "\r\n"},
        {"A\r\n : 1\r\n", ",", ""},
        {"\xe4: 1\r\n", "\xe4,", ""},
        {"A:\0:1\r\n"sv, "A,", ""},
        {"\rA: 1\r\n", "\rA,", ""},
    };
    for (const Row& row : rows) {
        CAPTURE(row.block);
        std::string names, joined;
        HeaderFields fields(row.block);
        while (const auto field = fields.next()) {
            names += std::string(field->name) + ",";
            joined += field->whole;
        }
        CHECK(names == row.names);
        CHECK(fields.rest() == row.rest);
        CHECK(joined + std::string(row.rest) == row.block);
    }
}

TEST_CASE("header: find takes the first field of a name, whatever its case") {
    REQUIRE(find_field(sample, "subject"));
    CHECK(find_field(sample, "subject")->value == " one\r\n\ttwo\r\n three");
    CHECK(find_field(sample, "x-EMPTY"));
    CHECK_FALSE(find_field(sample, "Subj"));
    CHECK_FALSE(find_field(sample, ""));
}

TEST_CASE("header: unfold takes out line ends only, and blanks at the ends") {
    CHECK(unfold(" one\r\n\ttwo\r\n three ") == "one\ttwo three");
    CHECK(unfold("\r\n a\n b\r\n") == "a b");
    CHECK(unfold(" \t\r\n ") == "");
    CHECK(unfold("a\0b\rc"sv) == "abc");
}

TEST_CASE("header: HEADER.FIELDS and HEADER.FIELDS.NOT are byte-exact") { // RFC 9051 6.4.5.1
    const std::vector<std::string_view> two{"subject", "x-none"}, blank{""};
    const FieldNames names(two), none({}), empty(blank);
    CHECK(select_fields(sample, names) == "Subject: one\r\n\ttwo\r\n three\r\nSUBJECT : again\r\n\r\n");
    CHECK(exclude_fields(sample, names) == "From: a@b\r\nno field at all\r\nX-Empty:\r\n\r\n");
    CHECK(select_fields(sample, two) == select_fields(sample, names));
    CHECK(exclude_fields(sample, two) == exclude_fields(sample, names));
    CHECK(select_fields(sample, none) == "\r\n");
    CHECK(exclude_fields(sample, none) == sample);
    CHECK(select_fields("A: 1\r\n", names) == "");
    CHECK(exclude_fields("A: 1\n\n", names) == "A: 1\n\n");
    CHECK(select_fields(sample, empty) == "\r\n");
}

TEST_CASE("header: many names and many fields cost no more than their sum") {
    std::vector<std::string> texts;
    for (int i = 0; i < 10'000; ++i) texts.push_back("X" + std::to_string(100'000 + i));
    const std::vector<std::string_view> views(texts.begin(), texts.end());
    const FieldNames names(views);
    std::string block, expected;
    for (int i = 9'990; i < 30'000; ++i) {
        block += "x" + std::to_string(100'000 + i) + ":\r\n";
        if (i < 10'000) expected = block;
    }
    CHECK((select_fields(block, names) == expected));
    CHECK(names.contains("x100000"));
    CHECK_FALSE(names.contains("x110000"));
    CHECK_FALSE(names.contains("y100000"));
}

TEST_CASE("header: the end is the first empty line, wherever the octets are cut") {
    struct Row {
        std::string_view message;
        std::size_t size;
    };
    const Row rows[] = {
        {"", 0},           {"A: 1\r\n\r\nbody", 8}, {"A: 1\n\nbody", 6}, {"\r\nbody", 2},    {"\nbody", 1},
        {"A: 1\r\nB", 7},  {"A: 1\r\n\r", 7},       {"\r\r\n\n", 4},     {"A\r\n\n\r\n", 4}, {"A\n\r\n\r\n", 4},
        {"A\r\n \r\n", 6},
    };
    for (const Row& row : rows) {
        CAPTURE(row.message);
        CHECK(header_size(row.message) == row.size);
        for (std::size_t cut = 0; cut <= row.message.size(); ++cut) {
            HeaderSplitter splitter;
            const std::size_t first = splitter.feed(row.message.substr(0, cut));
            const std::size_t second = splitter.feed(row.message.substr(cut));
            CHECK(first + second == row.size);
        }
    }
}
