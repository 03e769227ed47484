// The tables `account` and `meta` of mail.db: counters live where they are changed.
#pragma once

#include "store/writing.h"

#include <optional>

namespace pillarbox::store {

namespace meta_table {
std::optional<std::int64_t> get(Db& db, std::string_view key);
void set(Db& db, std::string_view key, std::int64_t value);
} // namespace meta_table

namespace account_table {
std::optional<AccountRow> get(Db& db, AccountId id);
void insert(Db& db, const AccountRow& row);
void update(Db& db, const AccountRow& row);
void remove(Db& db, AccountId id);
std::vector<AccountRow> all(Db& db);
} // namespace account_table

} // namespace pillarbox::store
