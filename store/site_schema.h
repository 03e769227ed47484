// The schema of site.db, as numbered migrations.
#pragma once

#include <string>

namespace pillarbox::store {

class Db;

/// Creates the tables of an empty site.db, or migrates an older one. Throws SchemaTooNew, DbError.
void migrate_site_db(Db& db, const std::string& file);

} // namespace pillarbox::store
