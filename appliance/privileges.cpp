// Whom the process is: the owner of its data, never more (DESIGN 5.7).
#include "appliance/privileges.h"

#include "appliance/refusal.h"

#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <grp.h>
#include <string_view>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace pillarbox::appliance {

namespace {

/// The next field of a line parted by colons; the line keeps the rest.
std::string_view take_field(std::string_view& line) {
    const auto colon = line.find(':');
    const std::string_view field = line.substr(0, colon);
    line.remove_prefix(colon == std::string_view::npos ? line.size() : colon + 1);
    return field;
}

std::optional<std::uint32_t> parse_id(std::string_view text) {
    std::uint32_t id = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return id;
}

void must(int result, const char* what) {
    if (result != 0) throw Refusal(std::string("cannot become another user: ") + what + ": " + std::strerror(errno));
}

std::string in_words(const Identity& identity) { return "uid " + std::to_string(identity.uid); }

} // namespace

std::optional<Identity> find_user(const std::string& name, const std::string& passwd_file) {
    std::ifstream file(passwd_file);
    for (std::string text; std::getline(file, text);) {
        std::string_view line = text;
        if (take_field(line) != name) continue;
        take_field(line); // the password's place
        const auto uid = parse_id(take_field(line));
        const auto gid = parse_id(take_field(line));
        if (uid && gid) return Identity{*uid, *gid};
    }
    return std::nullopt;
}

std::optional<Identity> resolve_user(const User& user) {
    if (user.numeric) return Identity{user.uid, user.gid};
    if (user.name.empty()) return std::nullopt;
    return find_user(user.name);
}

void become(const Identity& identity) {
    const gid_t group = identity.gid;
    must(setgroups(1, &group), "setgroups");
    must(setresgid(identity.gid, identity.gid, identity.gid), "setresgid");
    must(setresuid(identity.uid, identity.uid, identity.uid), "setresuid");
    must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs");
}

Identity owner_of(const std::string& folder) {
    struct stat status {};
    if (stat(folder.c_str(), &status) != 0) {
        const std::string hint = errno == ENOENT ? "; `pillarbox init` makes a new site, -d names another folder" : "";
        throw Refusal("data folder " + folder + ": " + std::strerror(errno) + hint);
    }
    if (!S_ISDIR(status.st_mode)) throw Refusal("data folder " + folder + ": is not a folder");
    return {status.st_uid, status.st_gid};
}

void adopt_owner(const std::string& folder) {
    const Identity owner = owner_of(folder);
    if (owner.uid == geteuid()) return;
    if (geteuid() != 0) {
        throw Refusal("data folder " + folder + " belongs to " + in_words(owner) + ", you are " +
                      in_words({geteuid(), 0}) + ": run this as its owner, or as root");
    }
    become(owner);
}

std::string settle_identity(const std::string& folder, const User& user) {
    const auto wanted = resolve_user(user);
    if (geteuid() != 0 || !wanted) {
        adopt_owner(folder);
        if (geteuid() != 0) return "";
        return "runs as root: make a user for it and set [server] user";
    }
    const Identity owner = owner_of(folder);
    if (owner.uid != wanted->uid) {
        throw Refusal("data folder " + folder + " belongs to " + in_words(owner) + ", but [server] user is " +
                      in_words(*wanted) + ": chown -R " + std::to_string(wanted->uid) + ":" +
                      std::to_string(wanted->gid) + " " + folder + ", or set [server] user to its owner");
    }
    become(*wanted);
    return "";
}

void raise_descriptor_limit() noexcept {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max) return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

} // namespace pillarbox::appliance
