// Finds, reads and checks the configuration of a site.
#include "appliance/configuration.h"

#include "appliance/ini.h"
#include "appliance/keys.h"
#include "appliance/values.h"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

namespace pillarbox::appliance {

namespace {

constexpr std::size_t largest_file = 256 << 10;

/// Puts one value in force; an error is told for the place it came from.
void apply(Configuration& configuration, const std::string& place, std::string_view section, std::string_view name,
           std::string_view value) {
    const Key* const key = find_key(section, name);
    if (key == nullptr) throw ConfigError(place + ": " + describe_unknown(section, name));
    try {
        key->set(configuration.settings, value);
    } catch (const BadValue& wrong) {
        const std::string shown = value.empty() ? "an empty value" : "\"" + std::string(value) + "\"";
        throw ConfigError(place + ": [" + std::string(section) + "] " + std::string(name) + ": " + shown + " " +
                          wrong.what());
    }
    configuration.values[static_cast<std::size_t>(key - keys().data())] = value;
}

void apply_set(Configuration& configuration, const std::string& set) {
    const std::string place = "--set " + set;
    const auto equals = set.find('=');
    const auto dot = set.find('.');
    if (equals == std::string::npos || dot == std::string::npos || dot > equals) {
        throw ConfigError(place + ": must be SECTION.KEY=VALUE");
    }
    const std::string_view text = set;
    apply(configuration, place, text.substr(0, dot), text.substr(dot + 1, equals - dot - 1), text.substr(equals + 1));
}

/// Fills in what may be left empty, and refuses a site that serves nothing.
void complete(Settings& settings, const std::string& name, const std::string& system_name) {
    if (settings.site.hostname.empty()) settings.site.hostname = system_name;
    const bool any_listener = !settings.smtp.listen.empty() || !settings.smtp.submission.empty() ||
                              !settings.smtp.submissions.empty() || !settings.imap.listen.empty() ||
                              !settings.imap.listen_tls.empty();
    if (!any_listener) throw ConfigError(name + ": every listener of [smtp] and [imap] is off: nothing to serve");
}

bool exists(const std::string& file) { return access(file.c_str(), F_OK) == 0; }

std::string read_file(const std::string& file) {
    struct stat status {};
    if (stat(file.c_str(), &status) != 0) throw ConfigError(file + ": " + std::strerror(errno));
    if (!S_ISREG(status.st_mode)) throw ConfigError(file + ": is not a file");
    if (static_cast<std::size_t>(status.st_size) > largest_file) throw ConfigError(file + ": is larger than 256 KiB");
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    if (!in) throw ConfigError(file + ": cannot be read: " + std::strerror(errno));
    return text.str();
}

std::string find_file(const ConfigSources& sources, const std::string& hostname) {
    if (!sources.file.empty()) return sources.file;
    const std::string own = sources.data + "/" + hostname + ".ini", common = sources.data + "/pillarbox.ini";
    if (exists(own)) return own;
    if (exists(common)) return common;
    throw ConfigError("no configuration: neither " + own + " nor " + common +
                      " is there; `pillarbox init` makes a new site, --config names a file elsewhere");
}

} // namespace

Configuration make_configuration(std::string_view text, const std::string& name, const std::vector<std::string>& sets,
                                 const std::string& system_hostname) {
    Configuration configuration;
    configuration.file = name;
    configuration.values.resize(keys().size());
    for (const auto& key : keys()) apply(configuration, "default", key.section, key.name, key.fallback);
    for (const auto& entry : read_ini(text, name)) {
        apply(configuration, name + ":" + std::to_string(entry.line), entry.section, entry.key, entry.value);
    }
    for (const auto& set : sets) apply_set(configuration, set);
    complete(configuration.settings, name, system_hostname);
    return configuration;
}

Configuration load_configuration(const ConfigSources& sources) {
    const std::string hostname = system_hostname();
    const std::string file = find_file(sources, hostname);
    return make_configuration(read_file(file), file, sources.sets, hostname);
}

std::string in_data_folder(const std::string& data, const std::string& file) {
    if (file == "-" || (!file.empty() && file.front() == '/')) return file;
    return data + "/" + file;
}

Configuration reloaded(const Configuration& running, const Configuration& wanted) {
    Configuration result = wanted;
    for (std::size_t at = 0; at < keys().size(); ++at) {
        const Key& key = keys()[at];
        if (key.at_start) apply(result, running.file, key.section, key.name, running.values[at]);
    }
    complete(result.settings, running.file, running.settings.site.hostname);
    return result;
}

std::string waits_for_restart(const Configuration& running, const Configuration& wanted) {
    std::string names;
    for (std::size_t at = 0; at < keys().size(); ++at) {
        const Key& key = keys()[at];
        if (!key.at_start || running.values[at] == wanted.values[at]) continue;
        names += (names.empty() ? "[" : ", [") + std::string(key.section) + "] " + std::string(key.name);
    }
    return names;
}

std::string system_hostname() {
    std::array<char, 256> name{};
    if (gethostname(name.data(), name.size() - 1) != 0) return "localhost";
    try {
        const std::string host = parse_host(name.data());
        return host.empty() ? "localhost" : host;
    } catch (const BadValue&) {
        return "localhost";
    }
}

} // namespace pillarbox::appliance
