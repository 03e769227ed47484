// Whom the process is: the owner of its data, never more (DESIGN 5.7).
#pragma once

#include "appliance/settings.h"

#include <cstdint>
#include <optional>
#include <string>

namespace pillarbox::appliance {

struct Identity {
    std::uint32_t uid = 0, gid = 0;
    bool operator==(const Identity&) const = default;
};

/// The name's line in a file of the form of /etc/passwd, read by us: glibc's own look-up may load libraries of the host
/// (DESIGN 1). Lines that are none are skipped.
std::optional<Identity> find_user(const std::string& name, const std::string& passwd_file = "/etc/passwd");

/// Whom the setting means; nullopt: nobody, or a name that is not there.
std::optional<Identity> resolve_user(const User& user);

/// Becomes that user for good: groups, gid, uid, no new privileges. Throws Refusal. To be called with one thread.
void become(const Identity& identity);

/// The owner of a folder. Throws Refusal when it is not there or no folder.
Identity owner_of(const std::string& folder);

/// For a command on existing data: root becomes the folder's owner; another user who is not the owner is refused.
void adopt_owner(const std::string& folder);

/// For the server, which has bound its ports: root becomes the user of the settings, or else the folder's owner; a
/// folder of another user is refused.
/// @return what to say in the log, "" when it is as it should be
std::string settle_identity(const std::string& folder, const User& user);

/// Takes as many descriptors as the system lets us have: a session is one.
void raise_descriptor_limit() noexcept;

} // namespace pillarbox::appliance
