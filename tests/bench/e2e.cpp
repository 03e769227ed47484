// e2e: mail sent by SMTP until the last message is visible in IMAP.
#include "proc.h"
#include "smtp_driver.h"

#include <memory>

using namespace pillarbox::bench;

namespace {

/// One logged-in session per account: asks for the number of messages without logging in again.
class Accounts {
public:
    Accounts(const std::string& host, std::uint16_t port, const std::string& login, const std::string& secret,
             std::uint64_t users) {
        for (std::uint64_t i = 0; i < users; ++i) {
            clients_.push_back(std::make_unique<ImapClient>(host, port));
            clients_.back()->login(numbered(login, i), secret);
            expected_.push_back(clients_.back()->count("INBOX"));
        }
    }

    void expect(std::uint64_t messages) {
        for (std::uint64_t i = 0; i < messages; ++i) ++expected_[i % expected_.size()];
    }

    /// Waits account by account, so that a server still delivering answers one question at a time.
    void wait(std::chrono::milliseconds pause, double limit_s) {
        const double deadline = now() + limit_s;
        for (std::size_t i = 0; i < clients_.size(); ++i) {
            std::uint64_t seen = 0;
            while ((seen = clients_[i]->count("INBOX")) < expected_[i]) {
                if (now() > deadline) {
                    throw std::runtime_error("account " + std::to_string(i) + " shows " + std::to_string(seen) +
                                             " messages, expected " + std::to_string(expected_[i]));
                }
                usleep(static_cast<useconds_t>(pause.count() * 1000));
            }
            if (seen > expected_[i]) throw std::runtime_error("more messages than were sent");
        }
    }

private:
    std::vector<std::unique_ptr<ImapClient>> clients_;
    std::vector<std::uint64_t> expected_;
};

void e2e(Options& options) {
    const SmtpJob job = smtp_job(options);
    const auto imap_port = static_cast<std::uint16_t>(options.number("imap-port", 143));
    const std::string login = options.text("login", "user%d");
    const std::string secret = options.text("secret", "secret");
    const std::chrono::milliseconds pause(options.number("interval-ms", 20));
    const auto limit_s = static_cast<double>(options.number("limit-s", 120));
    const std::vector<int> servers = options.pids("server-pid");
    options.end();
    raise_descriptor_limit();

    Accounts accounts(job.host, imap_port, login, secret, job.users);
    accounts.expect(job.messages);
    const double before = usage_of(servers).cpu_ms;
    const SmtpOutcome outcome = run_smtp(job);
    accounts.wait(pause, limit_s);
    const double seconds = now() - outcome.started;
    const double cpu = usage_of(servers).cpu_ms - before;

    const auto messages = static_cast<double>(job.messages);
    print("messages", messages);
    print("connections", static_cast<double>(job.connections));
    print("seconds", seconds);
    print("accepted_per_s", messages / outcome.seconds);
    print("visible_per_s", messages / seconds);
    print("server_cpu_ms_per_message", cpu / messages);
}

} // namespace

int main(int argc, char** argv) { return run_tool("e2e", argc, argv, e2e); }
