// pillarbox init DOMAIN: makes a new site - folder, configuration, empty mailstore, certificate.
#include "appliance/account_command.h"
#include "appliance/files.h"
#include "appliance/keys.h"
#include "appliance/new_site.h"
#include "appliance/privileges.h"
#include "appliance/refusal.h"
#include "appliance/values.h"

#include <cstdio>

namespace pillarbox::appliance {

namespace {

std::string checked_host(const std::string& text, const char* what) {
    try {
        return parse_host(text);
    } catch (const BadValue& bad) {
        throw Refusal(std::string(what) + " \"" + text + "\" " + bad.what());
    }
}

void print_next_steps(const InitOptions& options, const NewSite& site) {
    const char* const data = options.data.c_str();
    std::printf(
        "Made %s: mail for %s, served by %s.\n"
        "The certificate in tls/ is self-signed: mail programs will ask about it until you put your own there.\n"
        "\nNext:\n"
        "  pillarbox enroll alice -d %s       the first account; its password is asked for\n"
        "  pillarbox serve -d %s              start serving\n"
        "  pillarbox status -d %s             see how it is\n"
        "\nAll settings are in %s/pillarbox.ini.\n",
        data, site.domain.c_str(), site.hostname.c_str(), data, data, data, data);
}

} // namespace

int cmd_init(const InitOptions& options) {
    NewSite site;
    site.folder = options.data;
    site.domain = checked_host(options.domain, "the domain");
    if (site.domain.empty()) throw Refusal("the domain is empty");
    site.hostname = options.hostname.empty() ? "mail." + site.domain : checked_host(options.hostname, "the host name");
    site.owner = find_user("pillarbox");
    if (!options.yes && !confirm("Make a site for " + site.domain + " in " + site.folder + "?")) {
        std::fprintf(stderr, "pillarbox: nothing was made\n");
        return 1;
    }
    make_site(site);
    print_next_steps(options, site);
    return 0;
}

} // namespace pillarbox::appliance
