// pillarbox serve: runs the server until a signal ends it.
#include "appliance/commands.h"
#include "appliance/privileges.h"
#include "appliance/serve_until_signal.h"
#include "appliance/server.h"

namespace pillarbox::appliance {

int cmd_serve(const SiteOptions& options) {
    owner_of(options.data); // a folder that is not there is said before a configuration that is not
    Server server(options, load_configuration(options));
    serve_until_signal(server, [] {});
    return 0;
}

} // namespace pillarbox::appliance
