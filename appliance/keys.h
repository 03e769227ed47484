// The table of all settings: what may stand in a configuration, what it means and what holds without it.
#pragma once

#include "appliance/settings.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace pillarbox::appliance {

struct Key {
    std::string_view section, name;
    std::string_view fallback; // the value that holds when the key is absent, as it would be written
    std::string_view help;     // what it means: lines for etc/pillarbox.ini, each at most 110 octets
    bool at_start;             // a change waits for the next start; else a reload is enough
    /// Puts a value into the settings; throws BadValue.
    void (*set)(Settings& settings, std::string_view value);
};

/// In the order of etc/pillarbox.ini.
const std::vector<Key>& keys();

/// nullptr: there is no such key.
const Key* find_key(std::string_view section, std::string_view name);

/// What to say of a key that is not in the table: names the keys its section does have.
std::string describe_unknown(std::string_view section, std::string_view name);

/// The commented configuration file that lists every key, with its default or the value given here for it.
/// @param values  by "section.key"
std::string sample_configuration(const std::map<std::string, std::string>& values = {});

} // namespace pillarbox::appliance
