// The command line: exit statuses, what is printed where, and commands on data that no server holds.
#include "appliance/commands.h"
#include "tests/appliance/folder.h"

#include <doctest/doctest.h>

#include <fcntl.h>
#include <fstream>
#include <iostream>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

using namespace pillarbox::appliance;

namespace {

struct Ending {
    int status;
    std::string out, err;
};

/// Runs the program in this process, with its input and outputs in files.
class Program {
public:
    Ending run(std::vector<const char*> words, const std::string& input = "") {
        words.insert(words.begin(), "pillarbox");
        folder_.put("in", input);
        std::fflush(nullptr);
        const int in = redirect(STDIN_FILENO, "in", O_RDONLY);
        const int out = redirect(STDOUT_FILENO, "out", O_WRONLY | O_CREAT | O_TRUNC);
        const int err = redirect(STDERR_FILENO, "err", O_WRONLY | O_CREAT | O_TRUNC);
        std::fflush(stdin); // drops what an earlier run left unread
        std::clearerr(stdin);
        std::cin.clear();
        const int status = run_command_line(static_cast<int>(words.size()), words.data());
        std::cout.flush();
        std::fflush(nullptr);
        restore(STDIN_FILENO, in);
        restore(STDOUT_FILENO, out);
        restore(STDERR_FILENO, err);
        return {status, text("out"), text("err")};
    }
    std::string path(const std::string& name) const { return folder_.path + "/" + name; }

private:
    int redirect(int fd, const std::string& name, int flags) const {
        const int kept = dup(fd);
        const int file = open(path(name).c_str(), flags | O_CLOEXEC, 0600);
        dup2(file, fd);
        close(file);
        return kept;
    }
    static void restore(int fd, int kept) {
        dup2(kept, fd);
        close(kept);
    }
    std::string text(const std::string& name) const {
        std::ifstream in(path(name));
        return {std::istreambuf_iterator<char>(in), {}};
    }
    Folder folder_;
};

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

} // namespace

TEST_CASE("command line: help and version go to the output with status 0, errors elsewhere with status 2") {
    Program program;
    const Ending help = program.run({"--help"});
    CHECK(help.status == 0);
    for (const char* word : {"serve", "demo", "init", "enroll", "delete", "passwd", "status", "check", "First steps"}) {
        CHECK(has(help.out, word));
    }
    CHECK(program.run({"--version"}).out == "pillarbox " PILLARBOX_VERSION "\n");
    CHECK(has(program.run({"enroll", "--help"}).out, "--password-stdin"));
    CHECK(program.run({"enroll", "--help"}).status == 0);
    for (const std::vector<const char*>& wrong : {std::vector<const char*>{},
                                                  {"dance"},
                                                  {"serve", "--dance"},
                                                  {"init"},
                                                  {"enroll"},
                                                  {"serve", "-d"},
                                                  {"demo", "--port-base", "x"},
                                                  {"demo", "--port-base", "57001"},
                                                  {"serve", "--set"},
                                                  {"serve", "extra"}}) {
        const Ending ending = program.run(wrong);
        CHECK(ending.status == 2);
        CHECK(ending.out == "");
        CHECK(ending.err != "");
    }
}

TEST_CASE("command line: init, enroll, passwd, check, delete on data that no server holds") {
    Program program;
    const std::string data = program.path("site");
    const char* const d = data.c_str();
    const Ending made = program.run({"init", "Example.ORG", "-d", d, "--yes"});
    CHECK(made.status == 0);
    CHECK(has(made.out, "mail for example.org, served by mail.example.org"));
    for (const char* name :
         {"", "/pillarbox.ini", "/site.db", "/tls/key.pem", "/tls/cert.pem", "/tls", "/volume-1/mail.db"}) {
        CAPTURE(name);
        struct stat status {};
        CHECK(stat((data + name).c_str(), &status) == 0);
        CHECK((status.st_mode & 077) == 0);
    }
    CHECK(has(program.run({"init", "example.org", "-d", d, "--yes"}).err, "is not empty: init makes a new site"));
    CHECK(has(program.run({"init", "exa mple", "-d", program.path("x").c_str(), "--yes"}).err,
              "the domain \"exa mple\" must be a host name"));
    CHECK(program.run({"init", "example.org", "-d", program.path("x").c_str()}).err ==
          "pillarbox: no terminal to ask at: give --yes\n");
    CHECK(access(program.path("x").c_str(), F_OK) != 0);

    const Ending enrolled =
        program.run({"enroll", "alice", "--password-stdin", "-d", d, "--quota", "5M"}, "secret\r\nmore\n");
    CHECK(enrolled.status == 0);
    CHECK(enrolled.out == "enrolled alice@example.org, quota 5M\n");
    const Ending bob = program.run({"enroll", "bob@example.org", "--password-stdin", "--json", "-d", d}, "x");
    CHECK(bob.out == R"({"address":"bob@example.org","name":"bob"})"
                     "\n");
    CHECK(program.run({"enroll", "bob", "--password-stdin", "-d", d}, "x\n").err ==
          "pillarbox: the account bob is there already\n");
    CHECK(program.run({"enroll", "carol", "--password-stdin", "-d", d}, "\n").err ==
          "pillarbox: the password is empty\n");
    CHECK(program.run({"enroll", "carol", "--password-stdin", "-d", d}, "").err ==
          "pillarbox: the input holds no password\n");
    CHECK(program.run({"enroll", "carol", "-d", d}).err == "pillarbox: no terminal to ask at: give --password-stdin\n");
    CHECK(program.run({"passwd", "alice", "--password-stdin", "-d", d}, "other\n").out ==
          "changed the password of alice\n");
    CHECK(program.run({"passwd", "carol", "--password-stdin", "-d", d}, "other\n").status == 1);
    const Ending checked = program.run({"check", "-d", d});
    CHECK(checked.status == 0);
    CHECK(has(checked.out, "good   mailstore with 2 accounts, 0 deliveries waiting, "));
    CHECK(program.run({"delete", "bob", "-d", d}).status == 1); // asks, and there is nobody to answer
    CHECK(program.run({"delete", "bob", "--yes", "-d", d}).out == "deleted bob with all its mail\n");
    CHECK(program.run({"delete", "bob", "--yes", "-d", d}).err == "pillarbox: there is no account bob\n");
}

TEST_CASE("command line: check says all that is wrong") {
    Program program;
    const std::string data = program.path("site");
    const char* const d = data.c_str();
    REQUIRE(program.run({"init", "example.org", "-d", d, "--yes"}).status == 0);
    chmod((data + "/tls/key.pem").c_str(), 0644);
    std::ofstream(data + "/tls/cert.pem") << "none";
    std::ofstream(data + "/site.db") << "none, though long enough to be looked at as one: " << std::string(4096, 'x');
    const Ending wrong = program.run({"check", "-d", d});
    CHECK(wrong.status == 1);
    CHECK(has(wrong.out, "WRONG  certificate: "));
    CHECK(has(wrong.out, "WRONG  " + data + "/tls/key.pem can be read by others: chmod 600\n"));
    CHECK(has(wrong.out, "WRONG  mailstore: "));
    CHECK(has(wrong.out, "\n3 to be put right.\n"));
    CHECK(program.run({"check", "-d", d, "--set", "log.levle=all"}).status == 2);
    const Ending none = program.run({"check", "-d", program.path("none").c_str()});
    CHECK(none.status == 1);
    CHECK(has(none.err, "No such file or directory; `pillarbox init` makes a new site"));
}

TEST_CASE("command line: status says plainly when no server runs") {
    Program program;
    const std::string data = program.path("site");
    REQUIRE(program.run({"init", "example.org", "-d", data.c_str(), "--yes"}).status == 0);
    const Ending text = program.run({"status", "-d", data.c_str()});
    CHECK(text.status == 1);
    CHECK(text.err == "pillarbox: no server runs on " + data + "\n");
    CHECK(program.run({"status", "--json", "-d", data.c_str()}).out == "{\"running\":false}\n");
}

TEST_CASE("command line: check --defaults prints the sample configuration") {
    Program program;
    std::ifstream sample(PILLARBOX_SOURCE "/etc/pillarbox.ini");
    const std::string text{std::istreambuf_iterator<char>(sample), {}};
    CHECK(program.run({"check", "--defaults"}).out == text);
}
