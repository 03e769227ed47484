// Everything at once for two seconds: plain and TLS clients, the pool, wake-ups and lost connections; and what an idle
// session costs.
#include "appliance/runtime/listener.h"
#include "appliance/runtime/pool.h"
#include "appliance/runtime/tls.h"
#include "tests/runtime/socket_client.h"

#include <algorithm>
#include <atomic>
#include <doctest/doctest.h>
#include <malloc.h>
#include <random>
#include <string>
#include <thread>
#include <vector>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define PILLARBOX_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define PILLARBOX_SANITIZED 1
#endif
#endif

using namespace pillarbox::runtime;
using namespace std::chrono_literals;

namespace {

struct Shop {
    Pool pool{3};
    TlsContext context{make_self_signed("localhost", 1)};
    std::atomic<int> sessions{0}, ended{0};
};

std::string reversed(const std::string& text) { return std::string(text.rbegin(), text.rend()); }

/// Echoes lines, by way of the pool those that begin with R, which come back reversed; takes counted octets; upgrades.
Task<void> serve(Shop& shop, std::unique_ptr<Stream> stream) {
    ++shop.sessions;
    try {
        for (;;) {
            const Line line = co_await stream->read_line(2000);
            if (line.text.empty()) break;
            const std::string rest = line.text.substr(1);
            switch (line.text[0]) {
            case 'R': {
                auto turn = [&rest] { return reversed(rest); };
                const std::string turned = co_await shop.pool.run(Lane::read, turn);
                stream->write(turned + "\r\n");
                break;
            }
            case 'N': {
                const std::size_t size = std::stoul(rest);
                const std::string octets = co_await stream->read_exactly(size);
                stream->write(octets);
                co_await stream->drain();
                break;
            }
            case 'T':
                stream->write("go\r\n");
                co_await stream->start_tls(shop.context);
                break;
            default:
                stream->write(line.text + "\r\n");
            }
            co_await stream->loop().yield();
        }
    } catch (const std::runtime_error&) { // lost, as some of the clients mean it to be
    }
    co_await stream->close();
    --shop.sessions;
    ++shop.ended;
}

unsigned below(std::mt19937& random, unsigned limit) { return static_cast<unsigned>(random() % limit); }

/// One client's life of some commands; the number of answers that were wrong.
int visit(const std::string& address, std::mt19937& random) {
    SocketClient client(address);
    int wrong = 0;
    if (below(random, 3) == 0) {
        client.send("T\r\n");
        wrong += client.line() != "go\r\n";
        wrong += client.start_tls() != "";
    }
    for (unsigned turn = below(random, 20); turn > 0; --turn) {
        const std::string text(below(random, 1000), static_cast<char>('a' + below(random, 26)));
        switch (below(random, 4)) {
        case 0:
            client.send("R" + text + "end\r\n");
            wrong += client.line() != "dne" + text + "\r\n";
            break;
        case 1: {
            const std::string octets(below(random, 200'000), 'z');
            client.send("N" + std::to_string(octets.size()) + "\r\n");
            std::thread sender([&] { client.send(octets); }); // both ways at once, but for OpenSSL's one thread
            if (client.ssl()) sender.join();
            wrong += client.octets(octets.size()) != octets;
            if (sender.joinable()) sender.join();
            break;
        }
        case 2:
            client.send("E" + text + "\r\nE1\r\nR21\r\nE" + text + "\r\n");
            wrong += client.line() != "E" + text + "\r\n";
            wrong += client.line() != "E1\r\n";
            wrong += client.line() != "12\r\n";
            wrong += client.line() != "E" + text + "\r\n";
            break;
        default:
            client.send("half a line that never");
            return wrong; // gone in the middle
        }
    }
    client.send("\r\n");
    wrong += !client.at_end();
    return wrong;
}

#ifndef PILLARBOX_SANITIZED
/// Heap in use.
std::size_t heap() { return ::mallinfo2().uordblks; }

Task<void> greet(std::unique_ptr<Stream> stream, std::atomic<int>* sessions) {
    try {
        for (;;) {
            const Line line = co_await stream->read_line(1000);
            stream->write("hello " + line.text + "\r\n");
            ++*sessions;
        }
    } catch (const std::runtime_error&) { // the client has seen enough
    }
    co_await stream->close();
}

/// Octets of heap that one idle session takes.
std::size_t idle_cost(bool tls, int count) {
    TlsContext context(make_self_signed("localhost", 1));
    std::atomic<int> sessions{0};
    Loops loops(1);
    Listener listener(
        loops, ListenSocket("127.0.0.1:0"),
        [&](std::unique_ptr<Stream> stream) { return greet(std::move(stream), &sessions); }, tls ? &context : nullptr);
    const auto connect = [&] {
        auto client = std::make_unique<SocketClient>(listener.address());
        if (tls) client->start_tls();
        client->send("idle\r\n");
        CHECK(client->line() == "hello idle\r\n");
        client->forget_tls();
        return client;
    };
    std::vector<std::unique_ptr<SocketClient>> clients;
    clients.reserve(static_cast<std::size_t>(count) + 10);
    for (int i = 0; i < 10; ++i) clients.push_back(connect()); // what is made once is made now
    const std::size_t before = heap();
    for (int i = 0; i < count; ++i) clients.push_back(connect());
    std::this_thread::sleep_for(50ms); // until the last one waits
    return (heap() - before) / static_cast<std::size_t>(count);
}
#endif

} // namespace

TEST_CASE("soak: clients of all kinds at once get right answers, and every session ends") {
    Shop shop;
    Loops loops(2);
    Listener listener(loops, ListenSocket("127.0.0.1:0"),
                      [&](std::unique_ptr<Stream> stream) { return serve(shop, std::move(stream)); });
    std::atomic<int> wrong{0}, visits{0};
    std::vector<std::thread> clients;
    const auto end = std::chrono::steady_clock::now() + 2s;
    for (unsigned i = 0; i < 6; ++i) {
        clients.emplace_back([&, i] {
            std::mt19937 random(i);
            while (std::chrono::steady_clock::now() < end) {
                wrong += visit(listener.address(), random);
                ++visits;
            }
        });
    }
    for (std::thread& client : clients) client.join();
    CHECK(wrong == 0);
    CHECK(visits > 20);
    listener.stop();
    loops.stop_all();
    CHECK(loops.join(5s));
    CHECK(shop.sessions == 0);
    CHECK(shop.ended == visits);
    MESSAGE("visits: " << visits.load());
}

#ifndef PILLARBOX_SANITIZED
TEST_CASE("soak: an idle session takes little memory") { // DESIGN 3: 4 KiB and 20 KiB with the protocol on top
    const std::size_t plain = idle_cost(false, 1000);
    CHECK(plain < 2048);
    const std::size_t tls = idle_cost(true, 100);
    CHECK(tls < 17 * 1024);
    MESSAGE("octets an idle session: plain " << plain << ", TLS " << tls);
}
#endif
