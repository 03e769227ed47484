// The command line: what may stand on it, and what a newcomer reads about it.
#include "appliance/commands.h"

#include "appliance/runtime/threads.h"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <sys/stat.h>
#include <unistd.h>

namespace pillarbox::appliance {

namespace {

constexpr int done = 0, failed = 1, wrong_usage = 2;

/// All that the command line can say, and the command it names.
struct CommandLine {
    CLI::App app{"pillarbox: a whole mail site in one program - SMTP in, a mailstore, IMAP out, a status page.",
                 "pillarbox"};
    SiteOptions site{"/var/lib/pillarbox", "", {}};
    InitOptions init;
    AccountOptions account;
    StatusOptions status;
    CheckOptions check;
    DemoOptions demo;
    std::function<int()> command;

    CommandLine() {
        app.set_version_flag("--version", "pillarbox " PILLARBOX_VERSION);
        app.require_subcommand(1);
        app.footer("First steps:\n  pillarbox demo                                        try it, nothing to set up\n"
                   "  pillarbox init example.org -d DIR --hostname mail.example.org --yes\n"
                   "  echo SECRET | pillarbox enroll alice --password-stdin -d DIR\n"
                   "  pillarbox serve -d DIR\n\n"
                   "`pillarbox COMMAND --help` says more. Exit status: 0 done, 1 refused or failed, 2 wrong usage.");
        add_serve();
        add_demo();
        add_init();
        add_account_commands();
        add_status_and_check();
    }

private:
    CLI::App* add(const std::string& name, const std::string& words, std::function<int()> run) {
        CLI::App* const sub = app.add_subcommand(name, words);
        sub->callback([this, run = std::move(run)] { command = run; });
        return sub;
    }
    void add_site_options(CLI::App* sub) {
        sub->add_option("-d,--data", site.data, "The data folder: everything this site keeps")->capture_default_str();
        sub->add_option("-c,--config", site.file,
                        "The configuration file [DIR/<hostname>.ini, else DIR/pillarbox.ini]");
    }
    static void add_sets(CLI::App* sub, std::vector<std::string>& sets) {
        sub->add_option("--set", sets, "SECTION.KEY=VALUE: a setting stronger than the file's; may be repeated")
            ->allow_extra_args(false);
    }

    void add_serve() {
        CLI::App* const sub = add("serve", "Run the server in the foreground until SIGTERM or Ctrl-C",
                                  [this] { return cmd_serve(site); });
        add_site_options(sub);
        add_sets(sub, site.sets);
    }
    void add_demo() {
        CLI::App* const sub = add("demo", "Try it: a throw-away site demo.test with the accounts alice and bob",
                                  [this] { return cmd_demo(demo); });
        sub->add_option("-d,--data", demo.data,
                        "Keep the site in this new folder [a temporary one, removed at the end]");
        sub->add_flag("--once", demo.once, "Send a message, read it back, say what was seen and end");
        sub->add_option("--port-base", demo.port_base, "Added to each port (2525, 2587, 2465, 2143, 2993, 8025)")
            ->check(CLI::Range(-2000, 57000));
        add_sets(sub, demo.sets);
    }
    void add_init() {
        CLI::App* const sub =
            add("init", "Make a new site: folder, configuration, empty mailstore, certificate", [this] {
                init.data = site.data;
                return cmd_init(init);
            });
        sub->add_option("domain", init.domain, "The domain whose mail is kept, such as example.org")->required();
        sub->add_option("-d,--data", site.data, "The data folder to make")->capture_default_str();
        sub->add_option("--hostname", init.hostname, "The server's name [mail.DOMAIN]");
        sub->add_flag("-y,--yes", init.yes, "Do not ask");
    }
    CLI::App* add_account(const std::string& name, const std::string& words, int (*run)(const AccountOptions&)) {
        CLI::App* const sub = add(name, words, [this, run] {
            account.site = site;
            return run(account);
        });
        sub->add_option("user", account.name, "The account: alice, or alice@example.org")->required();
        add_site_options(sub);
        return sub;
    }
    void add_account_commands() {
        CLI::App* sub = add_account("enroll", "Add an account; its password is asked for", cmd_enroll);
        add_password(sub);
        sub->add_option("--quota", account.quota, "How much it may hold: 500M, 1G, 0 for no limit [[enroll] quota]");
        sub->add_option("--messages", account.messages, "How many messages it may hold; 0 for no limit");
        sub->add_flag("--json", account.json, "Answer as JSON");
        sub = add_account("delete", "Remove an account with all its mail", cmd_delete);
        sub->add_flag("-y,--yes", account.yes, "Do not ask");
        sub = add_account("passwd", "Change an account's password; the new one is asked for", cmd_passwd);
        add_password(sub);
    }
    void add_password(CLI::App* sub) {
        sub->add_flag("--password-stdin", account.password_stdin, "Take the password from the first line of the input");
    }
    void add_status_and_check() {
        CLI::App* sub = add("status", "Say how the running server is; exit status 0 when nothing is broken", [this] {
            status.site = site;
            return cmd_status(status);
        });
        add_site_options(sub);
        sub->add_flag("--json", status.json, "All figures as JSON");
        sub = add("check", "Read configuration, certificate and mailstore, and say what is wrong", [this] {
            check.site = site;
            return cmd_check(check);
        });
        add_site_options(sub);
        add_sets(sub, site.sets);
        sub->add_flag("--defaults", check.defaults,
                      "Print a configuration file with every key, its meaning and default");
    }
};

/// The path from the root on, so that a change of the working directory does not matter.
std::string absolute(const std::string& path) {
    if (path.empty() || path.front() == '/') return path;
    char* const here = getcwd(nullptr, 0);
    if (here == nullptr) return path;
    const std::string result = std::string(here) + "/" + path;
    std::free(here);
    return result;
}

int fail(const std::exception& error, int status) {
    std::fprintf(stderr, "pillarbox: %s\n", error.what());
    return status;
}

} // namespace

int run_command_line(int argc, const char* const* argv) {
    umask(077);
    runtime::ignore_broken_pipes();
    CommandLine line;
    try {
        line.app.parse(argc, argv);
        line.site.data = absolute(line.site.data);
        line.site.file = absolute(line.site.file);
        line.demo.data = absolute(line.demo.data);
        return line.command();
    } catch (const CLI::ParseError& error) {
        return line.app.exit(error) == 0 ? done : wrong_usage;
    } catch (const ConfigError& error) {
        return fail(error, wrong_usage);
    } catch (const std::exception& error) {
        return fail(error, failed);
    }
}

} // namespace pillarbox::appliance
