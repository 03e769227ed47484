// Names of refusals and special uses.
#include "store/types.h"

#include <strings.h>

namespace pillarbox::store {

std::string_view to_string(StoreError error) {
    switch (error) {
    case StoreError::not_found:
        return "not found";
    case StoreError::exists:
        return "already exists";
    case StoreError::bad_name:
        return "bad name";
    case StoreError::cannot:
        return "not possible";
    case StoreError::read_only:
        return "read-only";
    case StoreError::mailbox_gone:
        return "mailbox was deleted";
    case StoreError::over_quota:
        return "over quota";
    case StoreError::no_space:
        return "no space on the volume";
    case StoreError::too_large:
        return "too large";
    case StoreError::limit:
        return "limit reached";
    case StoreError::has_children:
        return "has inferior mailboxes";
    case StoreError::unavailable:
        return "volume not available";
    }
    return "unknown";
}

std::string_view to_string(SpecialUse use) {
    switch (use) {
    case SpecialUse::none:
        return "";
    case SpecialUse::drafts:
        return "\\Drafts";
    case SpecialUse::sent:
        return "\\Sent";
    case SpecialUse::junk:
        return "\\Junk";
    case SpecialUse::trash:
        return "\\Trash";
    case SpecialUse::archive:
        return "\\Archive";
    }
    return "";
}

Flags Keywords::bit(std::string_view name) const {
    for (std::size_t slot = 0; slot < names.size(); ++slot) {
        const auto& have = names[slot];
        if (have.size() == name.size() && strncasecmp(have.data(), name.data(), name.size()) == 0)
            return Flags{1} << (slot + static_cast<std::size_t>(flag::first_keyword));
    }
    return 0;
}

} // namespace pillarbox::store
