// TLS: certificates, handshakes good and bad against an OpenSSL client, STARTTLS, reload.
#include "appliance/runtime/listener.h"
#include "appliance/runtime/memory_stream.h"
#include "appliance/runtime/tls.h"
#include "tests/runtime/shifted_clock.h"
#include "tests/runtime/socket_client.h"

#include <doctest/doctest.h>
#include <openssl/x509v3.h>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <vector>

using namespace pillarbox::runtime;
using namespace std::chrono_literals;

namespace {

/// Speaks lines; STARTTLS upgrades, "tls" tells what was agreed, "much" sends 4 MiB.
Task<void> session(std::unique_ptr<Stream> stream, TlsContext* context) {
    try {
        stream->write("hello\r\n");
        for (;;) {
            const Line line = co_await stream->read_line(1000);
            if (line.text == "quit") break;
            if (line.text == "starttls") {
                stream->write("go ahead\r\n");
                co_await stream->start_tls(*context);
            } else if (line.text == "tls") {
                const TlsInfo* info = stream->tls();
                stream->write(info ? info->version + " " + info->cipher + " " + std::to_string(info->bits) + " " +
                                         info->sni + "\r\n"
                                   : "none\r\n");
            } else if (line.text == "exporter") {
                stream->write(stream->exporter("EXPORTER-Channel-Binding", 32));
            } else if (line.text == "much") {
                for (int i = 0; i < 64; ++i) {
                    stream->write(std::string(64 * 1024, 'x'));
                    co_await stream->drain();
                }
            } else {
                stream->write(line.text + "\r\n");
            }
        }
        stream->write("bye\r\n");
    } catch (const std::exception&) { // the client sees the end
    }
    co_await stream->close();
}

struct Server {
    TlsContext context{make_self_signed("mail.example.org,localhost,127.0.0.1", 30)};
    Loops loops{1};
    Listener::Handler handler = [this](std::unique_ptr<Stream> stream) { return session(std::move(stream), &context); };
    Listener implicit{loops, ListenSocket("127.0.0.1:0"), handler, &context};
    Listener plain{loops, ListenSocket("127.0.0.1:0"), handler};
};

std::string reason_of(const Certificate& certificate) {
    try {
        const TlsContext context(certificate);
    } catch (const std::runtime_error& e) {
        return e.what();
    }
    return "";
}

std::string serial_of(SSL* ssl) {
    X509* certificate = SSL_get1_peer_certificate(ssl);
    BIGNUM* number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr);
    char* text = BN_bn2hex(number);
    std::string serial = text;
    OPENSSL_free(text);
    BN_free(number);
    X509_free(certificate);
    return serial;
}

Task<void> start_tls_at(Stream& stream, TlsContext& context, std::string* log) {
    try {
        const Line line = co_await stream.read_line(100);
        stream.write("220 go\r\n");
        co_await stream.start_tls(context);
        *log = line.text + " " + stream.tls()->version;
        const Line next = co_await stream.read_line(100);
        *log += " " + next.text;
    } catch (const std::exception& e) {
        *log += e.what();
    }
}

} // namespace

TEST_CASE("tls: unusable certificates are refused with a reason") {
    const Certificate good = make_self_signed("a.example", 1);
    const Certificate other = make_self_signed("b.example", 1);
    CHECK(reason_of(good) == "");
    CHECK(reason_of({"", ""}).find("no certificate could be read") == 0);
    CHECK(reason_of({"rubbish", good.key_pem}).find("no certificate could be read") == 0);
    CHECK(reason_of({good.chain_pem, ""}).find("no private key could be read") == 0);
    CHECK(reason_of({good.chain_pem, other.key_pem}).find("the key does not belong to the certificate") == 0);
    CHECK(reason_of({good.chain_pem + other.chain_pem, good.key_pem}) == ""); // a chain
    TlsContext context(good);
    CHECK_THROWS_AS(context.reload({"", ""}), std::runtime_error);
    CHECK(context.not_after() > unix_seconds() + 86'000);
    CHECK(context.not_after() <= unix_seconds() + 86'400);
}

TEST_CASE("tls: a self-signed certificate names its hosts and addresses") {
    Server server;
    SocketClient client(server.implicit.address());
    REQUIRE(client.start_tls() == "");
    X509* certificate = SSL_get1_peer_certificate(client.ssl());
    CHECK(X509_check_host(certificate, "mail.example.org", 0, 0, nullptr) == 1);
    CHECK(X509_check_host(certificate, "localhost", 0, 0, nullptr) == 1);
    CHECK(X509_check_host(certificate, "example.org", 0, 0, nullptr) == 0);
    CHECK(X509_check_ip_asc(certificate, "127.0.0.1", 0) == 1);
    CHECK(X509_verify(certificate, X509_get0_pubkey(certificate)) == 1);
    X509_free(certificate);
    CHECK_NOTHROW(make_self_signed(std::string(63, 'a') + "." + std::string(63, 'b') + ".example", 1));
}

TEST_CASE("tls: 1.3 and 1.2 are spoken, with AEAD only, and nothing older") {
    Server server;
    SocketClient newest(server.implicit.address());
    REQUIRE(newest.start_tls("mail.example.org") == "");
    CHECK(newest.line() == "hello\r\n");
    newest.send("tls\r\n");
    CHECK(newest.line() == "TLSv1.3 TLS_AES_256_GCM_SHA384 256 mail.example.org\r\n");
    SocketClient older(server.implicit.address());
    REQUIRE(older.start_tls(nullptr, TLS1_2_VERSION) == "");
    CHECK(older.line() == "hello\r\n");
    older.send("tls\r\n");
    const std::string agreed = older.line();
    CHECK(agreed.find("TLSv1.2 ECDHE-ECDSA-") == 0);
    CHECK((agreed.find("GCM") != std::string::npos || agreed.find("CHACHA20") != std::string::npos));
    SocketClient oldest(server.implicit.address());
    CHECK(oldest.start_tls(nullptr, TLS1_1_VERSION) != "");
}

TEST_CASE("tls: STARTTLS drops what came behind it and speaks TLS from there") {
    Server server;
    SocketClient client(server.plain.address());
    CHECK(client.line() == "hello\r\n");
    client.send("tls\r\n");
    CHECK(client.line() == "none\r\n");
    client.send("starttls\r\ninjected\r\n");
    CHECK(client.line() == "go ahead\r\n");
    REQUIRE(client.start_tls() == "");
    client.send("tls\r\n");
    CHECK(client.line().find("TLSv1.3") == 0);
    client.send("quit\r\n");
    CHECK(client.line() == "bye\r\n");
    CHECK(client.at_end());
    CHECK((SSL_get_shutdown(client.ssl()) & SSL_RECEIVED_SHUTDOWN) != 0); // close_notify came
}

TEST_CASE("tls: both ends export the same keying material") {
    Server server;
    SocketClient client(server.implicit.address());
    REQUIRE(client.start_tls() == "");
    CHECK(client.line() == "hello\r\n");
    client.send("exporter\r\n");
    std::string own(32, '\0');
    const std::string label = "EXPORTER-Channel-Binding";
    REQUIRE(SSL_export_keying_material(client.ssl(), reinterpret_cast<unsigned char*>(own.data()), 32, label.data(),
                                       label.size(), nullptr, 0, 0) == 1);
    CHECK(client.octets(32) == own);
}

TEST_CASE("tls: bulk goes through while the client is slow to read, and a key update in between is answered") {
    Server server;
    SocketClient client(server.implicit.address());
    REQUIRE(client.start_tls() == "");
    CHECK(client.line() == "hello\r\n");
    client.send("much\r\n");
    std::this_thread::sleep_for(50ms);
    SSL_key_update(client.ssl(), SSL_KEY_UPDATE_REQUESTED);
    client.send("after\r\n");
    CHECK(client.octets(64 * 64 * 1024) == std::string(64 * 64 * 1024, 'x'));
    CHECK(client.line() == "after\r\n");
}

TEST_CASE("tls: bad hellos end their own connection only") {
    Server server;
    std::vector<std::unique_ptr<SocketClient>> innocent;
    for (int i = 0; i < 10; ++i) {
        innocent.push_back(std::make_unique<SocketClient>(server.implicit.address()));
        REQUIRE(innocent.back()->start_tls() == "");
        CHECK(innocent.back()->line() == "hello\r\n");
    }
    const std::string header("\x16\x03\x01\x00\x05", 5), broken("\x01\x00\x00\x01\xff", 5);
    for (const std::string& hello : {std::string("EHLO me\r\n"), std::string("GET / HTTP/1.0\r\n\r\n"), header + broken,
                                     std::string(1000, '\0'), std::string(1000, '\xff')}) {
        SocketClient bad(server.implicit.address());
        bad.send(hello);
        ::shutdown(bad.fd(), SHUT_WR);
        while (!bad.at_end()) {
        }
    }
    for (const auto& client : innocent) {
        client->send("alive\r\n");
        CHECK(client->line() == "alive\r\n");
    }
}

TEST_CASE("tls: a new certificate is used by new handshakes; sessions under way keep theirs") {
    Server server;
    SocketClient before(server.implicit.address());
    REQUIRE(before.start_tls() == "");
    const std::string first = serial_of(before.ssl());
    server.context.reload(make_self_signed("mail.example.org", 60));
    SocketClient after(server.implicit.address());
    REQUIRE(after.start_tls() == "");
    CHECK(serial_of(after.ssl()) != first);
    CHECK(before.line() == "hello\r\n");
    before.send("still here\r\n");
    CHECK(before.line() == "still here\r\n");
    CHECK(server.context.not_after() > unix_seconds() + 59 * 86'400);
}

TEST_CASE("tls: sessions are resumed by ticket, until the keys change") {
    Server server;
    SocketClient first(server.implicit.address());
    REQUIRE(first.start_tls() == "");
    CHECK(first.line() == "hello\r\n"); // the ticket came before it
    SSL_SESSION* ticket = SSL_get1_session(first.ssl());
    SocketClient second(server.implicit.address());
    REQUIRE(second.start_tls(nullptr, 0, ticket) == "");
    CHECK(SSL_session_reused(second.ssl()) == 1);
    CHECK(second.line() == "hello\r\n");
    {
        ShiftedClock clock;
        clock.shift(13h);
        const ClockOverride override(clock);
        SocketClient third(server.implicit.address());
        REQUIRE(third.start_tls(nullptr, 0, ticket) == "");
        CHECK(SSL_session_reused(third.ssl()) == 0);
        CHECK(third.line() == "hello\r\n");
    }
    SSL_SESSION_free(ticket);
}

TEST_CASE("tls: a handshake that stands still ends at its deadline") {
    ShiftedClock clock;
    const ClockOverride override(clock);
    TlsContext context(make_self_signed("localhost", 1));
    Loops loops(1);
    Listener listener(
        loops, ListenSocket("127.0.0.1:0"),
        [&](std::unique_ptr<Stream> stream) { return session(std::move(stream), &context); }, &context);
    SocketClient client(listener.address());
    for (int i = 0; i < 1000 && loops[0].tasks() < 2; ++i) std::this_thread::sleep_for(1ms);
    REQUIRE(loops[0].tasks() == 2);
    loops[0].post([] {}); // it has begun to wait when this is done
    std::this_thread::sleep_for(20ms);
    clock.shift(61s);
    loops[0].post([] {});
    CHECK(client.at_end());
}

TEST_CASE("tls: STARTTLS over memory succeeds without a handshake") {
    TlsContext context(make_self_signed("localhost", 1));
    Loop loop;
    MemoryPeer peer;
    Stream stream(loop, peer.transport(), Peer());
    std::string log;
    loop.spawn(start_tls_at(stream, context, &log));
    peer.send("STARTTLS\r\nRSET\r\n");
    while (loop.run_once(0ms)) {
    }
    CHECK(log == "STARTTLS TLSv1.3");
    CHECK(peer.tls());
    CHECK(peer.received() == "220 go\r\n");
    peer.send("EHLO\r\n");
    while (loop.run_once(0ms)) {
    }
    CHECK(log == "STARTTLS TLSv1.3 EHLO");
}
