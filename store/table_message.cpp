// The tables `message`, `header`, `body`, `unref` and `body_gone` of mail.db.
#include "store/table_message.h"

#include "store/db.h"
#include "store/snapshot.h"

namespace pillarbox::store {

namespace message_table {

void insert(Db& db, const MessageRow& row) {
    auto statement = db.prepare("INSERT INTO message(id, size, header_size, received, refs, encoding, file, digest,"
                                " origin) VALUES(?, ?, ?, ?, ?, 0, ?, ?, ?)");
    statement.bind(row.id).bind(row.size).bind(row.header_size).bind(row.received).bind(row.refs);
    if (row.file.empty()) {
        statement.bind_null();
    } else {
        statement.bind_text(row.file);
    }
    statement.bind_blob(row.digest).bind_blob(row.origin).run();
}

std::optional<MessageRow> get(Db& db, MessageId id) {
    auto query = db.prepare("SELECT size, header_size, received, refs, file FROM message WHERE id = ?");
    query.bind(id);
    if (!query.step()) return std::nullopt;
    MessageRow row;
    row.id = id;
    row.size = query.integer(0);
    row.header_size = query.integer(1);
    row.received = query.integer(2);
    row.refs = query.integer(3);
    row.file = query.text(4);
    return row;
}

void add_refs(Db& db, MessageId id, std::int64_t count) {
    db.prepare("UPDATE message SET refs = refs + ? WHERE id = ?").bind(count).bind(id).run();
}

std::int64_t release(Db& db, MessageId id) {
    auto statement = db.prepare("UPDATE message SET refs = refs - 1 WHERE id = ? RETURNING refs");
    statement.bind(id);
    const std::int64_t left = statement.step() ? statement.integer(0) : 0;
    while (statement.step()) {
    } // RETURNING rows come first; the change ends with the last step
    return left;
}

void remove(Db& db, MessageId id) {
    db.prepare("DELETE FROM body WHERE id = ?").bind(id).run();
    db.prepare("DELETE FROM header WHERE id = ?").bind(id).run();
    db.prepare("DELETE FROM message WHERE id = ?").bind(id).run();
}

bool names_file(Db& db, std::string_view file) {
    auto query = db.prepare("SELECT 1 FROM message WHERE file = ? LIMIT 1");
    query.bind_text(file);
    return query.step();
}

} // namespace message_table

namespace header_table {

void insert(Db& db, MessageId id, std::string_view data, std::string_view structure, std::string_view preview) {
    db.prepare("INSERT INTO header(id, data, structure, preview) VALUES(?, ?, ?, ?)")
        .bind(id)
        .bind_blob(data)
        .bind_blob(structure)
        .bind_text(preview)
        .run();
}

std::optional<StoredHeader> get(Db& db, MessageId id) {
    auto query = db.prepare("SELECT data, structure, preview FROM header WHERE id = ?");
    query.bind(id);
    if (!query.step()) return std::nullopt;
    return StoredHeader{std::string(query.blob(0)), std::string(query.blob(1)), std::string(query.text(2))};
}

} // namespace header_table

namespace body_table {

void insert(Db& db, MessageId id, std::string_view stored) {
    db.prepare("INSERT INTO body(id, data) VALUES(?, ?)").bind(id).bind_blob(stored).run();
}

std::string get(Db& db, MessageId id) {
    auto query = db.prepare("SELECT data FROM body WHERE id = ?");
    query.bind(id);
    return query.step() ? std::string(query.blob(0)) : std::string();
}

} // namespace body_table

namespace unref_table {

void add(Db& db, MessageId message) { db.prepare("INSERT INTO unref(message) VALUES(?)").bind(message).run(); }

std::vector<std::pair<std::int64_t, MessageId>> oldest(Db& db, int count) {
    std::vector<std::pair<std::int64_t, MessageId>> rows;
    auto query = db.prepare("SELECT seq, message FROM unref ORDER BY seq LIMIT ?");
    query.bind(count);
    while (query.step()) rows.emplace_back(query.integer(0), MessageId{query.integer(1)});
    return rows;
}

void remove(Db& db, std::int64_t seq) { db.prepare("DELETE FROM unref WHERE seq = ?").bind(seq).run(); }

} // namespace unref_table

namespace body_gone_table {

void add(Db& db, std::string_view name) {
    db.prepare("INSERT INTO body_gone(name) VALUES(?) ON CONFLICT DO NOTHING").bind_text(name).run();
}

std::vector<std::string> all(Db& db) {
    std::vector<std::string> names;
    auto query = db.prepare("SELECT name FROM body_gone");
    while (query.step()) names.emplace_back(query.text(0));
    return names;
}

void remove(Db& db, std::string_view name) { db.prepare("DELETE FROM body_gone WHERE name = ?").bind_text(name).run(); }

} // namespace body_gone_table

} // namespace pillarbox::store
