// Real sockets on loopback: binding and its errors, accepting, sessions on several loops, the end.
#include "appliance/runtime/listener.h"
#include "appliance/runtime/log.h"
#include "tests/runtime/socket_client.h"

#include <atomic>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <mutex>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <set>
#include <string>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace pillarbox::runtime;
using namespace std::chrono_literals;

namespace {

/// What the sessions of a test tell.
struct Told {
    std::mutex mutex;
    std::set<std::thread::id> threads;
    std::vector<Peer> peers;
    std::vector<std::string> ends;
    std::atomic<int> sessions{0};

    std::string last_end() {
        const std::lock_guard lock(mutex);
        return ends.empty() ? "" : ends.back();
    }
    bool wait_for_ends(std::size_t count) {
        for (int i = 0; i < 1000; ++i) {
            {
                const std::lock_guard lock(mutex);
                if (ends.size() >= count) return true;
            }
            std::this_thread::sleep_for(10ms);
        }
        return false;
    }
};

/// Greets, echoes lines, and on request sends much or hangs up.
Task<void> echo(std::unique_ptr<Stream> stream, Told* told) {
    {
        const std::lock_guard lock(told->mutex);
        told->threads.insert(std::this_thread::get_id());
        told->peers.push_back(stream->peer());
    }
    ++told->sessions;
    std::string end;
    stream->write("hello\r\n");
    try {
        for (;;) {
            const Line line = co_await stream->read_line(1000);
            if (line.text == "quit") break;
            if (line.text == "much") {
                for (int i = 0; i < 64; ++i) {
                    stream->write(std::string(64 * 1024, 'x'));
                    co_await stream->drain();
                }
            } else {
                stream->write(line.text + "\r\n");
            }
            co_await stream->loop().yield();
        }
        end = "quit";
    } catch (const Stopping& e) {
        end = std::string("stopping ") + e.what();
    } catch (const std::exception& e) {
        end = e.what();
    }
    if (end != "end of file") stream->write("bye\r\n");
    co_await stream->close();
    --told->sessions;
    const std::lock_guard lock(told->mutex);
    told->ends.push_back(end);
}

Listener::Handler echo_for(Told& told) {
    return [&told](std::unique_ptr<Stream> stream) { return echo(std::move(stream), &told); };
}

std::string reason_of(const std::string& address) {
    try {
        const ListenSocket socket(address);
    } catch (const std::runtime_error& e) {
        return e.what();
    }
    return "";
}

std::string temporary_folder() {
    std::string path = "/tmp/pillarbox-test-XXXXXX";
    REQUIRE(::mkdtemp(path.data()) != nullptr);
    return path;
}

} // namespace

TEST_CASE("listen socket: errors name the address and the reason") {
    const ListenSocket first("127.0.0.1:0");
    CHECK(first.address().compare(0, 10, "127.0.0.1:") == 0);
    CHECK(first.address() != "127.0.0.1:0");
    CHECK(reason_of(first.address()) == first.address() + ": address already in use");
    CHECK(reason_of("192.0.2.77:2525") == "192.0.2.77:2525: cannot assign requested address");
    for (const std::string bad : {"localhost:25", "::1:25", "[127.0.0.1]:25", "[::1:25", ":25", "[]:25", "mail:25"}) {
        CHECK(reason_of(bad) == bad + ": the address must be numeric, an IPv6 one in brackets");
    }
    for (const std::string bad : {"127.0.0.1:65536", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:25x", "127.0.0.1:-1"}) {
        CHECK(reason_of(bad) == bad + ": the port must be a number from 0 to 65535");
    }
    CHECK(reason_of("25") == "25: ADDRESS:PORT is needed");
    CHECK(reason_of("127.0.0.1:65535").find("the port") == std::string::npos);
}

TEST_CASE("listen socket: a wildcard takes both families, and excludes a second server on either") {
    const ListenSocket any("[::]:0");
    const std::string port = any.address().substr(any.address().rfind(':'));
    CHECK(reason_of("[::]" + port) == "[::]" + port + ": address already in use");
    CHECK(reason_of("0.0.0.0" + port) == "0.0.0.0" + port + ": address already in use");
}

TEST_CASE("listen socket: a Unix-domain socket is the owner's, replaces a dead one and nothing else") {
    const std::string folder = temporary_folder();
    const std::string path = folder + "/admin.sock";
    {
        const ListenSocket first("unix:" + path);
        CHECK(first.address() == "unix:" + path);
        struct stat status {};
        REQUIRE(::stat(path.c_str(), &status) == 0);
        CHECK((status.st_mode & 0777) == 0600);
        CHECK(reason_of("unix:" + path) == "unix:" + path + ": address already in use");
    }
    CHECK(reason_of("unix:" + path) == ""); // nobody listens any more
    ::unlink(path.c_str());
    const int fd = ::open(path.c_str(), O_CREAT | O_WRONLY, 0600);
    ::close(fd);
    CHECK(reason_of("unix:" + path) == "unix:" + path + ": there is something else of that name");
    CHECK(reason_of("unix:") == "unix:: the path must have 1 to 107 octets");
    CHECK(reason_of("unix:" + std::string(108, 'x')).find("107 octets") != std::string::npos);
    ::unlink(path.c_str());
    ::rmdir(folder.c_str());
}

TEST_CASE("listener: sessions talk on all loops, each on one") {
    Told told;
    Loops loops(2);
    Listener listener(loops, ListenSocket("127.0.0.1:0"), echo_for(told));
    std::vector<std::unique_ptr<SocketClient>> clients;
    for (int i = 0; i < 8; ++i) clients.push_back(std::make_unique<SocketClient>(listener.address()));
    for (const auto& client : clients) CHECK(client->line() == "hello\r\n");
    CHECK(loops[0].tasks() + loops[1].tasks() == 9); // one accepts
    CHECK(loops[0].tasks() >= 4);
    CHECK(loops[1].tasks() >= 4);
    CHECK(told.threads.size() == 2);
    for (const auto& client : clients) {
        client->send("one\r\ntwo\r\nqu");
        CHECK(client->line() == "one\r\n");
        CHECK(client->line() == "two\r\n");
        client->send("it\r\n");
        CHECK(client->line() == "bye\r\n");
        CHECK(client->at_end());
        client->close();
    }
    CHECK(told.wait_for_ends(8));
    CHECK(told.last_end() == "quit");
    CHECK(told.peers.front().address == "127.0.0.1");
    CHECK(told.peers.front().local_address == "127.0.0.1");
    CHECK(std::to_string(told.peers.front().local_port) == listener.address().substr(10));
    CHECK(told.peers.front().port > 0);
    listener.stop();
    loops.stop_all();
    CHECK(loops.join(5s));
}

TEST_CASE("listener: addresses of IPv4 peers are normalised, Unix-domain peers have a uid") {
    const std::string folder = temporary_folder();
    const std::string path = folder + "/admin.sock";
    Told told;
    Loops loops(1);
    Listener any(loops, ListenSocket("[::]:0"), echo_for(told));
    Listener local(loops, ListenSocket("unix:" + path), echo_for(told));
    const std::string port = any.address().substr(any.address().rfind(':'));
    SocketClient v4("127.0.0.1" + port);
    CHECK(v4.line() == "hello\r\n");
    SocketClient v6("[::1]" + port);
    if (v6.connected()) CHECK(v6.line() == "hello\r\n");
    SocketClient own("unix:" + path);
    CHECK(own.line() == "hello\r\n");
    const std::lock_guard lock(told.mutex);
    CHECK(told.peers.front().address == "127.0.0.1");
    CHECK(told.peers.front().local_address == "127.0.0.1");
    CHECK(told.peers.front().uid == -1);
    if (v6.connected()) CHECK(told.peers.at(1).address == "::1");
    CHECK(told.peers.back().uid == ::getuid());
    CHECK(told.peers.back().address == "");
    ::unlink(path.c_str());
    ::rmdir(folder.c_str());
}

TEST_CASE("listener: accepted sockets inherit the TCP options") {
    const ListenSocket socket("127.0.0.1:0");
    SocketClient client(socket.address());
    int fd = -1;
    for (int i = 0; i < 1000 && fd < 0; ++i) {
        fd = ::accept4(socket.fd(), nullptr, nullptr, SOCK_CLOEXEC);
        if (fd < 0) std::this_thread::sleep_for(1ms);
    }
    REQUIRE(fd >= 0);
    const auto option = [fd](int level, int name) {
        int value = -1;
        socklen_t size = sizeof value;
        ::getsockopt(fd, level, name, &value, &size);
        return value;
    };
    CHECK(option(IPPROTO_TCP, TCP_NODELAY) == 1);
    CHECK(option(SOL_SOCKET, SO_KEEPALIVE) == 1);
    CHECK(option(IPPROTO_TCP, TCP_KEEPIDLE) == 600);
    CHECK(option(IPPROTO_TCP, TCP_USER_TIMEOUT) == 300'000);
    ::close(fd);
}

TEST_CASE("listener: a client that sends all at once and ends its output gets all replies") {
    Told told;
    Loops loops(1);
    Listener listener(loops, ListenSocket("127.0.0.1:0"), echo_for(told));
    SocketClient client(listener.address());
    client.send("one\r\nmuch\r\nlast\r\n");
    ::shutdown(client.fd(), SHUT_WR);
    CHECK(client.line() == "hello\r\n");
    CHECK(client.line() == "one\r\n");
    CHECK(client.octets(64 * 64 * 1024) == std::string(64 * 64 * 1024, 'x'));
    CHECK(client.line() == "last\r\n");
    CHECK(client.at_end());
    CHECK(told.wait_for_ends(1));
    CHECK(told.last_end() == "end of file");
}

TEST_CASE("listener: the last reply reaches a client that goes on sending") {
    Told told;
    Loops loops(1);
    Listener listener(loops, ListenSocket("127.0.0.1:0"), echo_for(told));
    SocketClient client(listener.address());
    client.send("quit\r\n" + std::string(300'000, 'x'));
    CHECK(client.line() == "hello\r\n");
    client.send(std::string(100'000, 'x'));
    CHECK(client.line() == "bye\r\n");
    CHECK(client.at_end());
    client.close();
    CHECK(told.wait_for_ends(1));
}

TEST_CASE("listener: shutting down interrupts the sessions, whose goodbye is still sent") {
    Told told;
    Loops loops(2);
    std::vector<std::unique_ptr<SocketClient>> clients;
    Listener listener(loops, ListenSocket("127.0.0.1:0"), echo_for(told));
    for (int i = 0; i < 5; ++i) clients.push_back(std::make_unique<SocketClient>(listener.address()));
    for (const auto& client : clients) CHECK(client->line() == "hello\r\n");
    listener.stop();
    loops.interrupt_streams("going down");
    loops.stop_all();
    CHECK(loops.join(5s));
    for (const auto& client : clients) {
        CHECK(client->line() == "bye\r\n");
        CHECK(client->at_end());
    }
    CHECK(told.ends == std::vector<std::string>(5, "stopping going down"));
    SocketClient late(listener.address());
    CHECK_FALSE(late.connected());
}

TEST_CASE("listener: sessions that do not end are abandoned") {
    Told told;
    {
        Loops loops(1);
        Listener listener(loops, ListenSocket("127.0.0.1:0"), echo_for(told));
        SocketClient client(listener.address());
        CHECK(client.line() == "hello\r\n");
        listener.stop();
        loops.stop_all();
        CHECK_FALSE(loops.join(20ms));
        CHECK(told.sessions == 1);
    }
    CHECK(told.ends.empty());
}

TEST_CASE("listener: running out of descriptors refuses connections and is survived") {
    Told told;
    Loops loops(1);
    Listener listener(loops, ListenSocket("127.0.0.1:0"), echo_for(told));
    SocketClient before(listener.address());
    CHECK(before.line() == "hello\r\n");
    flush_log(); // its thread is there: UBSan needs a pipe to look at the first object of a type
    rlimit was{};
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &was) == 0);
    // The clients' own sockets fit, the server's ends of them do not.
    const int probe = ::dup(0);
    ::close(probe);
    rlimit few = was;
    few.rlim_cur = static_cast<rlim_t>(probe) + 1;
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &few) == 0);
    {
        SocketClient refused(listener.address());
        CHECK(refused.connected());
        CHECK(refused.at_end());
    }
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &was) == 0);
    CHECK(recent_problems(5).find("connections are refused") != std::string::npos);
    before.send("still here\r\n");
    CHECK(before.line() == "still here\r\n");
    SocketClient after(listener.address());
    CHECK(after.line() == "hello\r\n");
}
