// What the process has to do with its system: signals, systemd, random numbers, the clock.
#include "appliance/runtime/listener.h"
#include "appliance/runtime/random.h"
#include "appliance/runtime/signals.h"
#include "appliance/runtime/systemd.h"
#include "tests/runtime/shifted_clock.h"
#include "tests/runtime/socket_client.h"

#include <csignal>
#include <cstdlib>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <set>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

using namespace pillarbox::runtime;
using namespace std::chrono_literals;

namespace {

Task<void> take_signals(Signals& signals, std::string* log) {
    for (;;) {
        const int number = co_await signals.next();
        *log += std::to_string(number) + " ";
        if (number == 0) co_return;
    }
}

} // namespace

TEST_CASE("signals: they arrive at the loop, one after the other") {
    Loop loop;
    Signals signals(loop, {SIGUSR1, SIGUSR2});
    std::string log;
    ::kill(::getpid(), SIGUSR1); // before anyone waits
    loop.spawn(take_signals(signals, &log));
    while (loop.run_once(0ms)) {
    }
    CHECK(log == std::to_string(SIGUSR1) + " ");
    ::kill(::getpid(), SIGUSR2);
    CHECK(loop.run_once(5s));
    CHECK(log == std::to_string(SIGUSR1) + " " + std::to_string(SIGUSR2) + " ");
    signals.stop();
    loop.stop();
    loop.run();
    CHECK(log.substr(log.size() - 2) == "0 ");
}

TEST_CASE("systemd: readiness is sent to the socket that was named, also an abstract one") {
    ::unsetenv("NOTIFY_SOCKET");
    CHECK_FALSE(notify_systemd("READY=1"));
    const std::string name = "@pillarbox-test-" + random_word(12);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    name.copy(address.sun_path, sizeof address.sun_path);
    address.sun_path[0] = '\0';
    const int fd = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    REQUIRE(::bind(fd, reinterpret_cast<const sockaddr*>(&address), size) == 0);
    ::setenv("NOTIFY_SOCKET", name.c_str(), 1);
    CHECK(notify_systemd("READY=1\nSTATUS=fine"));
    char text[100];
    const ssize_t got = ::recv(fd, text, sizeof text, 0);
    CHECK(std::string(text, static_cast<std::size_t>(got)) == "READY=1\nSTATUS=fine");
    ::close(fd);
    CHECK_FALSE(notify_systemd("READY=1"));
    ::unsetenv("NOTIFY_SOCKET");
}

TEST_CASE("systemd: passed sockets are taken once, with their names") {
    CHECK(take_passed_sockets().empty());
    ::setenv("LISTEN_FDS", "2", 1);
    ::setenv("LISTEN_PID", "1", 1); // for another process
    CHECK(take_passed_sockets().empty());
    ::setenv("LISTEN_FDS", "2", 1);
    ::setenv("LISTEN_PID", std::to_string(::getpid()).c_str(), 1);
    ::setenv("LISTEN_FDNAMES", "smtp:imap", 1);
    const auto sockets = take_passed_sockets();
    REQUIRE(sockets.size() == 2);
    CHECK(sockets[0].fd == 3);
    CHECK(sockets[0].name == "smtp");
    CHECK(sockets[1].fd == 4);
    CHECK(sockets[1].name == "imap");
    CHECK(take_passed_sockets().empty());
    CHECK(std::getenv("LISTEN_FDS") == nullptr);
}

TEST_CASE("listen socket: one that was passed in is taken over") {
    ListenSocket opened("127.0.0.1:0");
    ListenSocket passed(::fcntl(opened.fd(), F_DUPFD_CLOEXEC, 3));
    CHECK(passed.address() == opened.address());
    const ListenSocket moved(std::move(passed));
    CHECK(moved.address() == opened.address());
    const SocketClient client(moved.address());
    CHECK(client.connected());
}

TEST_CASE("random: words have their letters, and numbers do not repeat") {
    std::set<std::string> words;
    std::set<std::uint64_t> numbers;
    for (int i = 0; i < 1000; ++i) {
        const std::string word = random_word(20);
        CHECK(word.size() == 20);
        CHECK(word.find_first_not_of("23456789abcdefghijkmnpqrstuvwxyz") == std::string::npos);
        words.insert(word);
        numbers.insert(random_u64());
    }
    CHECK(words.size() == 1000);
    CHECK(numbers.size() == 1000);
    CHECK(random_bytes(0).empty());
    CHECK(random_bytes(100'000).size() == 100'000);
}

TEST_CASE("clock: an override holds as long as it lives") {
    const auto before = unix_seconds();
    {
        struct Fixed : Clock {
            WallTime wall() const override { return WallTime(1'234'567'890'123ms); }
        } const fixed;
        const ClockOverride override(fixed);
        CHECK(unix_seconds() == 1'234'567'890);
        CHECK(unix_milliseconds() == 1'234'567'890'123);
    }
    CHECK(unix_seconds() >= before);
}
