// What commands and the running server say to each other through DIR/admin.sock: one JSON line each way.
//
// Request: {"command": "enroll", "arguments": {"name": "alice", ...}}
// Reply:   {"ok": true, "text": "in words for a person", "result": {...}}
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace pillarbox::appliance {

struct AdminRequest {
    std::string command;
    std::map<std::string, std::string> arguments;
    /// The argument of that name, "" when it was not given.
    const std::string& argument(const std::string& name) const;
};

struct AdminReply {
    bool ok = false;
    std::string text;          // lines for a person, without the last line's end
    std::string result = "{}"; // a JSON object
};

constexpr std::size_t admin_line_limit = 64 << 10; // octets of a request or reply

std::string encode(const AdminRequest& request);
std::string encode(const AdminReply& reply);
/// nullopt: no such JSON object.
std::optional<AdminRequest> decode_request(std::string_view line);
std::optional<AdminReply> decode_reply(std::string_view line);
/// {"name": "alice", "quota": 5}: one member each, of text.
std::string json_object(const std::map<std::string, std::string>& members);

/// The admin socket of a data folder, by a path short enough for a socket's address; where the folder's own is not, the
/// process changes into the folder.
std::string reachable_admin_socket(const std::string& data);

/// Asks the server of a data folder, blocking. nullopt: none runs there. Throws Refusal when the one that runs cannot
/// be reached (another user's) or breaks off.
std::optional<AdminReply> ask_server(const std::string& data, const AdminRequest& request);

} // namespace pillarbox::appliance
