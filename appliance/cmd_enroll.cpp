// pillarbox enroll USER: adds an account.
#include "appliance/account_command.h"

namespace pillarbox::appliance {

int cmd_enroll(const AccountOptions& options) {
    AdminRequest request{"enroll", {{"name", options.name}}};
    request.arguments["password"] = read_password(options.password_stdin, options.name);
    if (!options.quota.empty()) request.arguments["quota"] = options.quota;
    if (!options.messages.empty()) request.arguments["messages"] = options.messages;
    return print_reply(ask_or_do(options.site, request), options.json);
}

} // namespace pillarbox::appliance
