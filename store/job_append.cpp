// Job Append: a message into a mailbox by its owner (RFC 9051 6.3.12).
#include "store/jobs.h"
#include "store/table_mailbox.h"

namespace pillarbox::store {

Result<Appended> Append::run(Writing& writing) {
    const auto row = mailbox_table::get(writing.db(), account, mailbox);
    if (!row) return refused(StoreError::not_found);
    const auto size = static_cast<std::int64_t>(message->parsed.size);
    const auto allowed = charge_allowed(writing, account, limits, size, 1);
    if (!allowed) return refused(allowed.error());
    const auto bits = flag_bits(writing, row->id, flags);
    if (!bits) return refused(bits.error());

    NewEntry entry;
    entry.message = store_message(writing, *message, 1, {});
    entry.size = size;
    entry.flags = *bits;
    entry.internal_date = internal_date;
    entry.envelope = message->parsed.envelope;
    entry.email = EmailId{writing.next_id()};
    entry.thread = thread_of(writing, account, message->parsed, entry.email);
    return Appended{row->uidvalidity, add_entry(writing, row->id, entry)};
}

} // namespace pillarbox::store
