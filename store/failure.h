// What ends the use of a store, as against what refuses one request (StoreError).
#pragma once

#include <stdexcept>

namespace pillarbox::store {

/// The store cannot be opened or used: what() tells an administrator why and what to do.
struct StoreFailure : std::runtime_error {
    using std::runtime_error::runtime_error;
};

} // namespace pillarbox::store
