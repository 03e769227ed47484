// Opening a mailbox: finds it and has the hub load its map when no other session has it open.
#pragma once

#include "store/view.h"

#include <string>

namespace pillarbox::store {

/// What SELECT and EXAMINE need of a mailbox on this volume. Errors: not_found.
runtime::Task<Result<Opened>> open_view(Volume& volume, AccountId owner, AccountId reader, std::string name,
                                        bool writable);

} // namespace pillarbox::store
