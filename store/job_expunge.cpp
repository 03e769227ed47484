// Job Expunge: removal of messages with \Deleted, in slices (RFC 9051 6.4.3, RFC 4315 2.1).
#include "store/db.h"
#include "store/jobs.h"
#include "store/table_entry.h"

namespace pillarbox::store {

Result<Expunge::Value> Expunge::run(Writing& writing) {
    const Mailbox* row = writing.mailbox(mailbox);
    if (!row) return refused(StoreError::mailbox_gone);
    Value value;
    std::vector<Entry> doomed;
    if (row->deleted > 0) {
        for (const UidRange& range : uids.ranges()) {
            const bool all = entry_table::scan(writing.db(), mailbox, range.first, range.last, [&](const Entry& entry) {
                if (!(entry.flags & flag::deleted)) return true;
                if (doomed.size() == slice_rows) {
                    value.rest = uids.from(entry.uid);
                    return false;
                }
                doomed.push_back(entry);
                return true;
            });
            if (!all) break;
        }
    }
    for (const Entry& entry : doomed) {
        drop_entry(writing, mailbox, entry, undelete_seconds);
        value.expunged.uids.add(entry.uid);
    }
    value.expunged.highest = writing.mailbox(mailbox)->modseq;
    if (!doomed.empty()) value.expunged.modseqs.push_back(value.expunged.highest);
    return value;
}

} // namespace pillarbox::store
