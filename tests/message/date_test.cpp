// Tests of dates: RFC 5322 with its obsolete forms, and the two of IMAP.
#include "store/message/date.h"

#include <doctest/doctest.h>

using namespace pillarbox::message;

TEST_CASE("date: RFC 5322 forms, new and obsolete") {
    struct Row {
        std::string_view value;
        std::int64_t seconds;
        int zone;
    };
    const Row rows[] = {
        {" Fri, 21 Nov 1997 09:55:06 -0600", 880127706, -360},
        {"Tue, 1 Jul 2003 10:52:37 +0200", 1057049557, 120},
        {"Thu, 13 Feb 1969 23:32:54 -0330", -27723426, -210},
        {"Thu,\r\n      13\r\n        Feb\r\n          1969\r\n      23:32\r\n               -0330 (Newfoundland Time)",
         -27723480, -210},                                                    // A.5
        {"21 Nov 97 09:55:06 GMT", 880106106, 0},                             // A.6.2
        {"Fri, 21 Nov 1997 09(comment):   55  :  06 -0600", 880127706, -360}, // A.6.3
        {"Fri, 21 Nov 097 09:55:06 EST", 880124106, -300},
        {"Sat, 1 Jan 00 00:00 UT", 946684800, 0},
        {"1 Jan 49 00:00 Z", 2493072000, 0},
        {"1 Jan 50 00:00 A", -631152000, 0},
        {"fri, 21 nov 1997 09:55:06 pdt", 880131306, -420},
        {"21-Nov-1997 09:55:06 +0000", 880106106, 0},
        {"21 November 1997 09:55:06", 880106106, 0},
        {"21 Nov 1997 9:5 +0000", 880103100, 0},
        {"31 Dec 2016 23:59:60 +0000", 1483228800, 0}, // a leap second
        {"29 Feb 2000 00:00:00 +9959", 951782400 - 5999 * 60, 5999},
        {"Friday 21 Nov 1997 09:55:06 +0000", 880106106, 0},
    };
    for (const Row& row : rows) {
        CAPTURE(row.value);
        const auto when = parse_date(row.value);
        REQUIRE(when);
        CHECK(when->unix_seconds == row.seconds);
        CHECK(when->zone_minutes == row.zone);
    }
}

TEST_CASE("date: what is no date gives none") {
    const std::string_view rows[] = {
        "",
        "Fri",
        "Fri, ",
        "21 Nov",
        "21 Nov 1997",
        "30 Feb 2000 00:00:00 +0000",
        "29 Feb 1900 00:00:00 +0000",
        "0 Jan 2000 00:00 +0000",
        "32 Jan 2000 00:00 +0000",
        "1 Foo 2000 00:00 +0000",
        "1 Ja 2000 00:00 +0000",
        "1 Jan 2000 24:00:00 +0000",
        "1 Jan 2000 23:60:00 +0000",
        "1 Jan 2000 23:59:61 +0000",
        "1 Jan 2000 23:59:00 +0060",
        "1 Jan 2000 23:59:00 +100",
        "1 Jan 2000 23:59:00 +10000",
        "1 Jan 12345 00:00 +0000",
        "1 Jan 2 00:00 +0000",
        "123 Jan 2000 00:00 +0000",
        "1 Jan 2000 0000 +0000",
        "1 Jan 2000 00:00: +0000",
        "(((((",
    };
    for (const std::string_view value : rows) {
        CAPTURE(value);
        CHECK_FALSE(parse_date(value));
    }
}

TEST_CASE("date: formats are those of the RFCs") {
    CHECK(format_date({880127706, -360}) == "Fri, 21 Nov 1997 09:55:06 -0600");
    CHECK(format_date({0, 0}) == "Thu, 1 Jan 1970 00:00:00 +0000");
    CHECK(format_date({-1, 0}) == "Wed, 31 Dec 1969 23:59:59 +0000");
    CHECK(format_internal_date({837596665, -420}) == "17-Jul-1996 02:44:25 -0700"); // RFC 9051 7.5.2
    CHECK(format_internal_date({946684800, 330}) == " 1-Jan-2000 05:30:00 +0530");
}

TEST_CASE("date: beyond what four digits can say, formats stay well formed") {
    for (const std::int64_t seconds : {INT64_MIN, INT64_MAX}) {
        for (const int zone : {-100000, 0, 100000}) {
            CHECK(parse_internal_date(format_internal_date({seconds, zone})));
            CHECK(format_date({seconds, zone}).size() <= 31);
        }
    }
}

TEST_CASE("date: both formats read back what they wrote") {
    std::int64_t seconds = -2'000'000'000;
    for (int i = 0; i < 500; ++i, seconds += 9'876'543) {
        const DateTime when{seconds, (i % 49 - 24) * 30};
        CHECK(parse_date(format_date(when)) == when);
        CHECK(parse_internal_date(format_internal_date(when)) == when);
    }
}

TEST_CASE("date: IMAP dates are read strictly") { // RFC 9051 9
    CHECK(parse_internal_date("17-Jul-1996 02:44:25 -0700") == DateTime{837596665, -420});
    CHECK(parse_internal_date(" 1-jan-2000 00:00:00 +0000") == DateTime{946684800, 0});
    CHECK(parse_internal_date("1-Jan-2000 00:00:00 +0000") == DateTime{946684800, 0});
    for (const std::string_view text :
         {"17-Jul-1996", "17-Jul-96 02:44:25 -0700", "17-Jul-1996 2:44:25 -0700", "17-Jul-1996 02:44:25",
          "17-Jul-1996 02:44:25 GMT", "17-Jul-1996 02:44:25 -0700 ", "17 Jul 1996 02:44:25 -0700",
          "31-Jun-1996 02:44:25 -0700", "17-Jul-1996 02:44:25 -07000", ""}) {
        CAPTURE(text);
        CHECK_FALSE(parse_internal_date(text));
    }
    CHECK(parse_imap_day("1-Feb-1994") == 8797);
    CHECK(parse_imap_day("01-FEB-1994") == 8797);
    for (const std::string_view text :
         {"", "1-Feb-94", "30-Feb-1994", "1-Feb-1994 ", " 1-Feb-1994", "1/Feb/1994", "1-F-1994"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_imap_day(text));
    }
}

TEST_CASE("date: the local day is the writer's, whatever UTC says") {
    CHECK(local_day({8797 * 86400 + 3600, -120}) == 8796);
    CHECK(local_day({8797 * 86400 - 3600, 120}) == 8797);
    CHECK(local_day({8797 * 86400, 0}) == 8797);
    CHECK(local_day({-1, 0}) == -1);
}
