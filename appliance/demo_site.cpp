// The throw-away site of the demo.
#include "appliance/demo_site.h"

#include "appliance/account_command.h"
#include "appliance/line_client.h"
#include "appliance/new_site.h"
#include "appliance/refusal.h"
#include "appliance/runtime/random.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <thread>
#include <unistd.h>

namespace pillarbox::appliance {

namespace {

using std::chrono::seconds;

constexpr seconds patience{10};

const char* const welcome_subject = "Welcome to pillarbox";
const char* const welcome_body = "Good day!\r\n"
                                 "\r\n"
                                 "This message came in by SMTP, went through the spool to a delivery worker,\r\n"
                                 "lies in the mailstore now and was fetched by IMAP: the whole way your mail\r\n"
                                 "would take. Write one back: alice and bob are both here.\r\n"
                                 "\r\n"
                                 "..and this line began with two dots, as RFC 5321 4.5.2 has it.\r\n";

std::string welcome() {
    return "From: Postmaster <postmaster@demo.test>\r\n"
           "To: alice@demo.test, bob@demo.test\r\n"
           "Subject: " +
           std::string(welcome_subject) +
           "\r\n"
           "Date: Sat, 21 Nov 2026 12:00:00 +0000\r\n"
           "Message-ID: <welcome@demo.test>\r\n"
           "\r\n" +
           welcome_body;
}

/// A message as DATA carries it: RFC 5321 4.5.2.
std::string dot_stuffed(const std::string& message) {
    std::string octets;
    for (std::size_t begin = 0; begin < message.size();) {
        const std::size_t end = message.find("\r\n", begin) + 2;
        if (message[begin] == '.') octets += '.';
        octets.append(message, begin, end - begin);
        begin = end;
    }
    return octets;
}

std::string new_folder() {
    const char* const place = std::getenv("TMPDIR");
    std::string name = std::string(place != nullptr && *place == '/' ? place : "/tmp") + "/pillarbox-demo-XXXXXX";
    if (mkdtemp(name.data()) == nullptr) throw Refusal(name + ": " + std::strerror(errno) + "; -d names a folder");
    return name;
}

std::map<std::string, std::string> demo_settings(int port_base) {
    const auto at = [&](int port) { return "127.0.0.1:" + std::to_string(port + port_base); };
    return {{"smtp.listen", at(2525)},      {"smtp.submission", at(2587)}, {"smtp.submissions", at(2465)},
            {"imap.listen", at(2143)},      {"imap.listen_tls", at(2993)}, {"web.listen", at(8025)},
            {"auth.cleartext", "loopback"}, {"server.user", ""},           {"log.file", "pillarbox.log"}};
}

} // namespace

std::string address_of(const std::vector<webstatus::ListenerStatus>& listeners, const std::string& service) {
    for (const auto& listener : listeners) {
        if (listener.service == service) return listener.address;
    }
    throw Refusal("the demo has no " + service + " listener");
}

DemoSite::DemoSite(const DemoOptions& options)
    : temporary_(options.data.empty()), site_{temporary_ ? new_folder() : options.data, "", options.sets},
      alice_(runtime::random_word(12)), bob_(runtime::random_word(12)) {
    NewSite site;
    site.folder = site_.data;
    site.domain = "demo.test";
    site.hostname = "localhost"; // what mail programs are told to connect to
    site.settings = demo_settings(options.port_base);
    // Root has no need to be root here: every port is a high one. A folder of the caller's choice may be out of reach.
    if (temporary_ && geteuid() == 0) site.owner = find_user("nobody");
    make_site(site);
    site_.file = site_.data + "/pillarbox.ini"; // not what the host's name might find
    enroll("alice", alice_);
    enroll("bob", bob_);
}

DemoSite::~DemoSite() {
    std::error_code ignored;
    if (temporary_) std::filesystem::remove_all(site_.data, ignored);
}

void DemoSite::enroll(const std::string& name, const std::string& password) const {
    const AdminReply reply = ask_or_do(site_, {"enroll", {{"name", name}, {"password", password}}});
    if (!reply.ok) throw Refusal(reply.text);
}

std::string DemoSite::send_welcome(const std::vector<webstatus::ListenerStatus>& listeners) const {
    LineClient smtp("SMTP", address_of(listeners, "SMTP"), patience);
    smtp.expect_reply('2');
    smtp.command("EHLO localhost", '2');
    smtp.command("MAIL FROM:<postmaster@demo.test>", '2');
    smtp.command("RCPT TO:<alice@demo.test>", '2');
    smtp.command("RCPT TO:<bob@demo.test>", '2');
    smtp.command("DATA", '3');
    const std::string answer = smtp.command(dot_stuffed(welcome()) + ".", '2');
    smtp.command("QUIT", '2');
    return answer;
}

std::string DemoSite::read_welcome(const std::vector<webstatus::ListenerStatus>& listeners) const {
    LineClient imap("IMAP", address_of(listeners, "IMAP"), patience);
    imap.line(); // the greeting
    imap.tagged("a", "LOGIN alice " + alice_);
    imap.tagged("b", "SELECT INBOX");
    for (int tries = 0; tries < 100; ++tries) {
        const std::string found = imap.tagged("c", "UID SEARCH SUBJECT \"" + std::string(welcome_subject) + "\"");
        if (found.find_first_of("123456789") != std::string::npos) break;
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    const std::string shown = imap.tagged("d", "UID FETCH 1:* (BODY.PEEK[])");
    imap.tagged("e", "LOGOUT");
    if (shown.find(welcome()) == std::string::npos) throw Refusal("IMAP did not show the message unchanged:\n" + shown);
    const auto begin = shown.find("\r\n") + 2;
    return shown.substr(begin, shown.find(welcome()) + welcome().size() - begin);
}

} // namespace pillarbox::appliance
