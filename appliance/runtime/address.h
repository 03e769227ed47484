// The addresses of a socket's ends as text.
#pragma once

#include "appliance/runtime/stream.h"

#include <string>

namespace pillarbox::runtime {

/// "127.0.0.1:25", "[::1]:25" or "unix:PATH"; "" when the system does not say.
std::string local_address(int fd);
/// Both ends of a connected socket; ::ffff:192.0.2.1 reads 192.0.2.1.
Peer peer_of(int fd);

} // namespace pillarbox::runtime
