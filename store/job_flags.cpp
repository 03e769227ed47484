// Job ChangeFlags: STORE on a slice of a mailbox (RFC 9051 6.4.6, RFC 7162 3.1.3).
#include "store/db.h"
#include "store/jobs.h"
#include "store/table_entry.h"

namespace pillarbox::store {
namespace {

Flags changed_flags(Flags before, FlagMode mode, Flags bits) {
    switch (mode) {
    case FlagMode::add:
        return before | bits;
    case FlagMode::remove:
        return before & ~bits;
    case FlagMode::replace:
        return bits;
    }
    return before;
}

/// Counters by the difference of two flag sets.
void recount(Mailbox& row, Flags before, Flags after, std::int64_t size) {
    row.unseen += ((before & flag::seen) != 0) - ((after & flag::seen) != 0);
    const int deleted = ((after & flag::deleted) != 0) - ((before & flag::deleted) != 0);
    row.deleted += deleted;
    row.deleted_octets += deleted * size;
}

/// The first entries of the set, at most a slice; what lies behind them is left in rest.
std::vector<Entry> take_slice(Writing& writing, MailboxId mailbox, const UidSet& uids, UidSet& rest) {
    std::vector<Entry> entries;
    for (const UidRange& range : uids.ranges()) {
        const bool all = entry_table::scan(writing.db(), mailbox, range.first, range.last, [&](const Entry& entry) {
            if (entries.size() == slice_rows) {
                rest = uids.from(entry.uid);
                return false;
            }
            entries.push_back(entry);
            return true;
        });
        if (!all) break;
    }
    return entries;
}

} // namespace

Result<ChangeFlags::Value> ChangeFlags::run(Writing& writing) {
    const Mailbox* row = writing.mailbox(mailbox);
    if (!row) return refused(StoreError::mailbox_gone);
    const auto bits = flag_bits(writing, mailbox, change);
    if (!bits) return refused(bits.error());

    Value value;
    ModSeq modseq{};
    for (const Entry& entry : take_slice(writing, mailbox, uids, value.rest)) {
        if (unchanged_since && entry.modseq > *unchanged_since) {
            value.changed.modified.add(entry.uid);
            continue;
        }
        const Flags after = changed_flags(entry.flags, change.mode, *bits);
        if (after == entry.flags) { // nothing to tell others, but the client gets its answer
            value.changed.changed.push_back(MessageFlags{entry.uid, after, entry.modseq});
            continue;
        }
        if (modseq.value == 0) modseq = writing.next_modseq(row->account);
        entry_table::set_flags(writing.db(), mailbox, entry.uid, after, modseq);
        recount(writing.change_mailbox(mailbox), entry.flags, after, entry.size);
        value.changed.changed.push_back(MessageFlags{entry.uid, after, modseq});
        writing.note(Note{Note::Kind::flags, mailbox, entry.uid, after, modseq});
    }
    if (modseq.value != 0) {
        writing.change_mailbox(mailbox).modseq = modseq;
        value.changed.modseqs.push_back(modseq);
    }
    return value;
}

} // namespace pillarbox::store
