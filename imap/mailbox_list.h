// Which mailboxes a LIST names, and what it says of them (RFC 9051 6.3.9, RFC 5258, RFC 6154).
#pragma once

#include "imap/list_pattern.h"
#include "imap/list_request.h"
#include "store/rows.h"

#include <string>
#include <vector>

namespace pillarbox::imap {

/// One LIST response.
struct ListedName {
    std::string name;                        ///< as the store spells it
    const store::Mailbox* mailbox = nullptr; ///< nullptr: \NonExistent
    bool subscribed = false, has_children = false;
    bool child_info = false; ///< some mailbox below it meets the selection (RFC 9051 6.3.9.6)
};

/// The names a LIST answers with, in order.
/// @param mailboxes      those of the account; the answer points into them
/// @param subscriptions  names, existing or not
/// @param patterns       canonical; the request's own are not looked at
std::vector<ListedName> list_names(const ListRequest& request, const std::vector<ListPattern>& patterns,
                                   const std::vector<store::Mailbox>& mailboxes,
                                   const std::vector<std::string>& subscriptions);

/// The names LSUB answers with: subscribed ones, and levels above them for `%` (RFC 3501 6.3.9). mailbox is nullptr
/// for the latter, which are \Noselect.
std::vector<ListedName> lsub_names(const std::vector<ListPattern>& patterns,
                                   const std::vector<store::Mailbox>& mailboxes,
                                   const std::vector<std::string>& subscriptions);

} // namespace pillarbox::imap
