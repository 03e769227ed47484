// What systemd wants of a service, without its library: readiness (sd_notify(3)) and sockets (sd_listen_fds(3)).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pillarbox::runtime {

/// Sends a state, like "READY=1" or "STOPPING=1", to the service manager. False when none asked for it or it could not
/// be reached.
bool notify_systemd(std::string_view state);

/// A listening socket that was opened for us, and its name in the socket unit (FileDescriptorName=).
struct PassedSocket {
    int fd = -1;
    std::string name;
};
/// The sockets passed to this process; none for its children and after the first call.
std::vector<PassedSocket> take_passed_sockets();

} // namespace pillarbox::runtime
