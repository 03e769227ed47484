// The store's refusals in the words of SMTP (RFC 5321 4.2.2, RFC 3463).
#include "smtp/store_reply.h"

namespace pillarbox::smtp {

Reply reply_to(store::StoreError error) {
    using store::StoreError;
    switch (error) {
    case StoreError::not_found:
        return Reply(550, "5.1.1", "No such user here");
    case StoreError::over_quota: // RFC 3463 3.3, X.2.2: its owner can make room, so a persistent transient failure
        return Reply(452, "4.2.2", "Mailbox full, try again later");
    case StoreError::no_space:
        return Reply(452, "4.3.1", "Not enough space, try again later");
    case StoreError::too_large:
        return Reply(552, "5.3.4", "Message too large");
    default:
        return Reply(451, "4.3.0", "Mail store unavailable, try again later");
    }
}

} // namespace pillarbox::smtp
