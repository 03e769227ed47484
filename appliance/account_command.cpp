// What enroll, delete and passwd have in common.
#include "appliance/account_command.h"

#include "appliance/administration.h"
#include "appliance/privileges.h"
#include "appliance/refusal.h"
#include "appliance/runtime/loop.h"
#include "store/store.h"

#include <cstdio>
#include <iostream>
#include <termios.h>
#include <unistd.h>

namespace pillarbox::appliance {

namespace {

using runtime::Task;

Task<void> keep_reply(Administration& administration, AdminRequest request, AdminReply& reply) {
    auto task = perform(administration, std::move(request));
    reply = co_await task;
}

/// Does it on the store, which no server holds: its lock sees to that.
AdminReply do_here(const SiteOptions& site, const AdminRequest& request) {
    const auto settings = std::make_shared<const Settings>(load_configuration(site).settings);
    runtime::LogSettings quiet;
    quiet.level = runtime::LogLevel::failure;
    runtime::configure_log(quiet);
    runtime::Loop loop; // outlives the store, whose threads resume coroutines on it
    runtime::Pool pool(2);
    store::StoreSettings store_settings;
    store_settings.folder = site.data;
    store::Store store(store_settings, pool);
    Administration administration{store, [settings] { return settings; }, {}};
    AdminReply reply{false, "the mailstore gave no answer"};
    loop.start([&] { return keep_reply(administration, request, reply); });
    loop.stop();
    loop.run();
    return reply;
}

/// The terminal without echo, as long as it lives.
class Silence {
public:
    Silence() {
        if (tcgetattr(STDIN_FILENO, &before_) != 0) throw Refusal("no terminal to ask at: give --password-stdin");
        termios silent = before_;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    }
    ~Silence() { tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_); }
    Silence(const Silence&) = delete;
    Silence& operator=(const Silence&) = delete;

private:
    termios before_{};
};

std::string ask_silently(const std::string& question) {
    std::fprintf(stderr, "%s: ", question.c_str());
    std::string answer;
    const bool there = static_cast<bool>(std::getline(std::cin, answer));
    std::fputc('\n', stderr);
    if (!there) throw Refusal("no password was typed");
    return answer;
}

} // namespace

AdminReply ask_or_do(const SiteOptions& site, const AdminRequest& request) {
    adopt_owner(site.data);
    if (const auto reply = ask_server(site.data, request)) return *reply;
    return do_here(site, request);
}

std::string read_password(bool from_stdin, const std::string& account) {
    std::string password;
    if (from_stdin) {
        if (!std::getline(std::cin, password)) throw Refusal("the input holds no password");
        if (!password.empty() && password.back() == '\r') password.pop_back();
        return password;
    }
    const Silence silence;
    password = ask_silently("New password of " + account);
    if (ask_silently("Once more") != password) throw Refusal("the two passwords differ: nothing was changed");
    return password;
}

bool confirm(const std::string& question) {
    if (isatty(STDIN_FILENO) == 0) throw Refusal("no terminal to ask at: give --yes");
    std::fprintf(stderr, "%s [y/N] ", question.c_str());
    std::string answer;
    std::getline(std::cin, answer);
    return answer == "y" || answer == "Y" || answer == "yes";
}

int print_reply(const AdminReply& reply, bool json) {
    if (!reply.ok) {
        std::fprintf(stderr, "pillarbox: %s\n", reply.text.c_str());
        return 1;
    }
    std::printf("%s\n", json ? reply.result.c_str() : reply.text.c_str());
    return 0;
}

} // namespace pillarbox::appliance
