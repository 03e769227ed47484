// pillarbox serve: runs the server until a signal ends it.
#include "appliance/commands.h"
#include "appliance/privileges.h"
#include "appliance/serve_until_signal.h"
#include "appliance/server.h"

#include <unistd.h>

namespace pillarbox::appliance {

int cmd_serve(const SiteOptions& options) {
    // What is wrong with the folder is said before what cannot be read in it. Root changes later: it binds ports first.
    if (geteuid() == 0) {
        owner_of(options.data);
    } else {
        adopt_owner(options.data);
    }
    Server server(options, load_configuration(options));
    serve_until_signal(server, [] {});
    return 0;
}

} // namespace pillarbox::appliance
