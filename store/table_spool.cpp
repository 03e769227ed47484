// The tables `spool` and `spool_rcpt` of mail.db.
#include "store/table_spool.h"

#include "store/db.h"

namespace pillarbox::store::spool_table {
namespace {

constexpr int kind_local = 0, kind_remote = 1;

void insert_recipient(Db& db, SpoolId id, std::uint32_t n, const SpoolRecipient& recipient, std::int64_t now) {
    const bool local = recipient.account.value != 0;
    std::string destination;
    if (!local) destination = recipient.address.substr(recipient.address.rfind('@') + 1);
    db.prepare("INSERT INTO spool_rcpt(spool, n, address, account, orcpt, notify, kind, destination, state, hold,"
               " next_try, tries, delay_told, last_reply) VALUES(?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, 0, 0, '')")
        .bind(id)
        .bind(n)
        .bind_text(recipient.address)
        .bind(recipient.account)
        .bind_text(recipient.orcpt)
        .bind(static_cast<int>(recipient.notify))
        .bind(local ? kind_local : kind_remote)
        .bind_text(destination)
        .bind(now)
        .run();
}

void load_recipients(Db& db, Stored& entry) {
    auto query = db.prepare("SELECT n, address, account, orcpt, notify, next_try, tries FROM spool_rcpt"
                            " WHERE spool = ? ORDER BY n");
    query.bind(entry.id);
    while (query.step()) {
        const auto n = query.integer32(0);
        entry.envelope.recipients.resize(n + 1);
        SpoolRecipient& recipient = entry.envelope.recipients[n];
        recipient.address = query.text(1);
        recipient.account = AccountId{query.integer(2)};
        recipient.orcpt = query.text(3);
        recipient.notify = static_cast<std::uint8_t>(query.integer(4));
        entry.due.push_back(Due{entry.id, n, query.integer32(6), query.integer(5)});
    }
}

} // namespace

void insert(Db& db, SpoolId id, MessageId message, const SpoolEnvelope& envelope, std::int64_t now) {
    constexpr std::int64_t five_days = 5 * 86400; // RFC 5321 4.5.4.1
    db.prepare("INSERT INTO spool(id, message, origin, sender, envid, ret, flags, accepted, expires)"
               " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(id)
        .bind(message)
        .bind_text(envelope.transaction)
        .bind_text(envelope.sender)
        .bind_text(envelope.envid)
        .bind(static_cast<int>(envelope.ret))
        .bind(envelope.flags)
        .bind(now)
        .bind(now + five_days)
        .run();
    for (std::uint32_t n = 0; n < envelope.recipients.size(); ++n)
        insert_recipient(db, id, n, envelope.recipients[n], now);
}

std::vector<Stored> load(Db& db, SpoolId after, int count) {
    std::vector<Stored> entries;
    auto query = db.prepare("SELECT id, message, origin, sender, envid, ret, flags FROM spool WHERE id > ?"
                            " ORDER BY id LIMIT ?");
    query.bind(after).bind(count);
    while (query.step()) {
        Stored entry;
        entry.id = SpoolId{query.integer(0)};
        entry.message = MessageId{query.integer(1)};
        entry.envelope.transaction = query.text(2);
        entry.envelope.sender = query.text(3);
        entry.envelope.envid = query.text(4);
        entry.envelope.ret = static_cast<std::uint8_t>(query.integer(5));
        entry.envelope.flags = query.integer32(6);
        entries.push_back(std::move(entry));
    }
    query.reset();
    for (Stored& entry : entries) load_recipients(db, entry);
    return entries;
}

bool remove_recipient(Db& db, SpoolId id, std::uint32_t n) {
    db.prepare("DELETE FROM spool_rcpt WHERE spool = ? AND n = ?").bind(id).bind(n).run();
    if (db.changes() == 0) return false;
    auto left = db.prepare("SELECT 1 FROM spool_rcpt WHERE spool = ? LIMIT 1");
    left.bind(id);
    if (!left.step()) db.prepare("DELETE FROM spool WHERE id = ?").bind(id).run();
    return true;
}

void postpone(Db& db, SpoolId id, std::uint32_t n, std::int64_t next_try, std::string_view reason) {
    db.prepare("UPDATE spool_rcpt SET next_try = ?, tries = tries + 1, last_reply = ? WHERE spool = ? AND n = ?")
        .bind(next_try)
        .bind_text(reason)
        .bind(id)
        .bind(n)
        .run();
}

std::int64_t recipients(Db& db) {
    auto query = db.prepare("SELECT count(*) FROM spool_rcpt");
    query.step();
    return query.integer(0);
}

} // namespace pillarbox::store::spool_table
