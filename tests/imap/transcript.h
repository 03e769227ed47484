// Plays transcripts against real sessions on a real store, over connections in memory.
//
//   C: a NOOP          the first client says this line
//   S: a OK *          the server answers it so; a final `*` stands for any rest
//   C2: / S2:          the second client, in a connection of its own; so up to 9
//   S: <closed>        the server has closed the connection
//   -- words           for the reader
#pragma once

#include "imap/service.h"
#include "tests/store/test_store.h"

#include "appliance/runtime/log.h"
#include "appliance/runtime/memory_stream.h"

#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace pillarbox::imap {

/// A mail site with IMAP: one store, the account alice (password "secret"), any number of connections.
class TestSite {
public:
    explicit TestSite(Settings settings = {}) : tls_(nullptr) {
        runtime::LogSettings quiet;
        quiet.level = runtime::LogLevel::failure;
        runtime::configure_log(quiet);
        settings.hostname = "mail.example.org";
        settings.login_delay = std::chrono::milliseconds(0);
        settings.login_timeout = std::chrono::seconds(60);
        service_ = std::make_unique<Service>(store_.store(), settings, tls_);
        alice_ = store_.enroll("alice");
    }
    ~TestSite() {
        for (auto& each : clients_) {
            if (each) each->peer.close();
        }
        for (int turn = 0; turn < 1000 && store_.loop().tasks() > 0; ++turn) turn_loop();
        CHECK(store_.loop().tasks() == 0);
    }
    TestSite(const TestSite&) = delete;
    TestSite& operator=(const TestSite&) = delete;

    store::TestStore& store() { return store_; }
    Service& service() { return *service_; }
    const store::Account& alice() const { return alice_; }

    /// Puts messages into a mailbox of alice's.
    void append(const std::string& mailbox, std::string_view octets, store::FlagChange flags = {},
                std::int64_t date = 837'596'665) {
        store::Incoming message = store_.message(alice_, octets);
        const auto done = store_.run(store_.store().append(alice_.id, mailbox, std::move(message), flags, date));
        REQUIRE(done);
    }

    /// Opens connection number 1 to 9. From loopback, so that a log-in without TLS can be allowed.
    void connect(std::size_t number, bool tls = false) {
        auto client = std::make_unique<Client>();
        if (tls) client->peer.assume_tls();
        runtime::Peer peer;
        peer.address = "127.0.0.1";
        auto stream = std::make_unique<runtime::Stream>(store_.loop(), client->peer.transport(), peer);
        store_.loop().spawn(serve(*service_, std::move(stream)));
        clients_.at(number) = std::move(client);
    }

    /// Plays a transcript; connections that are not open yet begin with the server's greeting.
    void play(std::string_view transcript) {
        while (!transcript.empty()) {
            const std::size_t end = std::min(transcript.find('\n'), transcript.size());
            play_line(transcript.substr(0, end));
            transcript.remove_prefix(std::min(end + 1, transcript.size()));
        }
        for (int turn = 0; turn < 3; ++turn) turn_loop();
        for (std::size_t number = 1; number < clients_.size(); ++number) {
            if (!clients_[number]) continue;
            fetch(*clients_[number]);
            INFO("connection " << number << " was sent what the transcript does not have");
            CHECK(clients_[number]->unread == "");
        }
    }

    /// Sends octets as they are.
    void send(std::size_t number, std::string_view octets) { client(number).peer.send(octets); }
    /// The next line of the server's, without its end; "<closed>", or "<nothing>" after 5 seconds.
    std::string receive(std::size_t number) { return next_line(client(number)); }
    runtime::MemoryPeer& peer(std::size_t number) { return client(number).peer; }
    void turn_loop() { store_.loop().run_once(std::chrono::milliseconds(5)); }

    /// A connection that is logged in, and has INBOX selected when asked to.
    void log_in(std::size_t number, bool select) {
        connect(number, true);
        next_line(client(number));
        send(number, "login LOGIN alice secret\r\n");
        skip_to(number, "login OK");
        if (!select) return;
        send(number, "select SELECT INBOX\r\n");
        skip_to(number, "select OK");
    }
    void skip_to(std::size_t number, std::string_view beginning) {
        while (true) {
            const std::string line = next_line(client(number));
            if (line.starts_with(beginning)) return;
            const bool waits = line != "<nothing>" && line != "<closed>";
            REQUIRE_MESSAGE(waits, "no answer that begins with " << std::string(beginning));
        }
    }

private:
    struct Client {
        runtime::MemoryPeer peer;
        std::string unread;
    };

    Client& client(std::size_t number) {
        if (!clients_.at(number)) connect(number);
        return *clients_[number];
    }
    void fetch(Client& client) { client.unread += client.peer.received(); }

    std::string next_line(Client& client) {
        const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(5);
        while (true) {
            fetch(client);
            const std::size_t end = client.unread.find("\r\n");
            if (end != std::string::npos) {
                std::string line = client.unread.substr(0, end);
                client.unread.erase(0, end + 2);
                return line;
            }
            if (client.peer.closed_by_session())
                return client.unread.empty() ? "<closed>" : std::exchange(client.unread, "");
            if (std::chrono::steady_clock::now() > until) return "<nothing>";
            turn_loop();
        }
    }

    void play_line(std::string_view line) {
        const std::size_t start = line.find_first_not_of(' ');
        if (start == std::string_view::npos) return;
        line.remove_prefix(start);
        if (line.starts_with("--")) return;
        const std::size_t colon = line.find(':');
        const bool numbered = colon == 2;
        REQUIRE_MESSAGE((colon == 1 || numbered), "no line of a transcript: " << std::string(line));
        const std::size_t number = numbered ? static_cast<std::size_t>(line[1] - '0') : 1;
        const std::string_view text = line.substr(std::min(colon + 2, line.size()));
        if (line[0] == 'C') {
            client(number).peer.send(std::string(text) + "\r\n");
            return;
        }
        const std::string received = next_line(client(number));
        const bool open_end = text.ends_with('*');
        const std::string_view expected = open_end ? text.substr(0, text.size() - 1) : text;
        const bool same = open_end ? received.starts_with(expected) : received == expected;
        CHECK_MESSAGE(same, "expected  " << std::string(text) << "\n          received  " << received);
    }

    store::TestStore store_;
    runtime::TlsContext* tls_;
    std::unique_ptr<Service> service_;
    store::Account alice_;
    std::array<std::unique_ptr<Client>, 10> clients_;
};

/// An account with so many small messages in a mailbox; its transcripts begin logged in, with INBOX selected.
class TestAccount {
public:
    explicit TestAccount(int messages = 0, Settings settings = {}) : site_(std::move(settings)) {
        for (int i = 1; i <= messages; ++i) site_.append("INBOX", small_message(i));
    }
    TestSite& site() { return site_; }
    void append(std::string_view octets, store::FlagChange flags = {}) {
        site_.append("INBOX", octets, std::move(flags));
    }

    /// Plays a transcript with connections 1 to `connections`, all in INBOX.
    void imap(std::string_view transcript, std::size_t connections = 1) {
        for (; open_ < connections; ++open_) site_.log_in(open_ + 1, true);
        site_.play(transcript);
    }

    static std::string small_message(int number) {
        const std::string n = std::to_string(number);
        return "From: Sender " + n + " <sender" + n + "@example.com>\r\nTo: alice@example.org\r\nSubject: Message " +
               n + "\r\nDate: Wed, 17 Jul 1996 02:44:25 -0700\r\nMessage-ID: <" + n + "@example.com>\r\n\r\nBody of " +
               n + "\r\n";
    }

private:
    TestSite site_;
    std::size_t open_ = 0;
};

} // namespace pillarbox::imap
