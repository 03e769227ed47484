// One envelope on its way in: from MAIL to the answer after the data (RFC 5321 3.3).
#include "smtp/transaction.h"

#include <algorithm>

namespace pillarbox::smtp {

void Transaction::add(const Address& address, store::AccountId account) {
    const auto same = [account](const store::SpoolRecipient& other) { return other.account == account; };
    if (std::any_of(recipients.begin(), recipients.end(), same)) return;
    store::SpoolRecipient recipient;
    recipient.address = address.text();
    recipient.account = account;
    recipients.push_back(std::move(recipient));
}

} // namespace pillarbox::smtp
