// Where passwords are taken on a connection without TLS (RFC 8314 3.3).
#include "appliance/runtime/cleartext.h"

#include "appliance/runtime/stream.h"

namespace pillarbox::runtime {

namespace {

// The text of a peer's address is the system's own, so 127. begins nothing else (see Peer).
bool is_loopback(std::string_view address) noexcept { return address.starts_with("127.") || address == "::1"; }

} // namespace

bool may_log_in(Cleartext rule, const Stream& stream) noexcept {
    if (stream.tls()) return true;
    switch (rule) {
    case Cleartext::never:
        return false;
    case Cleartext::loopback:
        return is_loopback(stream.peer().address);
    case Cleartext::always:
        return true;
    }
    return false;
}

} // namespace pillarbox::runtime
