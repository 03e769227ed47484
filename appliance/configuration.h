// Finds, reads and checks the configuration of a site.
#pragma once

#include "appliance/config_error.h"
#include "appliance/settings.h"

#include <string>
#include <string_view>
#include <vector>

namespace pillarbox::appliance {

/// Where settings come from.
struct ConfigSources {
    std::string data;              // the data folder
    std::string file;              // --config; "" looks for DATA/<hostname>.ini, then DATA/pillarbox.ini
    std::vector<std::string> sets; // --set SECTION.KEY=VALUE, stronger than the file
};

struct Configuration {
    Settings settings;
    std::string file;                // the one that was read
    std::vector<std::string> values; // in force, as written; in the order of keys()
};

/// Reads and checks everything. Throws ConfigError naming file, line and key.
Configuration load_configuration(const ConfigSources& sources);

/// What a text and --set values make. Throws ConfigError.
/// @param name  the file's name, for the error's text
/// @param system_hostname  stands in for [site] hostname
Configuration make_configuration(std::string_view text, const std::string& name, const std::vector<std::string>& sets,
                                 const std::string& system_hostname);

/// A file of a setting: relative names are looked for in the data folder; "-" stays.
std::string in_data_folder(const std::string& data, const std::string& file);

/// What is in force once a running server has read a new configuration: its keys that are read at start stay.
Configuration reloaded(const Configuration& running, const Configuration& wanted);

/// The keys in which two configurations differ although only a restart puts them in force, as "[smtp] listen, [smtp]
/// submission".
std::string waits_for_restart(const Configuration& running, const Configuration& wanted);

/// The system's host name, lower case; "localhost" when it has none that could be one.
std::string system_hostname();

} // namespace pillarbox::appliance
