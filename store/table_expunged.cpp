// The tables `expunged` (tombstones, undelete) and `thread_key` of mail.db.
#include "store/db.h"
#include "store/table_entry.h"

namespace pillarbox::store {

namespace expunged_table {

void insert(Db& db, MailboxId mailbox, ModSeq modseq, Uid uid, EmailId email, MessageId message, std::int64_t kept) {
    db.prepare("INSERT INTO expunged(mailbox, modseq, uid, email, message, kept) VALUES(?, ?, ?, ?, ?, ?)")
        .bind(mailbox)
        .bind(modseq)
        .bind(uid)
        .bind(email)
        .bind(message)
        .bind(kept)
        .run();
}

UidSet since(Db& db, MailboxId mailbox, ModSeq modseq) {
    auto query = db.prepare("SELECT uid FROM expunged WHERE mailbox = ? AND modseq > ? ORDER BY uid");
    query.bind(mailbox).bind(modseq);
    UidSet set;
    while (query.step()) set.add(Uid{query.integer32(0)});
    return set;
}

std::vector<Kept> walk(Db& db, const Kept& after, int count) {
    std::vector<Kept> rows;
    auto query = db.prepare("SELECT mailbox, modseq, uid, message, kept FROM expunged"
                            " WHERE (mailbox, modseq, uid) > (?, ?, ?) ORDER BY mailbox, modseq, uid LIMIT ?");
    query.bind(after.mailbox).bind(after.modseq).bind(after.uid).bind(count);
    while (query.step())
        rows.push_back(Kept{MailboxId{query.integer(0)}, ModSeq{static_cast<std::uint64_t>(query.integer(1))},
                            Uid{query.integer32(2)}, MessageId{query.integer(3)}, query.integer(4)});
    return rows;
}

void remove(Db& db, const Kept& row) {
    db.prepare("DELETE FROM expunged WHERE mailbox = ? AND modseq = ? AND uid = ?")
        .bind(row.mailbox)
        .bind(row.modseq)
        .bind(row.uid)
        .run();
}

} // namespace expunged_table

namespace thread_table {

std::optional<ThreadId> get(Db& db, AccountId account, std::int64_t hash) {
    auto query = db.prepare("SELECT thread FROM thread_key WHERE account = ? AND hash = ?");
    query.bind(account).bind(hash);
    if (!query.step()) return std::nullopt;
    return ThreadId{query.integer(0)};
}

void add(Db& db, AccountId account, std::int64_t hash, ThreadId thread) {
    db.prepare("INSERT INTO thread_key(account, hash, thread) VALUES(?, ?, ?) ON CONFLICT DO NOTHING")
        .bind(account)
        .bind(hash)
        .bind(thread)
        .run();
}

} // namespace thread_table

} // namespace pillarbox::store
