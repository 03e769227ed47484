// The server's end of the admin socket: one request line, one reply line, as often as the caller likes.
#pragma once

#include "appliance/runtime/task.h"

#include <memory>

namespace pillarbox::runtime {
class Stream;
}

namespace pillarbox::appliance {

struct Administration;

/// One connection, to its end. Whoever may open the socket (mode 0600) may ask for anything.
runtime::Task<void> serve_admin(Administration& administration, std::unique_ptr<runtime::Stream> stream);

} // namespace pillarbox::appliance
