// pillarbox delete USER: removes an account with all its mail.
#include "appliance/account_command.h"

#include <cstdio>

namespace pillarbox::appliance {

int cmd_delete(const AccountOptions& options) {
    if (!options.yes && !confirm("Delete " + options.name + " with all its mail?")) {
        std::fprintf(stderr, "pillarbox: nothing was deleted\n");
        return 1;
    }
    return print_reply(ask_or_do(options.site, {"delete", {{"name", options.name}}}), false);
}

} // namespace pillarbox::appliance
