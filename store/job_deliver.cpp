// Jobs Deliver, Postpone and Discard: a recipient's way out of the spool (DESIGN 2.3).
#include "store/db.h"
#include "store/jobs.h"
#include "store/message/envelope.h"
#include "store/snapshot.h"
#include "store/table_mailbox.h"
#include "store/table_message.h"
#include "store/table_spool.h"

#include <algorithm>

namespace pillarbox::store {
namespace {

/// What delivery needs of a message; after a restart it is read from the store again.
message::ParsedMessage parsed_again(Writing& writing, MessageId id) {
    message::ParsedMessage parsed;
    if (const auto row = message_table::get(writing.db(), id)) parsed.size = static_cast<std::uint64_t>(row->size);
    const auto header = header_table::get(writing.db(), id);
    if (!header) return parsed;
    const std::uint64_t size = parsed.size;
    parsed = message::parse_message(header->data); // envelope and thread ids come from the header alone
    parsed.size = size;
    return parsed;
}

} // namespace

Result<Delivered> deliver_entry(Writing& writing, const Delivery& delivery, MessageId message,
                                const message::ParsedMessage& parsed) {
    if (!writing.account(delivery.account)) return refused(StoreError::not_found);
    const auto mailbox = mailbox_for_delivery(writing, delivery.account, delivery.mailbox);
    if (!mailbox) return refused(mailbox.error());
    NewEntry entry;
    entry.message = message;
    entry.size = static_cast<std::int64_t>(parsed.size);
    entry.flags = delivery.flags;
    entry.internal_date = writing.now();
    entry.prefix = delivery.prefix;
    entry.envelope = parsed.envelope;
    entry.email = EmailId{writing.next_id()};
    entry.thread = thread_of(writing, delivery.account, parsed, entry.email);

    Delivered delivered;
    delivered.mailbox = *mailbox;
    delivered.name = delivery.mailbox;
    delivered.email = entry.email;
    delivered.uid = add_entry(writing, *mailbox, entry);
    delivered.uidvalidity = writing.mailbox(*mailbox)->uidvalidity;
    return delivered;
}

Result<Delivered> Deliver::run(Writing& writing) {
    const Claimed& claim = delivery.claim;
    if (!spool_table::remove_recipient(writing.db(), claim.spool, claim.n)) return refused(StoreError::not_found);
    message::ParsedMessage again;
    if (!claim.prepared) again = parsed_again(writing, claim.message);
    const message::ParsedMessage& parsed = claim.prepared ? claim.prepared->parsed : again;

    const auto delivered = deliver_entry(writing, delivery, claim.message, parsed);
    if (!delivered) return delivered;
    AccountRow& account = writing.change_account(delivery.account);
    account.reserved = std::max<std::int64_t>(0, account.reserved - static_cast<std::int64_t>(parsed.size));
    return delivered;
}

Result<Done> Postpone::run(Writing& writing) {
    spool_table::postpone(writing.db(), spool, n, next_try, reason);
    return Done{};
}

Result<Done> Discard::run(Writing& writing) {
    if (!spool_table::remove_recipient(writing.db(), spool, n)) return refused(StoreError::not_found);
    unref_table::add(writing.db(), message);
    return Done{};
}

} // namespace pillarbox::store
