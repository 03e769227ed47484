// A command that cannot be done, said in words for whoever typed it.
#pragma once

#include <stdexcept>

namespace pillarbox::appliance {

/// The command ends with status 1 and what().
struct Refusal : std::runtime_error {
    using std::runtime_error::runtime_error;
};

} // namespace pillarbox::appliance
