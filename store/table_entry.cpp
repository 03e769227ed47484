// The tables `entry` and `envelope` of mail.db, clustered on (mailbox, uid).
#include "store/table_entry.h"

#include "store/db.h"

namespace pillarbox::store {

namespace entry_table {
namespace {

Entry read(const Statement& query) {
    Entry entry;
    entry.uid = Uid{query.integer32(0)};
    entry.message = MessageId{query.integer(1)};
    entry.flags = static_cast<Flags>(query.integer(2));
    entry.modseq = ModSeq{static_cast<std::uint64_t>(query.integer(3))};
    entry.size = query.integer(4);
    entry.internal_date = query.integer(5);
    entry.save_date = query.integer(6);
    return entry;
}

} // namespace

void insert(Db& db, MailboxId mailbox, const Entry& entry) {
    db.prepare("INSERT INTO entry(mailbox, uid, message, flags, modseq, size, internal_date, save_date)"
               " VALUES(?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(mailbox)
        .bind(entry.uid)
        .bind(entry.message)
        .bind(entry.flags)
        .bind(entry.modseq)
        .bind(entry.size)
        .bind(entry.internal_date)
        .bind(entry.save_date)
        .run();
}

std::optional<Entry> get(Db& db, MailboxId mailbox, Uid uid) {
    auto query = db.prepare("SELECT uid, message, flags, modseq, size, internal_date, save_date FROM entry"
                            " WHERE mailbox = ? AND uid = ?");
    query.bind(mailbox).bind(uid);
    if (!query.step()) return std::nullopt;
    return read(query);
}

bool scan(Db& db, MailboxId mailbox, std::uint32_t first, std::uint32_t last,
          const std::function<bool(const Entry&)>& each) {
    auto query = db.prepare("SELECT uid, message, flags, modseq, size, internal_date, save_date FROM entry"
                            " WHERE mailbox = ? AND uid BETWEEN ? AND ? ORDER BY uid");
    query.bind(mailbox).bind(first).bind(last);
    while (query.step())
        if (!each(read(query))) return false;
    return true;
}

std::vector<std::uint32_t> uids(Db& db, MailboxId mailbox, std::uint32_t first, std::size_t count) {
    std::vector<std::uint32_t> uids;
    auto query = db.prepare("SELECT uid FROM entry WHERE mailbox = ? AND uid >= ? ORDER BY uid LIMIT ?");
    query.bind(mailbox).bind(first).bind(static_cast<std::uint64_t>(count));
    while (query.step()) uids.push_back(query.integer32(0));
    return uids;
}

void set_flags(Db& db, MailboxId mailbox, Uid uid, Flags flags, ModSeq modseq) {
    db.prepare("UPDATE entry SET flags = ?, modseq = ? WHERE mailbox = ? AND uid = ?")
        .bind(flags)
        .bind(modseq)
        .bind(mailbox)
        .bind(uid)
        .run();
}

void remove(Db& db, MailboxId mailbox, Uid uid) {
    db.prepare("DELETE FROM entry WHERE mailbox = ? AND uid = ?").bind(mailbox).bind(uid).run();
    db.prepare("DELETE FROM envelope WHERE mailbox = ? AND uid = ?").bind(mailbox).bind(uid).run();
}

void rehome(Db& db, MailboxId from, MailboxId to, ModSeq modseq) {
    db.prepare("UPDATE entry SET mailbox = ?, modseq = ? WHERE mailbox = ?").bind(to).bind(modseq).bind(from).run();
    db.prepare("UPDATE envelope SET mailbox = ? WHERE mailbox = ?").bind(to).bind(from).run();
    db.prepare("INSERT INTO keyword(mailbox, slot, name) SELECT ?, slot, name FROM keyword WHERE mailbox = ?")
        .bind(to)
        .bind(from)
        .run();
}

void tombstones(Db& db, MailboxId mailbox, ModSeq modseq, std::int64_t now) {
    db.prepare("INSERT INTO expunged(mailbox, modseq, uid, email, message, kept)"
               " SELECT mailbox, ?, uid, 0, message, ? FROM entry WHERE mailbox = ?")
        .bind(modseq)
        .bind(-now)
        .bind(mailbox)
        .run();
}

Flags flags_in_use(Db& db, MailboxId mailbox) {
    Flags all = 0;
    auto query = db.prepare("SELECT DISTINCT flags FROM entry WHERE mailbox = ?");
    query.bind(mailbox);
    while (query.step()) all |= static_cast<Flags>(query.integer(0));
    return all;
}

Uid first_unseen(Db& db, MailboxId mailbox) {
    auto query = db.prepare("SELECT uid FROM entry WHERE mailbox = ? AND flags & 1 = 0 ORDER BY uid LIMIT 1");
    query.bind(mailbox);
    return query.step() ? Uid{query.integer32(0)} : Uid{0};
}

} // namespace entry_table

namespace envelope_table {

void insert(Db& db, MailboxId mailbox, const EnvelopeRow& row) {
    db.prepare("INSERT INTO envelope(mailbox, uid, email, thread, prefix, data) VALUES(?, ?, ?, ?, ?, ?)")
        .bind(mailbox)
        .bind(row.uid)
        .bind(row.email)
        .bind(row.thread)
        .bind_blob(row.prefix)
        .bind_blob(row.data)
        .run();
}

bool scan(Db& db, MailboxId mailbox, std::uint32_t first, std::uint32_t last,
          const std::function<bool(const EnvelopeRow&)>& each) {
    auto query = db.prepare("SELECT uid, email, thread, prefix, data FROM envelope"
                            " WHERE mailbox = ? AND uid BETWEEN ? AND ? ORDER BY uid");
    query.bind(mailbox).bind(first).bind(last);
    while (query.step()) {
        EnvelopeRow row;
        row.uid = Uid{query.integer32(0)};
        row.email = EmailId{query.integer(1)};
        row.thread = ThreadId{query.integer(2)};
        row.prefix = query.blob(3);
        row.data = query.blob(4);
        if (!each(row)) return false;
    }
    return true;
}

void copy(Db& db, MailboxId from, Uid uid, MailboxId to, Uid new_uid) {
    db.prepare("INSERT INTO envelope(mailbox, uid, email, thread, prefix, data)"
               " SELECT ?, ?, email, thread, prefix, data FROM envelope WHERE mailbox = ? AND uid = ?")
        .bind(to)
        .bind(new_uid)
        .bind(from)
        .bind(uid)
        .run();
}

EmailId email(Db& db, MailboxId mailbox, Uid uid) {
    auto query = db.prepare("SELECT email FROM envelope WHERE mailbox = ? AND uid = ?");
    query.bind(mailbox).bind(uid);
    return query.step() ? EmailId{query.integer(0)} : EmailId{0};
}

} // namespace envelope_table

} // namespace pillarbox::store
