// The tables `mailbox`, `keyword` and `subscription` of mail.db.
#include "store/table_mailbox.h"

#include "store/db.h"

namespace pillarbox::store {

namespace mailbox_table {
namespace {

#define MAILBOX_COLUMNS                                                                                                \
    "id, account, name, uidvalidity, uidnext, modseq, listed, floor, first_recent, messages, unseen, deleted,"         \
    " octets, deleted_octets, special_use"

Mailbox read(const Statement& query) {
    Mailbox row;
    row.id = MailboxId{query.integer(0)};
    row.account = AccountId{query.integer(1)};
    row.name = query.text(2);
    row.uidvalidity = UidValidity{query.integer32(3)};
    row.uidnext = Uid{query.integer32(4)};
    row.modseq = ModSeq{static_cast<std::uint64_t>(query.integer(5))};
    row.listed = ModSeq{static_cast<std::uint64_t>(query.integer(6))};
    row.floor = ModSeq{static_cast<std::uint64_t>(query.integer(7))};
    row.first_recent = Uid{query.integer32(8)};
    row.messages = query.integer(9);
    row.unseen = query.integer(10);
    row.deleted = query.integer(11);
    row.octets = query.integer(12);
    row.deleted_octets = query.integer(13);
    row.special_use = static_cast<SpecialUse>(query.integer(14));
    return row;
}

} // namespace

std::optional<Mailbox> get(Db& db, MailboxId id) {
    auto query = db.prepare("SELECT " MAILBOX_COLUMNS " FROM mailbox WHERE id = ? AND deleted_at IS NULL");
    query.bind(id);
    if (!query.step()) return std::nullopt;
    return read(query);
}

std::optional<Mailbox> get(Db& db, AccountId account, std::string_view name) {
    auto query =
        db.prepare("SELECT " MAILBOX_COLUMNS " FROM mailbox WHERE account = ? AND name = ? AND deleted_at IS NULL");
    query.bind(account).bind_text(name);
    if (!query.step()) return std::nullopt;
    return read(query);
}

std::vector<Mailbox> all(Db& db, AccountId account) {
    std::vector<Mailbox> rows;
    auto query =
        db.prepare("SELECT " MAILBOX_COLUMNS " FROM mailbox WHERE account = ? AND deleted_at IS NULL ORDER BY name");
    query.bind(account);
    while (query.step()) rows.push_back(read(query));
    return rows;
}

std::int64_t count(Db& db, AccountId account) {
    auto query = db.prepare("SELECT count(*) FROM mailbox WHERE account = ? AND deleted_at IS NULL");
    query.bind(account).step();
    return query.integer(0);
}

void insert(Db& db, const Mailbox& row) {
    db.prepare("INSERT INTO mailbox(" MAILBOX_COLUMNS ") VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(row.id)
        .bind(row.account)
        .bind_text(row.name)
        .bind(row.uidvalidity)
        .bind(row.uidnext)
        .bind(row.modseq)
        .bind(row.listed)
        .bind(row.floor)
        .bind(row.first_recent)
        .bind(row.messages)
        .bind(row.unseen)
        .bind(row.deleted)
        .bind(row.octets)
        .bind(row.deleted_octets)
        .bind(static_cast<int>(row.special_use))
        .run();
}

void update(Db& db, const Mailbox& row) {
    db.prepare("UPDATE mailbox SET name = ?, uidnext = ?, modseq = ?, listed = ?, floor = ?, first_recent = ?,"
               " messages = ?, unseen = ?, deleted = ?, octets = ?, deleted_octets = ?, special_use = ? WHERE id = ?")
        .bind_text(row.name)
        .bind(row.uidnext)
        .bind(row.modseq)
        .bind(row.listed)
        .bind(row.floor)
        .bind(row.first_recent)
        .bind(row.messages)
        .bind(row.unseen)
        .bind(row.deleted)
        .bind(row.octets)
        .bind(row.deleted_octets)
        .bind(static_cast<int>(row.special_use))
        .bind(row.id)
        .run();
}

void bury(Db& db, MailboxId id, std::int64_t when) {
    db.prepare("UPDATE mailbox SET deleted_at = ? WHERE id = ?").bind(when).bind(id).run();
}

std::optional<MailboxId> tombstone(Db& db, std::int64_t before) {
    auto query = db.prepare("SELECT id FROM mailbox WHERE deleted_at < ? ORDER BY deleted_at LIMIT 1");
    query.bind(before);
    if (!query.step()) return std::nullopt;
    return MailboxId{query.integer(0)};
}

void remove(Db& db, MailboxId id) {
    db.prepare("DELETE FROM keyword WHERE mailbox = ?").bind(id).run();
    db.prepare("DELETE FROM acl WHERE mailbox = ?").bind(id).run();
    db.prepare("DELETE FROM reader WHERE mailbox = ?").bind(id).run();
    db.prepare("DELETE FROM reader_flag WHERE mailbox = ?").bind(id).run();
    db.prepare("DELETE FROM mailbox WHERE id = ?").bind(id).run();
}

} // namespace mailbox_table

namespace keyword_table {

Keywords get(Db& db, MailboxId mailbox) {
    Keywords keywords;
    auto query = db.prepare("SELECT slot, name FROM keyword WHERE mailbox = ?");
    query.bind(mailbox);
    while (query.step()) {
        const auto slot = static_cast<std::size_t>(query.integer(0));
        if (slot >= keywords.names.size()) keywords.names.resize(slot + 1);
        keywords.names[slot] = query.text(1);
    }
    return keywords;
}

void set(Db& db, MailboxId mailbox, int slot, std::string_view name) {
    db.prepare("INSERT INTO keyword(mailbox, slot, name) VALUES(?, ?, ?)")
        .bind(mailbox)
        .bind(slot)
        .bind_text(name)
        .run();
}

void remove(Db& db, MailboxId mailbox, int slot) {
    db.prepare("DELETE FROM keyword WHERE mailbox = ? AND slot = ?").bind(mailbox).bind(slot).run();
}

} // namespace keyword_table

namespace subscription_table {

std::vector<std::string> all(Db& db, AccountId account) {
    std::vector<std::string> names;
    auto query = db.prepare("SELECT name FROM subscription WHERE account = ? ORDER BY name");
    query.bind(account);
    while (query.step()) names.emplace_back(query.text(0));
    return names;
}

void add(Db& db, AccountId account, std::string_view name) {
    db.prepare("INSERT INTO subscription(account, name) VALUES(?, ?) ON CONFLICT DO NOTHING")
        .bind(account)
        .bind_text(name)
        .run();
}

void remove(Db& db, AccountId account, std::string_view name) {
    db.prepare("DELETE FROM subscription WHERE account = ? AND name = ?").bind(account).bind_text(name).run();
}

} // namespace subscription_table

} // namespace pillarbox::store
