// The tables `message`, `header`, `body`, `unref` and `body_gone` of mail.db: the octets, stored once for all copies.
#pragma once

#include "store/types.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pillarbox::store {

class Db;
struct StoredHeader;

struct MessageRow {
    MessageId id;
    std::int64_t size = 0, header_size = 0; // octets
    std::int64_t received = 0;              // unix seconds
    std::int64_t refs = 0;                  // entries + spool + restorable expunged
    std::string file;                       // "": the body is in its row
    std::string_view digest;                // SHA-256, first 16 octets
    std::string_view origin;                // versioned blob
};

namespace message_table {
void insert(Db& db, const MessageRow& row);
std::optional<MessageRow> get(Db& db, MessageId id); // without digest and origin
void add_refs(Db& db, MessageId id, std::int64_t count);
/// Takes a reference away; the number left.
std::int64_t release(Db& db, MessageId id);
void remove(Db& db, MessageId id);              // with header and body
bool names_file(Db& db, std::string_view file); // whether some message's body is in it; a scan
} // namespace message_table

namespace header_table {
void insert(Db& db, MessageId id, std::string_view data, std::string_view structure, std::string_view preview);
std::optional<StoredHeader> get(Db& db, MessageId id);
} // namespace header_table

namespace body_table {
void insert(Db& db, MessageId id, std::string_view stored);
std::string get(Db& db, MessageId id); // "" when there is none
} // namespace body_table

/// The collector's queue.
namespace unref_table {
void add(Db& db, MessageId message);
/// The oldest rows, at most count: (seq, message).
std::vector<std::pair<std::int64_t, MessageId>> oldest(Db& db, int count);
void remove(Db& db, std::int64_t seq);
} // namespace unref_table

/// Names of body files that no row needs: only these may be unlinked.
namespace body_gone_table {
void add(Db& db, std::string_view name);
std::vector<std::string> all(Db& db);
void remove(Db& db, std::string_view name);
} // namespace body_gone_table

} // namespace pillarbox::store
