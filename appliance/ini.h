// Reads INI text: [section], key = value, comments from a semicolon on.
//
// Our own because POCO's IniFileConfiguration keeps no line numbers, lets a repeated key win in silence, takes a line
// without "=" for an empty key and keeps a comment behind a value as part of it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pillarbox::appliance {

/// One key = value with the place it stands at.
struct IniEntry {
    std::string section, key, value;
    int line = 0; // from 1
};

/// All entries in their order. A comment begins with ; at the start of a line or after a blank, so a value may hold a
/// semicolon that follows another character. Throws ConfigError naming file and line: no section yet, no "=", a
/// control character, a repeated key, a line over 4096 octets.
/// @param name  the file's name, for the error's text
std::vector<IniEntry> read_ini(std::string_view text, const std::string& name);

} // namespace pillarbox::appliance
