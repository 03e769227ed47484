// Job Accept: a message into the durable spool (DESIGN 2.2).
#include "store/jobs.h"
#include "store/table_spool.h"

namespace pillarbox::store {

Result<Accept::Value> Accept::run(Writing& writing) {
    const auto recipients = static_cast<std::int64_t>(envelope->recipients.size());
    Value accepted;
    accepted.message = store_message(writing, *message, recipients, envelope->origin);
    for (const Delivery& delivery : direct) {
        const auto delivered = deliver_entry(writing, delivery, accepted.message, message->parsed);
        if (!delivered) return refused(delivered.error());
        accepted.delivered.push_back(*delivered);
    }
    if (!direct.empty()) return accepted;
    accepted.spool = SpoolId{writing.next_id()};
    spool_table::insert(writing.db(), accepted.spool, accepted.message, *envelope, writing.now());
    for (const SpoolRecipient& recipient : envelope->recipients)
        if (writing.account(recipient.account))
            writing.change_account(recipient.account).reserved += static_cast<std::int64_t>(message->parsed.size);
    return accepted;
}

} // namespace pillarbox::store
