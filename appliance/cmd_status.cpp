// pillarbox status: how the running server is, in words or as JSON.
#include "appliance/account_command.h"
#include "appliance/privileges.h"

#include <cstdio>

namespace pillarbox::appliance {

int cmd_status(const StatusOptions& options) {
    adopt_owner(options.site.data);
    const auto reply = ask_server(options.site.data, {"status", {}});
    if (!reply) {
        if (options.json) std::printf("{\"running\":false}\n");
        std::fprintf(stderr, "pillarbox: no server runs on %s\n", options.site.data.c_str());
        return 1;
    }
    std::printf("%s\n", options.json ? reply->result.c_str() : reply->text.c_str());
    return reply->ok ? 0 : 1;
}

} // namespace pillarbox::appliance
