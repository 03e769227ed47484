// What an administrator may ask for, on a store that is open: the same code serves the admin socket and a command that
// works on the data itself.
#pragma once

#include "appliance/admin.h"
#include "appliance/runtime/task.h"
#include "appliance/settings.h"

#include <functional>
#include <memory>

namespace pillarbox::store {
class Store;
}
namespace pillarbox::webstatus {
struct SiteStatus;
}

namespace pillarbox::appliance {

/// What the operations work on. It outlives them.
struct Administration {
    store::Store& store;
    /// The settings in force.
    std::function<std::shared_ptr<const Settings>()> settings;
    /// The figures of the running server; empty: none runs.
    std::function<webstatus::SiteStatus()> status;
};

/// Does what is asked: enroll {name, password, quota?, messages?}, delete {name}, passwd {name, password}, status {}.
/// What cannot be done is a reply with ok = false.
runtime::Task<AdminReply> perform(Administration& administration, AdminRequest request);

} // namespace pillarbox::appliance
