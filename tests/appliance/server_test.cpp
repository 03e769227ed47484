// A whole server: mail from SMTP to IMAP, the admin socket, reload, refusal to start, and stopping.
#include "appliance/admin.h"
#include "appliance/refusal.h"
#include "appliance/runtime/log.h"
#include "tests/appliance/site.h"

#include <doctest/doctest.h>

#include <functional>
#include <unistd.h>

using namespace pillarbox::appliance;
using namespace std::chrono_literals;

namespace {

std::string words(const std::function<void()>& f) {
    try {
        f();
        return "";
    } catch (const std::exception& error) {
        return error.what();
    }
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::string get(const std::string& address, const std::string& path) {
    LineClient http("HTTP", address, 5s);
    http.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    std::string head, body;
    for (std::string line = http.line(); !line.empty(); line = http.line()) head += line + "\n";
    const auto size = head.find("Content-Length: ") + 16;
    return head + http.exactly(std::stoul(head.substr(size)));
}

} // namespace

TEST_CASE("server: a message goes the whole way, and page, json and status tell of it") {
    const RunningSite site;
    const auto listeners = site.server.status().listeners;
    CHECK(listeners.size() == 6);
    CHECK(site.demo.send_welcome(listeners).substr(0, 9) == "250 2.0.0");
    CHECK(has(site.demo.read_welcome(listeners), "Delivered-To: alice@demo.test\r\n"));
    const std::string web = site.address("status page");
    CHECK(has(get(web, "/"), "<dt>Messages accepted</dt><dd>1</dd>"));
    CHECK(has(get(web, "/healthz"), "HTTP/1.1 200 OK\n"));
    CHECK(has(get(web, "/status.json"), "\"messages_accepted\":1,"));
    const auto status = site.server.status();
    CHECK(status.delivered == 2);
    CHECK(status.smtp.total == 1);
    CHECK(status.imap.total == 1);
    CHECK(status.accounts == 2);
    CHECK(status.hostname == "localhost");
    CHECK(status.domain == "demo.test");
}

TEST_CASE("server: commands reach it through its socket") {
    const RunningSite site;
    const auto ask = [&](const AdminRequest& request) {
        const auto reply = ask_server(site.data(), request);
        REQUIRE(reply);
        return *reply;
    };
    const auto enrolled = ask({"enroll", {{"name", "Carol@demo.test"}, {"password", "secret"}, {"quota", "5M"}}});
    CHECK(enrolled.ok);
    CHECK(enrolled.text == "enrolled carol@demo.test, quota 5M");
    CHECK(enrolled.result == R"({"address":"carol@demo.test","name":"carol"})");
    CHECK(ask({"enroll", {{"name", "carol"}, {"password", "x"}}}).text == "the account carol is there already");
    CHECK(ask({"enroll", {{"name", "dave"}, {"password", ""}}}).text == "the password is empty");
    CHECK(ask({"enroll", {{"name", "dave"}, {"password", std::string(1025, 'x')}}}).text ==
          "the password is longer than 1024 octets");
    CHECK(ask({"enroll", {{"name", "dave"}, {"password", "a\tb"}}}).text == "the password holds a control character");
    CHECK(has(ask({"enroll", {{"name", "d ave"}, {"password", "x"}}}).text, "\"d ave\" is no account name"));
    CHECK(has(ask({"enroll", {{"name", "dave@elsewhere.test"}, {"password", "x"}}}).text, "is no account name"));
    CHECK(ask({"enroll", {{"name", "dave"}, {"password", "x"}, {"quota", "much"}}}).text ==
          "a limit of the account must be a size such as 4096, 64K, 500M, 1G or 2T");
    CHECK(ask({"enroll", {{"name", "erin"}, {"password", std::string(1024, 'x')}, {"quota", "0"}}}).text ==
          "enrolled erin@demo.test, quota no limit");

    LineClient imap("IMAP", site.address("IMAP"), 5s);
    imap.line();
    imap.tagged("a", "LOGIN carol secret");
    CHECK(ask({"passwd", {{"name", "carol"}, {"password", "other"}}}).text == "changed the password of carol");
    LineClient again("IMAP", site.address("IMAP"), 5s);
    again.line();
    CHECK(has(words([&] { again.tagged("a", "LOGIN carol secret"); }), "NO"));
    again.tagged("b", "LOGIN carol other");
    CHECK(ask({"passwd", {{"name", "nobody"}, {"password", "x"}}}).text == "there is no account nobody");
    CHECK(ask({"delete", {{"name", "carol"}}}).text == "deleted carol with all its mail");
    CHECK(ask({"delete", {{"name", "carol"}}}).text == "there is no account carol");
    CHECK(ask({"status", {}}).text.substr(0, 12) == "All is well.");
    CHECK(ask({"dance", {}}).text == "the server does not know the command dance");
    CHECK_FALSE(has(site.log(), "secret")); // no password in the log
}

TEST_CASE("server: a line that is no request is told so, and the connection goes on") {
    const RunningSite site;
    const auto before = site.server.status().accounts;
    CHECK(before == 2);
    AdminRequest large{"enroll", {{"name", std::string(admin_line_limit, 'x')}, {"password", "x"}}};
    CHECK(ask_server(site.data(), large)->text == "this is no request line");
}

TEST_CASE("server: what stands in the way is named") {
    const RunningSite site;
    const SiteOptions& options = site.demo.site();
    const std::string pid = std::to_string(getpid());
    CHECK(words([&] { Server(options, site.configuration()).start(); }) ==
          site.data() + " is in use: a server runs on it already, process " + pid);

    TestSite other;
    SiteOptions taken = other.demo.site();
    taken.sets.push_back("imap.listen=" + site.address("IMAP"));
    CHECK(words([&] { Server(taken, load_configuration(taken)).start(); }) ==
          "cannot listen for IMAP ([imap] listen): " + site.address("IMAP") + ": address already in use");

    SiteOptions renamed = other.demo.site();
    renamed.sets.push_back("site.domain=other.test");
    CHECK(words([&] { Server(renamed, load_configuration(renamed)).start(); }) ==
          renamed.file + ": [site] domain is other.test, but the mailstore in " + other.data() +
              " was made for demo.test");

    SiteOptions bare = other.demo.site();
    bare.sets.push_back("tls.key=tls/none.pem");
    CHECK(words([&] { Server(bare, load_configuration(bare)).start(); }) ==
          other.data() + "/tls/none.pem: No such file or directory");
    bare.sets.push_back("tls.key=tls/cert.pem");
    CHECK(has(words([&] { Server(bare, load_configuration(bare)).start(); }),
              "[tls] certificate tls/cert.pem with key tls/cert.pem: "));
    // After all that the site starts.
    Server server(other.demo.site(), other.configuration());
    server.start();
    CHECK(server.status().accounts == 2);
}

TEST_CASE("server: a reload takes what it can and keeps the rest") {
    TestSite site;
    SiteOptions options = site.demo.site();
    options.sets.clear(); // the file alone decides
    const auto write = [&](const std::string& more) {
        std::ofstream(options.file)
            << "[smtp]\nlisten = 127.0.0.1:0\nsubmission = off\nsubmissions = off\n[imap]\nlisten = off\n"
               "listen_tls = off\n[web]\nlisten = off\n[log]\nfile = pillarbox.log\n[server]\nuser =\n" +
                   more;
    };
    const auto log = [&] {
        pillarbox::runtime::flush_log();
        std::ifstream in(site.data() + "/pillarbox.log");
        return std::string(std::istreambuf_iterator<char>(in), {});
    };
    write("");
    Server server(options, load_configuration(options));
    server.start();
    const auto size = [&] {
        LineClient smtp("SMTP", address_of(server.status().listeners, "SMTP"), 5s);
        smtp.expect_reply('2');
        smtp.send("EHLO x\r\n");
        std::string all, line;
        do all += (line = smtp.line()) + "\n";
        while (line.size() > 3 && line[3] == '-');
        return all;
    };
    CHECK(has(size(), "SIZE 52428800\n"));
    write("[smtp]\n");
    write("loops = 2\n[site]\nhostname = new.test\n[spool]\nworkers = 3\n[auth]\ncleartext = always\n");
    server.reload();
    CHECK(has(log(), "changed settings wait for a restart keys=\"[site] hostname, [server] loops\""));
    CHECK(has(log(), " reloaded"));
    CHECK(server.status().hostname != "new.test");
    write("loops = many\n");
    server.reload();
    CHECK(has(log(), "reload failed, the old settings stay in force"));
    CHECK(has(log(), "\\\"many\\\" must be a number from 0 to 64"));
    std::ofstream(site.data() + "/tls/cert.pem") << "none";
    write("");
    server.reload();
    CHECK(server.status().certificate_not_after > 0);
    CHECK(has(size(), "STARTTLS"));
}

TEST_CASE("server: stopping says goodbye to idle sessions and leaves nothing behind") {
    TestSite site;
    Server server(site.demo.site(), site.configuration());
    server.start();
    CHECK(std::filesystem::exists(site.data() + "/pillarbox.pid"));
    const auto listeners = server.status().listeners;
    LineClient smtp("SMTP", address_of(listeners, "SMTP"), 5s), imap("IMAP", address_of(listeners, "IMAP"), 5s);
    smtp.expect_reply('2');
    imap.line();
    imap.tagged("a", "LOGIN alice " + site.demo.password("alice"));
    imap.tagged("b", "SELECT INBOX");
    imap.send("c IDLE\r\n");
    CHECK(imap.line().substr(0, 1) == "+");
    const auto begin = std::chrono::steady_clock::now();
    server.stop();
    CHECK(std::chrono::steady_clock::now() - begin < 10s);
    CHECK(smtp.line().substr(0, 3) == "421");
    CHECK(imap.line().substr(0, 5) == "* BYE");
    CHECK_FALSE(std::filesystem::exists(site.data() + "/pillarbox.pid"));
    CHECK_FALSE(std::filesystem::exists(site.data() + "/admin.sock"));
    CHECK_FALSE(ask_server(site.data(), {"status", {}}));
    server.stop(); // a second time does nothing
}
