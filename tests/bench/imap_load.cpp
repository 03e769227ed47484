// imap_load: how long a mailbox of many messages takes to list, to read the headers of and to flag.
#include "load.h"
#include "net.h"
#include "proc.h"

using namespace pillarbox::bench;

namespace {

/// Times one command, the first time and then the median of several.
class Stopwatch {
public:
    Stopwatch(ImapClient& client, std::uint64_t messages, std::uint64_t repeats)
        : client_(client), messages_(messages), repeats_(repeats) {}

    /// @param fetches whether each message must bring one FETCH response
    double once(const std::string& command, bool fetches) {
        const double start = now();
        const ImapAnswer answer = client_.command(command);
        const double ms = (now() - start) * 1000;
        if (fetches && answer.fetched != messages_) {
            throw std::runtime_error(command + ": " + std::to_string(answer.fetched) + " responses for " +
                                     std::to_string(messages_) + " messages");
        }
        return ms;
    }

    void fetch(const std::string& key, const std::string& items) {
        const std::string command = "FETCH 1:* " + items;
        print((key + "_first_ms").c_str(), once(command, true));
        std::vector<double> warm;
        for (std::uint64_t i = 0; i < repeats_; ++i) warm.push_back(once(command, true));
        print((key + "_warm_ms").c_str(), percentile(warm, 0.5));
    }

    /// Sets and clears a flag; a repeat changes every message again.
    void store(const std::string& key, const std::string& flag) {
        std::vector<double> times;
        for (std::uint64_t i = 0; i < repeats_; ++i) {
            times.push_back(once("STORE 1:* +FLAGS (" + flag + ")", true));
            times.push_back(once("STORE 1:* -FLAGS (" + flag + ")", true));
        }
        print((key + "_ms").c_str(), percentile(times, 0.5));
    }

private:
    ImapClient& client_;
    std::uint64_t messages_;
    std::uint64_t repeats_;
};

void imap_load(Options& options) {
    const std::string host = options.text("host", "127.0.0.1");
    const auto port = static_cast<std::uint16_t>(options.number("imap-port", 143));
    const std::string login = options.text("login", "archive");
    const std::string secret = options.text("secret", "secret");
    const std::uint64_t repeats = std::max<std::uint64_t>(1, options.number("repeats", 5));
    const std::vector<int> servers = options.pids("server-pid");
    options.end();

    ImapClient client(host, port);
    client.login(login, secret);
    const double before = usage_of(servers).cpu_ms;
    const double start = now();
    client.command("SELECT INBOX");
    print("select_ms", (now() - start) * 1000);
    const std::uint64_t messages = client.count("INBOX");
    print("messages", static_cast<double>(messages));

    Stopwatch watch(client, messages, repeats);
    watch.fetch("flags", "(UID FLAGS)");
    watch.fetch("envelope", "ENVELOPE");
    // X-Bench-Id is in no envelope: a cache of envelopes does not help the first time.
    watch.fetch("header", "(BODY.PEEK[HEADER.FIELDS (FROM SUBJECT CONTENT-TYPE X-BENCH-ID)])");
    watch.store("store", "\\Flagged");
    print("server_cpu_ms", usage_of(servers).cpu_ms - before);
}

} // namespace

int main(int argc, char** argv) { return run_tool("imap_load", argc, argv, imap_load); }
