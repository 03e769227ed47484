// SMTP sessions as transcripts: a real session and store over an in-memory stream.
//
//     C: text     the client sends the line with CRLF; C: lines in a row go out in one piece
//     R: text     raw octets: \r \n \t \0 \\ are escapes, nothing is added
//     S: text     the server's next line; a * at its end stands for any rest
//     S: [closed] the server has closed the connection
// Whatever else the server says fails the test. Empty lines and the blanks before them count for nothing.
#pragma once

#include "appliance/runtime/memory_stream.h"
#include "appliance/runtime/tls.h"
#include "smtp/delivery/workers.h"
#include "smtp/service.h"
#include "store/volume.h"
#include "tests/store/test_store.h"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace pillarbox::smtp {

/// A site example.org with the accounts alice and bob, password "secret".
class TestSite {
public:
    TestSite() {
        settings.hostname = "mail.example.org";
        settings.deadlines.login_delay = std::chrono::milliseconds(1);
        alice = test.enroll("alice");
        bob = test.enroll("bob");
    }
    /// Tasks end before the store they use.
    ~TestSite() {
        if (service_) service_->stop("test ends");
        if (workers_) workers_->stop();
        for (int i = 0; i < 500 && test.loop().tasks() > 0; ++i) test.loop().run_once(std::chrono::milliseconds(10));
        CHECK(test.loop().tasks() == 0);
    }

    /// Made at first use, from `settings` and `tls`.
    Service& service() {
        if (!service_) service_ = std::make_unique<Service>(test.store(), settings, tls ? &tls_context() : nullptr);
        return *service_;
    }
    delivery::Workers& workers() {
        if (!workers_) {
            auto start = [this](std::function<runtime::Task<void>()> make) { test.loop().start(std::move(make)); };
            workers_ = std::make_unique<delivery::Workers>(test.store().spool(), std::move(start));
        }
        return *workers_;
    }
    /// Lets a worker deliver all that was accepted.
    void deliver() {
        workers().resize(1);
        for (int i = 0; i < 500 && test.store().spool().length() > 0; ++i)
            test.loop().run_once(std::chrono::milliseconds(10));
        REQUIRE(test.store().spool().length() == 0);
    }
    /// The messages of a mailbox as IMAP would show them: prefix, header, body.
    std::vector<std::string> messages(const store::Account& account, const std::string& mailbox = "INBOX") {
        const auto opened = test.run(test.store().open(account.id, mailbox, false));
        REQUIRE(opened);
        const store::MailboxId id = opened->row.id;
        const auto all = [id](store::Snapshot& snapshot) {
            std::vector<std::string> texts;
            store::UidSet every;
            every.add(1, 0xffffffff);
            std::vector<store::Entry> entries;
            snapshot.entries(id, every, [&](const store::Entry& entry) {
                entries.push_back(entry);
                return true;
            });
            for (const store::Entry& entry : entries) {
                std::string text = snapshot.prefix(id, entry.uid);
                text += snapshot.header(entry.message)->data;
                const auto body = snapshot.body(entry.message);
                body->read(0, body->size(), text);
                CHECK(text.size() == static_cast<std::size_t>(entry.size));
                texts.push_back(std::move(text));
            }
            return texts;
        };
        return test.run(opened->view.read(all));
    }

    store::TestStore test;
    Settings settings;
    bool tls = true; // whether STARTTLS is offered
    store::Account alice, bob;

private:
    static runtime::TlsContext& tls_context() {
        static runtime::TlsContext context(runtime::make_self_signed("mail.example.org", 1));
        return context;
    }
    std::unique_ptr<Service> service_;
    std::unique_ptr<delivery::Workers> workers_;
};

/// One client of a site.
class TestClient {
public:
    TestClient(TestSite& site, Role role, std::string address = "192.0.2.1") : site_(site) {
        if (role.name == submissions.name) peer.assume_tls();
        runtime::Peer ends;
        ends.address = std::move(address);
        ends.port = 4711;
        runtime::Loop& loop = site.test.loop();
        auto stream = std::make_unique<runtime::Stream>(loop, peer.transport(), std::move(ends));
        loop.spawn(serve(site.service(), role, std::move(stream)));
    }

    /// Plays a transcript.
    void operator()(std::string_view script) {
        while (!script.empty()) {
            const std::size_t end = std::min(script.find('\n'), script.size());
            std::string_view line = script.substr(0, end);
            script.remove_prefix(std::min(end + 1, script.size()));
            while (line.starts_with(' ')) line.remove_prefix(1);
            if (line.empty()) continue;
            CAPTURE(std::string(line));
            const std::string text(line.size() > 3 ? line.substr(3) : std::string_view());
            if (line.starts_with("C:")) {
                pending_ += text + "\r\n";
            } else if (line.starts_with("R:")) {
                pending_ += unescaped(text);
            } else if (line.starts_with("S:")) {
                send_pending();
                expect(text);
            } else {
                FAIL("no transcript line: " << line);
            }
        }
        send_pending();
        settle();
        CHECK_MESSAGE(received_ == "", "the server said more than the transcript");
    }
    /// The server's next line, without CRLF; "[closed]" after the last.
    std::string next_line() {
        for (int i = 0; i < 500; ++i) {
            received_ += peer.received();
            if (const std::size_t end = received_.find("\r\n"); end != received_.npos) {
                std::string line = received_.substr(0, end);
                received_.erase(0, end + 2);
                return line;
            }
            if (peer.closed_by_session()) return received_.empty() ? "[closed]" : "[cut] " + received_;
            site_.test.loop().run_once(std::chrono::milliseconds(10));
        }
        return "[nothing]";
    }
    void send(std::string_view octets) { peer.send(octets); }

    runtime::MemoryPeer peer;

private:
    static std::string unescaped(std::string_view text) {
        std::string out;
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (text[i] != '\\' || i + 1 == text.size()) {
                out += text[i];
                continue;
            }
            const char c = text[++i];
            out += c == 'r' ? '\r' : c == 'n' ? '\n' : c == 't' ? '\t' : c == '0' ? '\0' : c;
        }
        return out;
    }
    /// What the server says before the client speaks again must have been expected.
    void send_pending() {
        if (pending_.empty()) return;
        settle();
        CHECK_MESSAGE(received_ == "", "the server said more than the transcript");
        peer.send(std::exchange(pending_, {}));
    }
    void settle() {
        while (site_.test.loop().run_once(std::chrono::milliseconds(0))) {
        }
        received_ += peer.received();
    }
    void expect(const std::string& pattern) {
        const std::string line = next_line();
        if (pattern.ends_with('*')) {
            CHECK(line.substr(0, pattern.size() - 1) == pattern.substr(0, pattern.size() - 1));
        } else {
            CHECK(line == pattern);
        }
    }

    TestSite& site_;
    std::string pending_, received_;
};

} // namespace pillarbox::smtp
