// The tables `spool` and `spool_rcpt` of mail.db: what was accepted and not yet delivered.
#pragma once

#include "store/spool.h"

#include <optional>
#include <vector>

namespace pillarbox::store {

class Db;

namespace spool_table {
void insert(Db& db, SpoolId id, MessageId message, const SpoolEnvelope& envelope, std::int64_t now);
/// A recipient's row as it stands after a restart.
struct Due {
    SpoolId spool;
    std::uint32_t n;
    std::uint32_t tries;
    std::int64_t next_try;
};
/// Entries behind `after` in id order, at most count, with their recipients: (message, envelope, rows).
struct Stored {
    SpoolId id;
    MessageId message;
    SpoolEnvelope envelope; // recipients by their n; delivered ones have an empty address
    std::vector<Due> due;
};
std::vector<Stored> load(Db& db, SpoolId after, int count);
/// Removes one recipient; false when it was gone already. The last one takes the entry along.
bool remove_recipient(Db& db, SpoolId id, std::uint32_t n);
void postpone(Db& db, SpoolId id, std::uint32_t n, std::int64_t next_try, std::string_view reason);
std::int64_t recipients(Db& db);
} // namespace spool_table

} // namespace pillarbox::store
