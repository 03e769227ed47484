// The tables `account` and `meta` of mail.db.
#include "store/table_account.h"

#include "store/db.h"

namespace pillarbox::store {

namespace meta_table {

std::optional<std::int64_t> get(Db& db, std::string_view key) {
    auto query = db.prepare("SELECT value FROM meta WHERE key = ?");
    query.bind_text(key);
    if (!query.step()) return std::nullopt;
    return query.integer(0);
}

void set(Db& db, std::string_view key, std::int64_t value) {
    db.prepare("INSERT INTO meta(key, value) VALUES(?, ?) ON CONFLICT(key) DO UPDATE SET value = excluded.value")
        .bind_text(key)
        .bind(value)
        .run();
}

} // namespace meta_table

namespace account_table {
namespace {

AccountRow read(const Statement& query) {
    AccountRow row;
    row.id = AccountId{query.integer(0)};
    row.octets = query.integer(1);
    row.messages = query.integer(2);
    row.reserved = query.integer(3);
    row.modseq = ModSeq{static_cast<std::uint64_t>(query.integer(4))};
    row.next_uidvalidity = query.integer32(5);
    return row;
}

} // namespace

std::optional<AccountRow> get(Db& db, AccountId id) {
    auto query =
        db.prepare("SELECT id, octets, messages, reserved, modseq, next_uidvalidity FROM account WHERE id = ?");
    query.bind(id);
    if (!query.step()) return std::nullopt;
    return read(query);
}

void insert(Db& db, const AccountRow& row) {
    db.prepare("INSERT INTO account(id, octets, messages, reserved, modseq, next_uidvalidity) VALUES(?, ?, ?, ?, ?, ?)")
        .bind(row.id)
        .bind(row.octets)
        .bind(row.messages)
        .bind(row.reserved)
        .bind(row.modseq)
        .bind(row.next_uidvalidity)
        .run();
}

void update(Db& db, const AccountRow& row) {
    db.prepare("UPDATE account SET octets = ?, messages = ?, reserved = ?, modseq = ?, next_uidvalidity = ?"
               " WHERE id = ?")
        .bind(row.octets)
        .bind(row.messages)
        .bind(row.reserved)
        .bind(row.modseq)
        .bind(row.next_uidvalidity)
        .bind(row.id)
        .run();
}

void remove(Db& db, AccountId id) { db.prepare("DELETE FROM account WHERE id = ?").bind(id).run(); }

std::vector<AccountRow> all(Db& db) {
    std::vector<AccountRow> rows;
    auto query = db.prepare("SELECT id, octets, messages, reserved, modseq, next_uidvalidity FROM account ORDER BY id");
    while (query.step()) rows.push_back(read(query));
    return rows;
}

} // namespace account_table

} // namespace pillarbox::store
