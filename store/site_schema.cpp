// The schema of site.db (DESIGN 4).
#include "store/site_schema.h"

#include "store/db.h"

#include <iterator>

namespace pillarbox::store {
namespace {

void version_1(Db& db) {
    // Numbers: birth, boot, account (the id counter). Octets: secret, uuid; uuid is written last when a site is made.
    db.execute("CREATE TABLE meta(key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID");

    // is_site: the one domain that log-in names and postmaster belong to.
    db.execute("CREATE TABLE domain(name TEXT PRIMARY KEY, is_site INTEGER NOT NULL, created INTEGER NOT NULL)"
               " WITHOUT ROWID");
    // state: AccountState. Steps over site.db and a volume begin and end here.
    db.execute("CREATE TABLE account(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, state INTEGER NOT NULL,"
               " volume INTEGER NOT NULL, octets INTEGER NOT NULL, messages INTEGER NOT NULL,"
               " created INTEGER NOT NULL, salt BLOB NOT NULL, iterations INTEGER NOT NULL)");
    // Keys for SCRAM-SHA-256 and SCRAM-SHA-1: the second cannot be made from the first when it is wanted.
    db.execute("CREATE TABLE credential(account INTEGER NOT NULL, id INTEGER NOT NULL, name TEXT NOT NULL,"
               " scope INTEGER NOT NULL, stored_key BLOB NOT NULL, server_key BLOB NOT NULL,"
               " stored_key_sha1 BLOB NOT NULL, server_key_sha1 BLOB NOT NULL, created INTEGER NOT NULL,"
               " used INTEGER NOT NULL, expires INTEGER NOT NULL, PRIMARY KEY(account, id)) WITHOUT ROWID");
    db.execute("CREATE TABLE alias(name TEXT PRIMARY KEY, account INTEGER NOT NULL) WITHOUT ROWID");
    db.execute("CREATE INDEX alias_account ON alias(account)");
    // Who is told when: condition and target in words of the alert command.
    db.execute("CREATE TABLE alert(id INTEGER PRIMARY KEY, condition TEXT NOT NULL, target TEXT NOT NULL,"
               " created INTEGER NOT NULL, raised INTEGER NOT NULL)");
}

constexpr Migration migrations[] = {{1, version_1}};

} // namespace

void migrate_site_db(Db& db, const std::string& file) {
    migrate(db, file, std::begin(migrations), std::end(migrations));
}

} // namespace pillarbox::store
