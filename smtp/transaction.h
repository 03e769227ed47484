// One envelope on its way in: from MAIL to the answer after the data (RFC 5321 3.3).
#pragma once

#include "smtp/envelope.h"
#include "store/spool.h"

#include <string>
#include <vector>

namespace pillarbox::smtp {

/// What one MAIL began. The session has at most one; RSET, EHLO and the end of DATA end it.
struct Transaction {
    std::string id; // in the Received field, the 250 and every log line
    MailCommand mail;
    std::vector<store::SpoolRecipient> recipients; // accepted ones
    unsigned refused = 0;                          // RCPTs that were not

    /// Accepts a recipient. A mailbox gets a message once, whichever of its addresses name it (RFC 5321 3.9: an alias
    /// is replaced by what it stands for).
    void add(const Address& address, store::AccountId account);
};

} // namespace pillarbox::smtp
