// What the server listens for, and the sockets it listens with.
#pragma once

#include "appliance/runtime/listener.h"
#include "appliance/settings.h"

#include <string_view>
#include <vector>

namespace pillarbox::appliance {

enum class Port : std::uint8_t { smtp, submission, submissions, imap, imaps, web };

/// How a port is called and what it speaks.
struct PortInfo {
    Port port;
    std::string_view key;     // "[smtp] listen", as the configuration has it
    std::string_view service; // "SMTP", for people
    std::string_view socket;  // FileDescriptorName= of a systemd socket unit
    std::string_view tls;     // "STARTTLS", "on", "none"
    const Listen& (*addresses)(const Settings& settings);
};

/// All of them, in the order of Port.
const std::vector<PortInfo>& ports();
const PortInfo& info(Port port);

struct BoundSocket {
    Port port;
    runtime::ListenSocket socket;
};

/// Opens every listener of the settings; a port for which systemd passes sockets takes those instead. To be called
/// while the process may still bind low ports. Throws Refusal naming listener, address and reason.
std::vector<BoundSocket> bind_ports(const Settings& settings);

} // namespace pillarbox::appliance
