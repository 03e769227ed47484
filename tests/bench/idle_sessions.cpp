// idle_sessions: what many sessions in IDLE (RFC 2177) cost a server, and how soon one of them hears of new mail.
#include "proc.h"
#include "smtp_driver.h"

#include <memory>

using namespace pillarbox::bench;

namespace {

enum class Step { greeting, login, select, idle, idling };

struct Session {
    Session(const std::string& host, std::uint16_t port, std::string name) : wire(host, port), login(std::move(name)) {}
    Wire wire;
    std::string login;
    Step step = Step::greeting;
};

/// Opens sessions, a few at a time, and keeps them in IDLE.
class Crowd {
public:
    Crowd(std::string host, std::uint16_t port, std::string secret)
        : host_(std::move(host)), port_(port), secret_(std::move(secret)) {}

    /// @param window how many may be on their way to IDLE at once
    void open(const std::string& login, std::uint64_t users, std::uint64_t count, std::uint64_t window) {
        const std::uint64_t wanted = sessions_.size() + count;
        while (idling_ < wanted) {
            while (sessions_.size() < wanted && sessions_.size() - idling_ < window)
                add(numbered(login, sessions_.size() % users));
            if (!turn(60'000))
                throw std::runtime_error("no answer for 60 s with " + std::to_string(idling_) + " sessions");
        }
    }

    /// Waits until session `index` is told of a new message. @return false after `limit_s`
    bool wait_for_mail(std::size_t index, double limit_s) {
        const double deadline = now() + limit_s;
        while (heard_ != index) {
            const double left = deadline - now();
            if (left <= 0) return false;
            (void)turn(static_cast<int>(left * 1000) + 1);
        }
        return true;
    }

    void forget_mail() { heard_ = none; }
    std::size_t size() const { return sessions_.size(); }

    /// Reads for a while, so that keep-alive lines do not pile up and the server comes to rest.
    void rest(double seconds) {
        const double end = now() + seconds;
        while (now() < end) (void)turn(50);
    }

private:
    static constexpr std::size_t none = static_cast<std::size_t>(-1);

    void add(const std::string& login) {
        sessions_.push_back(std::make_unique<Session>(host_, port_, login));
        poller_.add(sessions_.back()->wire, sessions_.size() - 1);
    }

    bool turn(int timeout_ms) {
        return poller_.wait(timeout_ms, [this](std::size_t index) { handle(index); }) > 0;
    }

    void handle(std::size_t index) {
        Session& session = *sessions_[index];
        session.wire.fill();
        while (session.wire.line(line_)) {
            const bool refused =
                line_.rfind("a NO", 0) == 0 || line_.rfind("a BAD", 0) == 0 || line_.rfind("* BYE", 0) == 0;
            if (refused) throw std::runtime_error("the server said: " + line_);
            if (session.step == Step::idling) {
                if (line_.find(" EXISTS") != std::string::npos) heard_ = index;
            } else {
                advance(session);
            }
        }
    }

    void advance(Session& session) {
        const bool tagged = line_.rfind("a OK", 0) == 0;
        if (session.step == Step::greeting) {
            session.step = Step::login;
            session.wire.send("a LOGIN " + session.login + " " + secret_ + "\r\n");
        } else if (session.step == Step::login && tagged) {
            session.step = Step::select;
            session.wire.send("a SELECT INBOX\r\n");
        } else if (session.step == Step::select && tagged) {
            session.step = Step::idle;
            session.wire.send("a IDLE\r\n");
        } else if (session.step == Step::idle && line_[0] == '+') {
            session.step = Step::idling;
            ++idling_;
        }
    }

    std::string host_;
    std::uint16_t port_;
    std::string secret_;
    Poller poller_;
    std::vector<std::unique_ptr<Session>> sessions_;
    std::uint64_t idling_ = 0;
    std::size_t heard_ = none;
    std::string line_;
};

void idle_sessions(Options& options) {
    SmtpJob probe = smtp_job(options);
    probe.connections = probe.messages = 1;
    const auto imap_port = static_cast<std::uint16_t>(options.number("imap-port", 143));
    const std::string login = options.text("login", "user%d");
    const std::string probe_login = options.text("probe", "probe");
    const std::string secret = options.text("secret", "secret");
    const std::uint64_t sessions = options.number("sessions", 100);
    const std::uint64_t window = std::max<std::uint64_t>(1, options.number("window", 32));
    const auto settle_s = static_cast<double>(options.number("settle-s", 3));
    const std::uint64_t wakes = options.number("wakes", 10);
    const std::vector<int> servers = options.pids("server-pid");
    probe.to = options.text("probe-to", "probe@example.org");
    options.end();
    raise_descriptor_limit();

    const Usage before = usage_of(servers, true);
    const double start = now();
    Crowd crowd(probe.host, imap_port, secret);
    crowd.open(login, probe.users, sessions, window);
    print("sessions", static_cast<double>(sessions));
    print("open_s", now() - start);
    crowd.rest(settle_s);
    const Usage after = usage_of(servers, true);
    print("server_processes", after.processes);
    print("server_rss_mib", after.rss_mib);
    print("server_pss_mib", after.pss_mib);
    print("rss_kib_per_session", (after.rss_mib - before.rss_mib) * 1024 / static_cast<double>(sessions));
    print("open_cpu_ms_per_session", (after.cpu_ms - before.cpu_ms) / static_cast<double>(sessions));

    // The session that is woken has an account of its own: no crowd is told in front of it.
    crowd.open(probe_login, 1, 1, 1);
    crowd.rest(std::min(settle_s, 1.0));
    std::vector<double> wake_ms;
    for (std::uint64_t i = 0; i < wakes; ++i) {
        crowd.forget_mail();
        (void)run_smtp(probe);
        const double accepted = now();
        if (!crowd.wait_for_mail(crowd.size() - 1, 40)) throw std::runtime_error("not told of new mail within 40 s");
        wake_ms.push_back((now() - accepted) * 1000);
        crowd.rest(0.2);
    }
    print("wake_p50_ms", percentile(wake_ms, 0.5));
    print("wake_p99_ms", percentile(wake_ms, 0.99));
}

} // namespace

int main(int argc, char** argv) { return run_tool("idle_sessions", argc, argv, idle_sessions); }
