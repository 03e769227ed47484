// What is wrong with a setting or a configuration file.
#pragma once

#include <stdexcept>
#include <string>

namespace pillarbox::appliance {

/// A value that a key does not take; what() says what it would take, for a sentence that begins with the value.
struct BadValue : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// The configuration cannot be used. what() names file, line and key. The command ends with status 2.
struct ConfigError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

} // namespace pillarbox::appliance
