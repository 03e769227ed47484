// What LIST and STATUS ask for (RFC 9051 6.3.9 and 6.3.11, RFC 6154).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace pillarbox::imap {

/// STATUS data items, in the order they were asked for.
enum class StatusItem : std::uint8_t { messages, recent, uidnext, uidvalidity, unseen, deleted, size };
using StatusItems = std::vector<StatusItem>;

struct ListRequest {
    bool extended = false; ///< an empty pattern means nothing special (RFC 9051 6.3.9)
    std::string reference;
    std::vector<std::string> patterns;
    bool select_subscribed = false, select_special_use = false, recursive_match = false;
    bool return_subscribed = false, return_children = false, return_special_use = false;
    StatusItems status; ///< empty: no STATUS return option
};

} // namespace pillarbox::imap
