// What the store refuses, in IMAP's words (RFC 5530).
#include "imap/session.h"

namespace pillarbox::imap {

Completion no(store::StoreError error) {
    using store::StoreError;
    switch (error) {
    case StoreError::not_found:
        return no("NONEXISTENT", "There is no such mailbox");
    case StoreError::exists:
        return no("ALREADYEXISTS", "There is a mailbox of that name");
    case StoreError::bad_name:
        return no("CANNOT", "A mailbox cannot have that name");
    case StoreError::cannot:
        return no("CANNOT", "That cannot be done with this mailbox");
    case StoreError::read_only:
        return no("NOPERM", "The mailbox is open for reading only");
    case StoreError::mailbox_gone:
        return no("NONEXISTENT", "The mailbox was deleted");
    case StoreError::over_quota:
        return no("OVERQUOTA", "The account's quota would be exceeded");
    case StoreError::no_space:
        return no("UNAVAILABLE", "The server is short of space, try again later");
    case StoreError::too_large:
        return no("TOOBIG", "Too large");
    case StoreError::limit:
        return no("LIMIT", "A limit of the mailbox or account is reached");
    case StoreError::has_children:
        return no("HASCHILDREN", "The mailbox has others inside it");
    case StoreError::unavailable:
        break;
    }
    return no("UNAVAILABLE", "The mailstore is closed for the moment, try again later");
}

} // namespace pillarbox::imap
