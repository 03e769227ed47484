// The tables `entry`, `envelope`, `expunged` and `thread_key` of mail.db: which messages a mailbox shows.
#pragma once

#include "store/rows.h"
#include "store/uid_set.h"

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

namespace pillarbox::store {

class Db;

namespace entry_table {
void insert(Db& db, MailboxId mailbox, const Entry& entry);
std::optional<Entry> get(Db& db, MailboxId mailbox, Uid uid);
/// Entries with first <= uid <= last, ascending, while the function says true; false: it stopped.
bool scan(Db& db, MailboxId mailbox, std::uint32_t first, std::uint32_t last,
          const std::function<bool(const Entry&)>& each);
/// The UIDs from `first` on, at most count.
std::vector<std::uint32_t> uids(Db& db, MailboxId mailbox, std::uint32_t first, std::size_t count);
void set_flags(Db& db, MailboxId mailbox, Uid uid, Flags flags, ModSeq modseq);
void remove(Db& db, MailboxId mailbox, Uid uid); // with its envelope
/// Moves all entries of one mailbox to another that is empty (RENAME INBOX), stamping them.
void rehome(Db& db, MailboxId from, MailboxId to, ModSeq modseq);
/// Writes a tombstone without a reference for every entry of a mailbox (RENAME INBOX).
void tombstones(Db& db, MailboxId mailbox, ModSeq modseq, std::int64_t now);
/// The union of all flags in use in a mailbox.
Flags flags_in_use(Db& db, MailboxId mailbox);
Uid first_unseen(Db& db, MailboxId mailbox);
} // namespace entry_table

namespace envelope_table {
void insert(Db& db, MailboxId mailbox, const EnvelopeRow& row);
bool scan(Db& db, MailboxId mailbox, std::uint32_t first, std::uint32_t last,
          const std::function<bool(const EnvelopeRow&)>& each);
/// Copies one row to another place, email and thread kept.
void copy(Db& db, MailboxId from, Uid uid, MailboxId to, Uid new_uid);
EmailId email(Db& db, MailboxId mailbox, Uid uid);
} // namespace envelope_table

namespace expunged_table {
/// @param kept  unix seconds of now; negated when no reference to the message is kept for undelete
void insert(Db& db, MailboxId mailbox, ModSeq modseq, Uid uid, EmailId email, MessageId message, std::int64_t kept);
UidSet since(Db& db, MailboxId mailbox, ModSeq modseq);
struct Kept {
    MailboxId mailbox;
    ModSeq modseq;
    Uid uid;
    MessageId message;
    std::int64_t kept;
};
/// Rows in key order behind `after`, at most count; for pruning by age.
std::vector<Kept> walk(Db& db, const Kept& after, int count);
void remove(Db& db, const Kept& row);
} // namespace expunged_table

namespace thread_table {
std::optional<ThreadId> get(Db& db, AccountId account, std::int64_t hash);
void add(Db& db, AccountId account, std::int64_t hash, ThreadId thread); // keeps what is there
} // namespace thread_table

} // namespace pillarbox::store
