// The tables `mailbox`, `keyword` and `subscription` of mail.db.
#pragma once

#include "store/rows.h"

#include <optional>
#include <string>
#include <vector>

namespace pillarbox::store {

class Db;

namespace mailbox_table {
/// Deleted mailboxes (tombstones) are never answered, but by tombstone().
std::optional<Mailbox> get(Db& db, MailboxId id);
std::optional<Mailbox> get(Db& db, AccountId account, std::string_view name);
std::vector<Mailbox> all(Db& db, AccountId account);
std::int64_t count(Db& db, AccountId account);
void insert(Db& db, const Mailbox& row);
/// Writes all columns but id, account, uidvalidity and deleted_at.
void update(Db& db, const Mailbox& row);
/// Makes it a tombstone as of that unix time.
void bury(Db& db, MailboxId id, std::int64_t when);
/// A tombstone from before that time, oldest first.
std::optional<MailboxId> tombstone(Db& db, std::int64_t before);
/// Removes the row of an emptied tombstone with its keywords, rights and annotations.
void remove(Db& db, MailboxId id);
} // namespace mailbox_table

namespace keyword_table {
Keywords get(Db& db, MailboxId mailbox);
void set(Db& db, MailboxId mailbox, int slot, std::string_view name);
void remove(Db& db, MailboxId mailbox, int slot);
} // namespace keyword_table

namespace subscription_table {
std::vector<std::string> all(Db& db, AccountId account);
void add(Db& db, AccountId account, std::string_view name);
void remove(Db& db, AccountId account, std::string_view name);
} // namespace subscription_table

} // namespace pillarbox::store
