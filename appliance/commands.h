// The commands of the program, one room each (cmd_*.cpp). Each returns the exit status: 0 done, 1 refused or failed.
#pragma once

#include "appliance/configuration.h"

#include <optional>
#include <string>
#include <vector>

namespace pillarbox::appliance {

/// Where the site is. The data folder is given as an absolute path.
using SiteOptions = ConfigSources;

struct InitOptions {
    std::string data, domain, hostname; // hostname "": mail.DOMAIN
    bool yes = false;                   // do not ask
};
struct AccountOptions {
    SiteOptions site;
    std::string name;
    bool password_stdin = false, yes = false, json = false;
    std::string quota, messages; // "": the settings' defaults
};
struct StatusOptions {
    SiteOptions site;
    bool json = false;
};
struct CheckOptions {
    SiteOptions site;
    bool defaults = false; // print the commented sample configuration instead
};
struct DemoOptions {
    std::string data; // "": a new temporary folder
    bool once = false;
    int port_base = 0;             // added to every port of the demo
    std::vector<std::string> sets; // as of serve
};

int cmd_serve(const SiteOptions& options);
int cmd_demo(const DemoOptions& options);
int cmd_init(const InitOptions& options);
int cmd_enroll(const AccountOptions& options);
int cmd_delete(const AccountOptions& options);
int cmd_passwd(const AccountOptions& options);
int cmd_status(const StatusOptions& options);
int cmd_check(const CheckOptions& options);

/// The whole program: reads the command line, runs the command. Status 2: the command line or the configuration is
/// wrong.
int run_command_line(int argc, const char* const* argv);

} // namespace pillarbox::appliance
