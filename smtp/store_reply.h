// The store's refusals in the words of SMTP (RFC 5321 4.2.2, RFC 3463).
#pragma once

#include "smtp/reply.h"
#include "store/types.h"

namespace pillarbox::smtp {

/// How a mail client or relay is told what the store said: what may pass is 4yz, what will not is 5yz.
Reply reply_to(store::StoreError error);

} // namespace pillarbox::smtp
