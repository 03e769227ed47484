// The command table: every command in every state, alone and with arguments that are none (RFC 9051 3 and 6).
#include "imap/command.h"
#include "tests/imap/transcript.h"

using namespace pillarbox::imap;

namespace {

struct Row {
    std::string_view name;
    std::string_view arguments; // good ones
    bool before_login, logged_in;
};
// STARTTLS, LOGIN and AUTHENTICATE have their own tests for where they are good.
constexpr Row rows[] = {
    {"CAPABILITY", "", true, true},
    {"NOOP", "", true, true},
    {"ID", " NIL", true, true},
    {"ENABLE", " X", false, true},
    {"NAMESPACE", "", false, true},
    {"LIST", R"( "" "")", false, true},
    {"LSUB", R"( "" "")", false, true},
    {"STATUS", " INBOX (MESSAGES)", false, true},
    {"CREATE", " a", false, true},
    {"RENAME", " a b", false, true},
    {"DELETE", " b", false, true},
    {"SUBSCRIBE", " INBOX", false, true},
    {"UNSUBSCRIBE", " INBOX", false, true},
    {"CHECK", "", false, false},
    {"EXPUNGE", "", false, false},
    {"SEARCH", " ALL", false, false},
    {"FETCH", " 1:* FLAGS", false, false},
    {"STORE", R"( 1:* FLAGS (\Seen))", false, false},
    {"COPY", " 1:* INBOX", false, false},
    {"MOVE", " 1:* Trash", false, false},
    {"UID EXPUNGE", " 1:*", false, false},
    {"UID SEARCH", " ALL", false, false},
    {"UID FETCH", " 1:* FLAGS", false, false},
    {"UID STORE", R"( 1:* FLAGS (\Seen))", false, false},
    {"UID COPY", " 1:* INBOX", false, false},
    {"UID MOVE", " 1:* Trash", false, false},
    {"UNSELECT", "", false, false},
    {"CLOSE", "", false, false},
};

/// The tagged answer.
std::string answer(TestSite& site, std::size_t number, const std::string& command) {
    site.send(number, "tag " + command + "\r\n");
    while (true) {
        std::string line = site.receive(number);
        const bool ends = line.starts_with("tag ") || line == "<nothing>" || line == "<closed>";
        if (ends) return line;
    }
}

bool is_ok(const std::string& line) { return line.starts_with("tag OK "); }

} // namespace

TEST_CASE("imap command table: each command is good in the states its row says") { // RFC 9051 3
    for (const Row& row : rows) {
        TestSite site; // so few commands are no nonsense yet
        const std::string command = std::string(row.name) + std::string(row.arguments);
        INFO(command);
        CHECK(site.receive(1).starts_with("* OK "));
        const std::string early = answer(site, 1, command);
        if (row.before_login) {
            CHECK(is_ok(early));
        } else {
            CHECK(early == "tag BAD Log in first");
        }
        if (row.name == "RENAME" || row.name == "DELETE") continue; // they build on each other, see below
        site.log_in(2, false);
        const std::string later = answer(site, 2, command);
        if (row.logged_in) {
            CHECK(is_ok(later));
        } else {
            CHECK(later == "tag BAD Select a mailbox first");
        }
    }
}

TEST_CASE("imap command table: in the selected state all but the log-in are good") { // RFC 9051 3.3
    TestSite site;
    site.log_in(1, true);
    for (const Row& row : rows) {
        const std::string command = std::string(row.name) + std::string(row.arguments);
        INFO(command);
        CHECK(is_ok(answer(site, 1, command)));
        if (row.name == "UNSELECT") CHECK(is_ok(answer(site, 1, "SELECT INBOX")));
    }
    CHECK(answer(site, 1, "LOGIN alice secret") == "tag BAD You are logged in already");
    CHECK(answer(site, 1, "AUTHENTICATE PLAIN") == "tag BAD You are logged in already");
    CHECK(answer(site, 1, "STARTTLS") == "tag BAD You are logged in already");
}

TEST_CASE("imap command table: what no grammar allows is BAD, and the session goes on") { // RFC 9051 9
    TestSite site;
    site.log_in(1, true);
    for (const Row& row : rows) {
        const std::string name(row.name);
        for (const std::string& command :
             {name + " ", name + " (", name + " \"", name + std::string(row.arguments) + " more",
              name + std::string(row.arguments) + ")", name + "  " + std::string(row.arguments)}) {
            const bool takes_any_atoms = row.name == "ENABLE" && command == "ENABLE X more";
            if (takes_any_atoms) continue;
            INFO(command);
            CHECK(answer(site, 1, command).starts_with("tag BAD "));
            CHECK(answer(site, 1, "NOOP") == "tag OK NOOP completed");
        }
        if (row.arguments.empty()) continue;
        INFO(name);
        CHECK(answer(site, 1, name).starts_with("tag BAD "));
        CHECK(answer(site, 1, "NOOP") == "tag OK NOOP completed");
    }
}

TEST_CASE("imap command table: names in any case, and only whole ones") {
    CHECK(find_command("NOOP") != nullptr);
    CHECK(find_command("uid Fetch") == find_command("UID FETCH"));
    CHECK(find_command("FETCH") != find_command("UID FETCH"));
    for (const char* name : {"", "NOO", "NOOPS", "UID", "UID NOOP", " NOOP", "UID  FETCH"}) {
        INFO(std::string(name));
        CHECK(find_command(name) == nullptr);
    }
}
