// Many SMTP connections sending at once from one thread (RFC 5321, with PIPELINING of RFC 2920 where offered).
#pragma once

#include "load.h"
#include "net.h"

#include <memory>

namespace pillarbox::bench {

struct SmtpJob {
    std::string host;
    std::uint16_t port = 0;
    std::uint64_t connections = 1;
    std::uint64_t messages = 1;
    std::size_t size = 10240;
    std::string from;
    std::string to;          // with %d for the number of the account
    std::uint64_t users = 1; // message i goes to account i modulo users
};

/// Options shared by the tools that send.
inline SmtpJob smtp_job(Options& options) {
    SmtpJob job;
    job.host = options.text("host", "127.0.0.1");
    job.port = static_cast<std::uint16_t>(options.number("port", 25));
    job.connections = options.number("connections", 1);
    job.messages = options.number("messages", 100);
    job.size = options.number("size", 10240);
    job.from = options.text("from", "load@sender.example");
    job.to = options.text("to", "user%d@example.org");
    job.users = std::max<std::uint64_t>(1, options.number("users", 1));
    if (job.connections == 0) throw UsageError("--connections must be at least 1");
    return job;
}

struct SmtpOutcome {
    double started = 0;             // when the first MAIL went out, on the clock of now()
    double seconds = 0;             // from the first MAIL to the last 250, all connections being open before
    std::vector<double> latency_ms; // of each message: MAIL sent to 250 read
};

namespace detail {
enum class SmtpStep { greeting, ehlo, ready, mail, rcpt, data, content };

struct SmtpPeer {
    explicit SmtpPeer(const SmtpJob& job) : wire(job.host, job.port) {}
    Wire wire;
    SmtpStep step = SmtpStep::greeting;
    bool pipelining = false;
    double started = 0;
    std::string to;
    std::uint64_t number = 0;
};

class SmtpRun {
public:
    explicit SmtpRun(const SmtpJob& job) : job_(job), maker_(job.size) {}

    SmtpOutcome go() {
        for (std::uint64_t i = 0; i < job_.connections; ++i) {
            peers_.push_back(std::make_unique<SmtpPeer>(job_));
            poller_.add(peers_.back()->wire, i);
        }
        while (ready_ < job_.connections) turn();
        outcome_.started = now();
        for (auto& peer : peers_) next(*peer);
        for (std::size_t i = 0; i < peers_.size(); ++i) poller_.update(peers_[i]->wire, i);
        while (outcome_.latency_ms.size() < job_.messages) turn();
        outcome_.seconds = now() - outcome_.started;
        for (auto& peer : peers_) peer->wire.send("QUIT\r\n");
        return outcome_;
    }

private:
    void turn() {
        const int ready = poller_.wait(60'000, [this](std::size_t index) { handle(index); });
        if (ready == 0) throw std::runtime_error("no answer for 60 s");
    }

    void handle(std::size_t index) {
        SmtpPeer& peer = *peers_[index];
        const bool had_unsent = peer.wire.has_unsent();
        peer.wire.flush();
        peer.wire.fill();
        while (peer.wire.line(line_)) {
            if (line_.find("PIPELINING") == 4) peer.pipelining = true;
            const bool last = line_.size() < 4 || line_[3] == ' ';
            if (last) reply(peer);
        }
        if (had_unsent || peer.wire.has_unsent()) poller_.update(peer.wire, index);
    }

    void reply(SmtpPeer& peer) {
        switch (peer.step) {
        case SmtpStep::greeting:
            expect('2');
            peer.step = SmtpStep::ehlo;
            return peer.wire.send("EHLO bench.example\r\n");
        case SmtpStep::ehlo:
            expect('2');
            peer.step = SmtpStep::ready;
            ++ready_;
            return;
        case SmtpStep::mail:
            expect('2');
            peer.step = SmtpStep::rcpt;
            if (!peer.pipelining) peer.wire.send("RCPT TO:<" + peer.to + ">\r\n");
            return;
        case SmtpStep::rcpt:
            expect('2');
            peer.step = SmtpStep::data;
            if (!peer.pipelining) peer.wire.send("DATA\r\n");
            return;
        case SmtpStep::data:
            expect('3');
            peer.step = SmtpStep::content;
            return peer.wire.send(maker_.make(peer.number, job_.from, peer.to) + ".\r\n");
        case SmtpStep::content:
            expect('2');
            outcome_.latency_ms.push_back((now() - peer.started) * 1000);
            return next(peer);
        case SmtpStep::ready:
            throw std::runtime_error("unasked for: " + line_);
        }
    }

    void next(SmtpPeer& peer) {
        peer.step = SmtpStep::ready;
        if (begun_ == job_.messages) return;
        peer.number = begun_++;
        peer.to = numbered(job_.to, peer.number % job_.users);
        peer.started = now();
        peer.step = SmtpStep::mail;
        const std::string mail = "MAIL FROM:<" + job_.from + ">\r\n";
        peer.wire.send(peer.pipelining ? mail + "RCPT TO:<" + peer.to + ">\r\nDATA\r\n" : mail);
    }

    void expect(char kind) const {
        if (line_.empty() || line_[0] != kind) throw std::runtime_error("the server said: " + line_);
    }

    SmtpJob job_;
    MessageMaker maker_;
    Poller poller_;
    std::vector<std::unique_ptr<SmtpPeer>> peers_;
    std::string line_;
    std::uint64_t ready_ = 0;
    std::uint64_t begun_ = 0;
    SmtpOutcome outcome_;
};
} // namespace detail

/// Sends all messages and waits for each 250. Any refusal ends the run with an error.
inline SmtpOutcome run_smtp(const SmtpJob& job) { return detail::SmtpRun(job).go(); }

} // namespace pillarbox::bench
