// What happens to one accepted message for one recipient: today it goes to the INBOX.
#include "smtp/delivery/rules.h"

#include "smtp/trace.h"

namespace pillarbox::delivery {

store::Delivery Rules::evaluate(store::Claimed claim) const {
    store::Delivery delivery;
    delivery.account = claim.recipient().account;
    delivery.prefix = smtp::delivery_prefix(claim.envelope->sender, claim.recipient().address);
    delivery.claim = std::move(claim);
    return delivery;
}

} // namespace pillarbox::delivery
