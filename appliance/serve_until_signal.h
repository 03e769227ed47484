// Runs a server between its start and the signal that ends it.
#pragma once

#include <functional>

namespace pillarbox::appliance {

class Server;

/// Starts the server, calls started() once it serves, and stops it at SIGTERM or SIGINT; SIGHUP reloads. A second
/// SIGTERM or SIGINT ends the process at once. Throws what Server::start() throws.
void serve_until_signal(Server& server, const std::function<void()>& started);

} // namespace pillarbox::appliance
