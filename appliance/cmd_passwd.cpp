// pillarbox passwd USER: changes an account's password.
#include "appliance/account_command.h"

namespace pillarbox::appliance {

int cmd_passwd(const AccountOptions& options) {
    AdminRequest request{"passwd", {{"name", options.name}}};
    request.arguments["password"] = read_password(options.password_stdin, options.name);
    return print_reply(ask_or_do(options.site, request), false);
}

} // namespace pillarbox::appliance
