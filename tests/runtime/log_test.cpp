// The log: how lines look whatever is in them, where they go, and what is remembered.
#include "appliance/runtime/clock.h"
#include "appliance/runtime/log.h"
#include "appliance/runtime/log_format.h"

#include <algorithm>
#include <doctest/doctest.h>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace pillarbox::runtime;
using namespace std::chrono_literals;

namespace {

struct Fixed : Clock {
    WallTime wall() const override { return WallTime(1'795'232'430'007ms); }
};

std::string text(std::initializer_list<LogField> fields) {
    const Fixed fixed;
    const ClockOverride override(fixed);
    return format_log(false, LogLevel::major, "smtp", "S17", "accepted", fields);
}

std::string json(std::initializer_list<LogField> fields) {
    const Fixed fixed;
    const ClockOverride override(fixed);
    return format_log(true, LogLevel::major, "smtp", "S17", "accepted", fields);
}

const std::string head = "2026-11-21T03:40:30.007Z major smtp S17 accepted";
const std::string json_head =
    R"({"time":"2026-11-21T03:40:30.007Z","level":"major","area":"smtp","session":"S17","event":"accepted")";

/// Writes the log to a file as long as it lives.
struct LogFile {
    explicit LogFile(LogLevel level, bool in_json = false) {
        const int fd = ::mkstemp(path.data());
        REQUIRE(fd >= 0);
        ::close(fd);
        configure_log(LogSettings{level, in_json, path});
    }
    ~LogFile() {
        configure_log(LogSettings{});
        ::unlink(path.c_str());
    }
    std::vector<std::string> lines() const {
        flush_log();
        std::ifstream file(path);
        std::vector<std::string> all;
        for (std::string line; std::getline(file, line);) all.push_back(line);
        return all;
    }
    std::string path = "/tmp/pillarbox-log-XXXXXX";
};

} // namespace

TEST_CASE("log: a line of text") {
    CHECK(text({}) == head + "\n");
    CHECK(text({{"id", "17-3"}, {"size", 1234}, {"left", -1L}, {"big", 18446744073709551615ULL}}) ==
          head + " id=17-3 size=1234 left=-1 big=18446744073709551615\n");
    CHECK(text({{"a", ""}, {"b", "two words"}, {"c", "x=y"}}) == head + R"( a="" b="two words" c="x=y")" + "\n");
    const Fixed fixed;
    const ClockOverride override(fixed);
    CHECK(format_log(false, LogLevel::failure, "server", "", "a phrase of words", {}) ==
          "2026-11-21T03:40:30.007Z failure server a phrase of words\n");
}

TEST_CASE("log: whatever a peer sent, a line stays one line of valid UTF-8") {
    CHECK(text({{"helo", "a\r\nb\t\"\\\x7f\x01"}}) == head + R"( helo="a\u000d\u000ab\u0009\"\\\u007f\u0001")" + "\n");
    CHECK(text({{"name", "gr\xC3\xBC\xC3\x9F"}}) == head + " name=\"gr\xC3\xBC\xC3\x9F\"\n");
    CHECK(text({{"bad", "\xC3("}}) == head + R"( bad="\u00c3(")" + "\n");
    CHECK(text({{"cut", "\xE2\x82"}}) == head + R"( cut="\u00e2\u0082")" + "\n");
    CHECK(text({{"surrogate", "\xED\xA0\x80"}}) == head + R"( surrogate="\u00ed\u00a0\u0080")" + "\n");
    CHECK(text({{"overlong", "\xC0\xAF"}}) == head + R"( overlong="\u00c0\u00af")" + "\n");
    CHECK(text({{"emoji", "\xF0\x9F\x93\xAE"}}) == head + " emoji=\"\xF0\x9F\x93\xAE\"\n");
    CHECK(text({{"nul", std::string(1, '\0')}}) == head + R"( nul="\u0000")" + "\n");
}

TEST_CASE("log: values have 1024 octets at most") {
    for (const std::size_t size : {1023, 1024}) {
        CHECK(text({{"long", std::string(size, 'x')}}) == head + " long=" + std::string(size, 'x') + "\n");
    }
    CHECK(text({{"long", std::string(1025, 'x')}}) == head + " long=\"" + std::string(1024, 'x') + "...\"\n");
}

TEST_CASE("log: a line of JSON") {
    CHECK(json({}) == json_head + "}\n");
    CHECK(json({{"id", "a \"b\"\n"}, {"size", 12}}) == json_head + R"(,"id":"a \"b\"\u000a","size":12})" + "\n");
    const Fixed fixed;
    const ClockOverride override(fixed);
    CHECK(format_log(true, LogLevel::all, "imap", "", "x", {}) ==
          R"({"time":"2026-11-21T03:40:30.007Z","level":"all","area":"imap","event":"x"})"
          "\n");
}

TEST_CASE("log: only what the level asks for is written, by any thread, in whole lines") {
    const LogFile file(LogLevel::problem);
    CHECK(logs(LogLevel::failure));
    CHECK(logs(LogLevel::problem));
    CHECK_FALSE(logs(LogLevel::detail));
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([t] {
            for (int i = 0; i < 500; ++i) {
                log(LogLevel::major, "test", "T" + std::to_string(t), "event",
                    {{"i", i}, {"fill", std::string(50, 'x')}});
                log(LogLevel::detail, "test", "", "not this");
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    const auto lines = file.lines();
    CHECK(lines.size() == 2000);
    for (const std::string& line : lines) {
        CHECK(line.find(" major test T") == 24);
        CHECK(line.substr(line.size() - 51) == "=" + std::string(50, 'x'));
    }
}

TEST_CASE("log: JSON is written when asked for, and the file can be opened anew") {
    LogFile file(LogLevel::major, true);
    log(LogLevel::major, "test", "", "first");
    flush_log();
    const std::string moved = file.path + ".1";
    REQUIRE(::rename(file.path.c_str(), moved.c_str()) == 0);
    log(LogLevel::major, "test", "", "second");
    configure_log(LogSettings{LogLevel::major, true, file.path}); // as after SIGHUP
    log(LogLevel::major, "test", "", "third");
    const auto lines = file.lines();
    REQUIRE(lines.size() == 1);
    CHECK(lines[0].find(R"("event":"third")") != std::string::npos);
    std::ifstream old(moved);
    std::stringstream text_of_old;
    text_of_old << old.rdbuf();
    CHECK(text_of_old.str().find("second") != std::string::npos);
    ::unlink(moved.c_str());
}

TEST_CASE("log: a file that cannot be opened is an error, and the old one stays") {
    const LogFile file(LogLevel::major);
    CHECK_THROWS_WITH_AS(configure_log(LogSettings{LogLevel::all, true, "/nonexistent/log"}),
                         "/nonexistent/log: No such file or directory", std::runtime_error);
    log(LogLevel::major, "test", "", "still here");
    CHECK(file.lines().size() == 1);
    CHECK(log_level() == LogLevel::major);
}

TEST_CASE("log: the latest problems are remembered, whatever level is written") {
    const LogFile file(LogLevel::failure);
    log(LogLevel::problem, "test", "", "one");
    log(LogLevel::major, "test", "", "not a problem");
    log(LogLevel::failure, "test", "", "two");
    const std::string latest = recent_problems(2);
    CHECK(latest.find("problem test one\n") != std::string::npos);
    CHECK(latest.find("failure test two\n") > latest.find("one"));
    CHECK(recent_problems(1).find("one") == std::string::npos);
    for (int i = 0; i < 200; ++i) log(LogLevel::problem, "test", "", "again");
    const std::string all = recent_problems(1000);
    CHECK(std::count(all.begin(), all.end(), '\n') == 100);
    CHECK(file.lines().size() == 1);
}
