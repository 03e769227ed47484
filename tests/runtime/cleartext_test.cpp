// Who may send a password on a connection without TLS.
#include "appliance/runtime/cleartext.h"
#include "appliance/runtime/memory_stream.h"
#include "appliance/runtime/stream.h"

#include <doctest/doctest.h>
#include <string>

using namespace pillarbox::runtime;

namespace {

bool taken(Cleartext rule, const std::string& address, bool tls) {
    Loop loop;
    MemoryPeer peer;
    if (tls) peer.assume_tls();
    const Stream stream(loop, peer.transport(), Peer{address, 4711, "192.0.2.2", 25});
    return may_log_in(rule, stream);
}

} // namespace

TEST_CASE("cleartext: passwords are taken under TLS, or where the rule says so") { // RFC 8314 3.3
    for (const char* address : {"127.0.0.1", "127.255.255.255", "::1"}) {
        CAPTURE(address);
        CHECK_FALSE(taken(Cleartext::never, address, false));
        CHECK(taken(Cleartext::loopback, address, false));
        CHECK(taken(Cleartext::always, address, false));
        CHECK(taken(Cleartext::never, address, true));
    }
    for (const char* address :
         {"192.0.2.1", "12.7.0.0", "1.127.0.0", "126.255.255.255", "128.0.0.0", "::", "::11", "2001:db8::1", ""}) {
        CAPTURE(address);
        CHECK_FALSE(taken(Cleartext::never, address, false));
        CHECK_FALSE(taken(Cleartext::loopback, address, false));
        CHECK(taken(Cleartext::always, address, false));
        CHECK(taken(Cleartext::loopback, address, true));
    }
}
