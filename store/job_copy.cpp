// Job Copy: COPY and MOVE in one transaction, whatever their size (RFC 9051 6.4.7 and 6.4.8, RFC 6851).
#include "store/db.h"
#include "store/jobs.h"
#include "store/table_entry.h"
#include "store/table_mailbox.h"
#include "store/table_message.h"

namespace pillarbox::store {
namespace {

/// Keyword bits of one mailbox to those of another, by name.
class KeywordMap {
public:
    KeywordMap(Writing& writing, MailboxId source, MailboxId target)
        : writing_(writing), target_(target), same_(source == target),
          names_(keyword_table::get(writing.db(), source)) {}

    Result<Flags> map(Flags flags) {
        if (same_ || !(flags & ~flag::system)) return flags;
        FlagChange change;
        change.system = flags & flag::system;
        for (std::size_t slot = 0; slot < names_.names.size(); ++slot)
            if (flags >> (slot + flag::first_keyword) & 1) change.keywords.push_back(names_.names[slot]);
        if (flags == last_) return mapped_;
        auto bits = flag_bits(writing_, target_, change);
        if (bits) {
            last_ = flags;
            mapped_ = *bits;
        }
        return bits;
    }

private:
    Writing& writing_;
    MailboxId target_;
    bool same_;
    Keywords names_;
    Flags last_ = 0, mapped_ = 0; // runs of equal flags are the rule
};

void add_pair(Copied& copied, Uid from, Uid to) {
    if (!copied.from.empty() && copied.from.back().last + 1 == from.value && copied.to.back().last + 1 == to.value) {
        ++copied.from.back().last;
        ++copied.to.back().last;
        return;
    }
    copied.from.push_back(UidRange{from.value, from.value});
    copied.to.push_back(UidRange{to.value, to.value});
}

std::vector<Entry> entries_of(Writing& writing, MailboxId mailbox, const UidSet& uids) {
    std::vector<Entry> entries;
    for (const UidRange& range : uids.ranges())
        entry_table::scan(writing.db(), mailbox, range.first, range.last, [&](const Entry& entry) {
            entries.push_back(entry);
            return true;
        });
    return entries;
}

} // namespace

Result<Copied> Copy::run(Writing& writing) {
    const Mailbox* from = writing.mailbox(source);
    if (!from) return refused(StoreError::mailbox_gone);
    const Mailbox* to = writing.mailbox(target);
    if (!to) return refused(StoreError::not_found);
    const AccountId target_account = to->account;
    const bool same_account = from->account == target_account;
    const std::vector<Entry> entries = entries_of(writing, source, uids);

    std::int64_t octets = 0;
    for (const Entry& entry : entries) octets += entry.size;
    if (!(move && same_account)) { // moving within an account needs no more room
        const auto allowed =
            charge_allowed(writing, target_account, limits, octets, static_cast<std::int64_t>(entries.size()));
        if (!allowed) return refused(allowed.error());
    }

    Copied copied;
    copied.target_uidvalidity = to->uidvalidity;
    KeywordMap keywords(writing, source, target);
    for (const Entry& entry : entries) {
        const auto flags = keywords.map(entry.flags);
        if (!flags) return refused(flags.error());
        NewEntry added; // the envelope row is copied as it is: email, thread and prefix stay
        added.message = entry.message;
        added.size = entry.size;
        added.flags = *flags;
        added.internal_date = entry.internal_date;
        const Uid uid = add_entry(writing, target, added);
        envelope_table::copy(writing.db(), source, entry.uid, target, uid);
        message_table::add_refs(writing.db(), entry.message, 1);
        add_pair(copied, entry.uid, uid);
        if (!move) continue;
        drop_entry(writing, source, entry, 0); // the moved message is its own copy: no undelete
        copied.expunged.add(entry.uid);
    }
    if (move && !entries.empty()) copied.modseqs.push_back(writing.mailbox(source)->modseq);
    return copied;
}

} // namespace pillarbox::store
