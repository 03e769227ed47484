// What enroll, delete and passwd have in common: they ask the running server, or else do it on the data themselves.
#pragma once

#include "appliance/admin.h"
#include "appliance/commands.h"

#include <string>

namespace pillarbox::appliance {

/// Asks the server that runs on the data; when none does, opens the store under its lock and does it here.
AdminReply ask_or_do(const SiteOptions& site, const AdminRequest& request);

/// The first line of standard input (from_stdin), or what is typed twice at the terminal without being shown.
/// Throws Refusal when there is no terminal, the two differ, or there is none.
std::string read_password(bool from_stdin, const std::string& account);

/// Asks a yes-or-no question at the terminal. Throws Refusal when there is none.
bool confirm(const std::string& question);

/// Prints a reply, as text or as its JSON result; what was refused goes to standard error.
/// @return the exit status
int print_reply(const AdminReply& reply, bool json);

} // namespace pillarbox::appliance
