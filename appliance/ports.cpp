// What the server listens for, and the sockets it listens with.
#include "appliance/ports.h"

#include "appliance/refusal.h"
#include "appliance/runtime/systemd.h"

#include <algorithm>

namespace pillarbox::appliance {

namespace {

const std::vector<PortInfo> table{
    {Port::smtp, "[smtp] listen", "SMTP", "smtp", "STARTTLS",
     [](const Settings& s) -> const Listen& { return s.smtp.listen; }},
    {Port::submission, "[smtp] submission", "submission", "submission", "STARTTLS",
     [](const Settings& s) -> const Listen& { return s.smtp.submission; }},
    {Port::submissions, "[smtp] submissions", "submissions", "submissions", "on",
     [](const Settings& s) -> const Listen& { return s.smtp.submissions; }},
    {Port::imap, "[imap] listen", "IMAP", "imap", "STARTTLS",
     [](const Settings& s) -> const Listen& { return s.imap.listen; }},
    {Port::imaps, "[imap] listen_tls", "IMAPS", "imaps", "on",
     [](const Settings& s) -> const Listen& { return s.imap.listen_tls; }},
    {Port::web, "[web] listen", "status page", "web", "none",
     [](const Settings& s) -> const Listen& { return s.web.listen; }},
};

/// Takes over what systemd opened for us.
/// @return the ports that are served that way
std::vector<Port> take_passed(std::vector<BoundSocket>& sockets) {
    std::vector<Port> served;
    for (const auto& passed : runtime::take_passed_sockets()) {
        const auto found =
            std::find_if(table.begin(), table.end(), [&](const PortInfo& each) { return each.socket == passed.name; });
        if (found == table.end()) {
            throw Refusal("a socket passed by systemd is named \"" + passed.name +
                          "\": FileDescriptorName= must be smtp, submission, submissions, imap, imaps or web");
        }
        sockets.push_back(BoundSocket{found->port, runtime::ListenSocket(passed.fd)});
        served.push_back(found->port);
    }
    return served;
}

} // namespace

const std::vector<PortInfo>& ports() { return table; }

const PortInfo& info(Port port) { return table[static_cast<std::size_t>(port)]; }

std::vector<BoundSocket> bind_ports(const Settings& settings) {
    std::vector<BoundSocket> sockets;
    const std::vector<Port> served = take_passed(sockets);
    for (const auto& each : table) {
        if (std::find(served.begin(), served.end(), each.port) != served.end()) continue;
        for (const auto& address : each.addresses(settings)) {
            try {
                sockets.push_back(BoundSocket{each.port, runtime::ListenSocket(address)});
            } catch (const std::runtime_error& error) {
                throw Refusal("cannot listen for " + std::string(each.service) + " (" + std::string(each.key) +
                              "): " + error.what());
            }
        }
    }
    return sockets;
}

} // namespace pillarbox::appliance
