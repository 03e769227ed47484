// The schema of mail.db, one per volume (DESIGN 4), as numbered migrations.
#pragma once

namespace pillarbox::store {

class Db;

/// Creates the tables of an empty mail.db, or migrates an older one.
/// Throws SchemaTooNew, DbError.
void migrate_mail_db(Db& db, const char* file);

} // namespace pillarbox::store
