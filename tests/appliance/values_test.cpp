// Values of settings: what is taken, what is refused, and in which words.
#include "appliance/values.h"

#include <doctest/doctest.h>

#include <functional>

using namespace pillarbox::appliance;

namespace {

/// The words of a refusal; "" when the value was taken.
std::string refusal(const std::function<void()>& parse) {
    try {
        parse();
        return "";
    } catch (const BadValue& wrong) {
        return wrong.what();
    }
}

} // namespace

TEST_CASE("values: octets are a number with an optional power of 1024") {
    const std::vector<std::pair<const char*, std::uint64_t>> taken{{"0", 0},
                                                                   {"1", 1},
                                                                   {"4096", 4096},
                                                                   {"64K", 65536},
                                                                   {"500M", 524288000},
                                                                   {"1G", 1073741824},
                                                                   {"2T", 2199023255552},
                                                                   {"8388607T", 9223370937343148032ULL},
                                                                   {"9223372036854775807", 9223372036854775807ULL}};
    for (const auto& each : taken) { // CAPTURE takes no structured binding with clang 14
        CAPTURE(each.first);
        CHECK(parse_octets(each.first) == each.second);
    }
    for (const char* text : {"", "M", "-1", "+1", "1.5G", "1 G", "1g", "1GB", "1KK", "0x10", "99999999999999999999"}) {
        CAPTURE(text);
        CHECK(refusal([&] { parse_octets(text); }) == "must be a size such as 4096, 64K, 500M, 1G or 2T");
    }
    for (const char* text : {"8388608T", "9223372036854775808"}) {
        CAPTURE(text);
        CHECK(refusal([&] { parse_octets(text); }) == "is larger than any disk: the most is 8 EiB less one octet");
    }
}

TEST_CASE("values: octets are written as they are read") {
    for (const char* text : {"0", "1", "1023", "1K", "1025", "500M", "1G", "1025M", "2048T"})
        CHECK(format_octets(parse_octets(text)) == text);
}

TEST_CASE("values: a number keeps to its bounds") {
    CHECK(parse_number("1", 1, 64) == 1);
    CHECK(parse_number("64", 1, 64) == 64);
    for (const char* text : {"0", "65", "", "x", "1x", " 1", "-1", "18446744073709551616"}) {
        CAPTURE(text);
        CHECK(refusal([&] { parse_number(text, 1, 64); }) == "must be a number from 1 to 64");
    }
}

TEST_CASE("values: a choice names what there is to choose from") {
    CHECK(parse_choice("json", {"text", "json"}) == 1);
    CHECK(refusal([] { parse_choice("xml", {"text", "json"}); }) == "must be text or json");
    CHECK(refusal([] { parse_choice("", {"never", "loopback", "always"}); }) == "must be never, loopback or always");
    CHECK(refusal([] {
              parse_choice("Never", {"never", "loopback", "always"});
          }) == "must be never, loopback or always");
}

TEST_CASE("values: listen addresses are numeric with a port") {
    using List = std::vector<std::string>;
    CHECK(parse_listen("off") == List{});
    CHECK(parse_listen("[::]:25") == List{"[::]:25"});
    CHECK(parse_listen("127.0.0.1:0") == List{"127.0.0.1:0"});
    CHECK(parse_listen("127.0.0.1:65535,\t[::1]:2525") == List{"127.0.0.1:65535", "[::1]:2525"});
    for (const char* text : {"", "25", ":25", "localhost:25", "127.0.0.1", "::1:25", "[::1]", "[127.0.0.1]:25", "[]:25",
                             "1.2.3:25", "127.0.0.1:25,", ",127.0.0.1:25", "127.0.0.1:25 127.0.0.2:25", "OFF"}) {
        CAPTURE(text);
        CHECK(refusal([&] { parse_listen(text); }).substr(0, 28) == "must be ADDRESS:PORT with a ");
    }
    CHECK(refusal([] { parse_listen("127.0.0.1:65536"); }) == "must be a number from 0 to 65535");
    CHECK(refusal([] { parse_listen("127.0.0.1:"); }) == "must be a number from 0 to 65535");
}

TEST_CASE("values: what has no log-in is listened for on loopback only") {
    using List = std::vector<std::string>;
    CHECK(parse_loopback_listen("off") == List{});
    CHECK(parse_loopback_listen("127.0.0.1:8025, 127.255.0.9:1,[::1]:8025").size() == 3);
    for (const char* text :
         {"0.0.0.0:8025", "[::]:8025", "192.0.2.1:80", "127.0.0.1:80,10.0.0.1:80", "[::ffff:127.0.0.1]:80"}) {
        CAPTURE(text);
        CHECK(refusal([&] { parse_loopback_listen(text); }).substr(0, 41) ==
              "must be an address of this machine alone,");
    }
}

TEST_CASE("values: a host name keeps to RFC 1123 and RFC 1035") {
    const std::string label63(63, 'a');
    const std::string longest = label63 + "." + label63 + "." + label63 + "." + std::string(61, 'b');
    CHECK(parse_host("") == "");
    CHECK(parse_host("Mail.Example.ORG") == "mail.example.org");
    CHECK(parse_host("1and1.x-y.de") == "1and1.x-y.de");
    CHECK(parse_host(longest).size() == 253);
    CHECK(refusal([&] { parse_host(longest + "b"); }) == "is longer than the 253 octets a host name may have");
    CHECK(refusal([&] { parse_host(label63 + "a.de"); }) == "has a part longer than the 63 octets RFC 1035 allows");
    for (const char* text : {".", "a.", ".a", "a..b", "-a", "a-", "a-.b", "a.-b", "a b", "a_b", "a/b", "caf\xc3\xa9"}) {
        CAPTURE(text);
        CHECK(refusal([&] { parse_host(text); }) == "must be a host name of letters, digits, hyphens and dots");
    }
}

TEST_CASE("values: idle timeout is two numbers, the second never below half an hour") { // RFC 9051 5.4
    using Pair = std::pair<std::uint32_t, std::uint32_t>;
    CHECK(parse_idle_timeout("60 0") == Pair{60, 0});
    CHECK(parse_idle_timeout("1 1800") == Pair{1, 1800});
    CHECK(parse_idle_timeout("86400\t31536000") == Pair{86400, 31536000});
    for (const char* text :
         {"", "60", "60 ", "0 0", "86401 0", "60 1799", "60 1", "60 31536001", "60 0 0", "60,0", "x 0"}) {
        CAPTURE(text);
        CHECK(refusal([&] { parse_idle_timeout(text); }).substr(0, 31) == "must be two numbers of seconds:");
    }
}
