// Sessions that change one mailbox at random: what each was told must add up to what is there (RFC 9051 5.2 and 7.5).
#include "tests/imap/transcript.h"
#include "tests/store/random_numbers.h"

#include <map>
#include <vector>

using namespace pillarbox;
using namespace pillarbox::imap;

namespace {

/// What a client knows, from the responses alone.
class Client {
public:
    Client(TestSite& site, std::size_t number) : site_(site), number_(number) {
        site.connect(number, true);
        site.receive(number);
        say("LOGIN alice secret");
        read();
        say("SELECT INBOX");
        read();
        say("FETCH 1:* (UID FLAGS)");
        read();
    }

    void say(const std::string& command) { site_.send(number_, "tag " + command + "\r\n"); }
    /// Reads until the tagged answer.
    std::string read() {
        while (true) {
            const std::string line = site_.receive(number_);
            const bool goes_on = line != "<nothing>" && line != "<closed>";
            REQUIRE(goes_on);
            CHECK_FALSE(line.starts_with("tag BAD"));
            if (line.starts_with("tag ")) return line;
            if (line.starts_with("* ")) learn(line.substr(2));
        }
    }
    std::size_t messages() const { return uids_.size(); }

    /// Asks for everything, and compares.
    void check() {
        say("NOOP");
        read();
        const std::vector<std::string> uids = uids_;
        const auto flags = flags_;
        say("FETCH 1:* (UID FLAGS)");
        CHECK(read() == "tag OK FETCH completed");
        REQUIRE(uids_.size() == uids.size());
        for (std::size_t i = 0; i < uids.size(); ++i) {
            if (!uids[i].empty()) CHECK(uids[i] == uids_[i]);
            const auto known = flags.find(uids_[i]);
            INFO("session " << number_ << ", UID " << uids_[i]);
            if (known != flags.end()) CHECK(known->second == flags_.at(uids_[i]));
        }
        site_.send(number_, "all UID SEARCH ALL\r\n");
        std::string found = "* SEARCH";
        for (const std::string& uid : uids_) found += " " + uid;
        CHECK(site_.receive(number_) == found);
        CHECK(site_.receive(number_) == "all OK SEARCH completed");
    }
    /// UIDs and flags, without \Recent, as the last check() found them.
    std::string picture() const {
        std::string all;
        for (const std::string& uid : uids_) all += uid + " " + flags_.at(uid) + "\n";
        return all;
    }

private:
    void learn(const std::string& line) {
        std::size_t end = 0;
        if (line[0] < '0' || line[0] > '9') return;
        const std::size_t number = std::stoul(line, &end);
        const std::string rest = line.substr(end + 1);
        if (rest == "EXISTS") {
            CHECK(number >= uids_.size()); // less only by EXPUNGE: RFC 9051 7.4.1
            uids_.resize(number);
        } else if (rest == "EXPUNGE") {
            REQUIRE(number >= 1);
            REQUIRE(number <= uids_.size());
            flags_.erase(uids_[number - 1]);
            uids_.erase(uids_.begin() + static_cast<std::ptrdiff_t>(number) - 1);
        } else if (rest.starts_with("FETCH (")) {
            REQUIRE(number <= uids_.size());
            learn_fetch(uids_[number - 1], rest);
        }
    }
    void learn_fetch(std::string& uid, const std::string& rest) {
        const std::size_t at = rest.find("UID ");
        REQUIRE(at != std::string::npos);
        const std::string told = rest.substr(at + 4, rest.find_first_of(" )", at + 4) - at - 4);
        if (uid.empty()) uid = told;
        CHECK(uid == told);
        const std::size_t flags = rest.find("FLAGS (");
        if (flags == std::string::npos) {
            flags_.erase(uid); // behind a literal, perhaps
            return;
        }
        std::string names = rest.substr(flags + 7, rest.find(')', flags) - flags - 7);
        if (const auto recent = names.find("\\Recent"); recent != std::string::npos) names.resize(recent);
        while (names.ends_with(' ')) names.pop_back();
        flags_[uid] = names;
    }

    TestSite& site_;
    std::size_t number_;
    std::vector<std::string> uids_; // by sequence number; empty: not told yet
    std::map<std::string, std::string> flags_;
};

std::string any_command(std::uint32_t random, std::size_t messages) {
    const std::string one = messages == 0 ? "1:*" : std::to_string(1 + random / 64 % messages);
    const std::string set = one + ":*";
    switch (random % 12) {
    case 0:
        return "UID STORE " + set + " +FLAGS (\\Flagged)";
    case 1:
        return "UID STORE " + set + " -FLAGS (\\Flagged Work)";
    case 2:
        return "UID STORE " + std::to_string(1 + random / 64 % 40) + ":20 FLAGS (\\Deleted Work)";
    case 3:
        return "EXPUNGE";
    case 4:
        return "APPEND INBOX (\\Seen) {6+}\r\na: b\r\n";
    case 5:
        return "APPEND INBOX {6+}\r\na: b\r\n";
    case 6:
        return "COPY " + one + " INBOX";
    case 7:
        return "MOVE " + one + " INBOX";
    case 8:
        return "FETCH " + set + " (UID FLAGS BODY[TEXT])";
    case 9:
        return "UID EXPUNGE 1:" + std::to_string(1 + random / 64 % 60);
    case 10:
        return "SEARCH UNDELETED";
    default:
        return "FETCH " + one + " (UID FLAGS)";
    }
}

void play(bool at_once, std::uint32_t seed) {
    INFO("seed " << seed);
    TestSite site;
    for (int i = 1; i <= 8; ++i) site.append("INBOX", TestAccount::small_message(i));
    std::vector<Client> clients;
    for (const std::size_t number : {1u, 2u, 3u}) clients.emplace_back(site, number);
    store::RandomNumbers numbers(seed);
    for (int round = 0; round < 60; ++round) {
        for (Client& client : clients) {
            client.say(any_command(numbers(), client.messages()));
            if (!at_once) client.read();
        }
        for (Client& client : clients) {
            if (at_once) client.read();
        }
    }
    for (Client& client : clients) client.check();
    CHECK(clients[0].picture() == clients[1].picture());
    CHECK(clients[0].picture() == clients[2].picture());
}

} // namespace

TEST_CASE("imap sessions: three that take turns agree in the end") {
    for (std::uint32_t seed = 1; seed <= 8; ++seed) play(false, seed);
}

TEST_CASE("imap sessions: three that speak at once agree in the end") {
    for (std::uint32_t seed = 11; seed <= 18; ++seed) play(true, seed);
}

// The page is read, another session changes flags, then the page's \Seen is stored: what was told must still be true.
TEST_CASE("imap sessions: reading marks as seen while another one flags") {
    TestAccount alice(200);
    TestSite& site = alice.site();
    std::vector<Client> clients;
    for (const std::size_t number : {1u, 2u}) clients.emplace_back(site, number);
    for (int round = 0; round < 5; ++round) {
        clients[0].say("FETCH 1:* (UID FLAGS BODY[TEXT]<0.1>)");
        for (int turn = 0; turn < round; ++turn) site.turn_loop();
        clients[1].say("UID STORE 1:* +FLAGS (\\Flagged)");
        for (Client& client : clients) client.read();
        for (Client& client : clients) client.check();
        CHECK(clients[0].picture() == clients[1].picture());
        clients[1].say("UID STORE 1:* FLAGS ()");
        clients[1].read();
        clients[0].check();
    }
}
