// What a transport without TLS answers.
#include "appliance/runtime/stream.h"

namespace pillarbox::runtime {

bool Transport::handshake(Wait*&) { return true; }
std::string Transport::exporter(std::string_view, std::size_t) const { return {}; }
std::unique_ptr<Transport> Transport::upgrade(TlsContext&) {
    throw std::logic_error("this connection cannot be upgraded to TLS");
}

} // namespace pillarbox::runtime
