// The schema of mail.db (DESIGN 4): the shape is measured; see the comments for what depends on it.
#include "store/mail_schema.h"

#include "store/db.h"

#include <iterator>

namespace pillarbox::store {
namespace {

void version_1(Db& db) {
    // Counters of the volume: birth, next_id, boot.
    db.execute("CREATE TABLE meta(key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID");

    db.execute("CREATE TABLE account(id INTEGER PRIMARY KEY, octets INTEGER NOT NULL, messages INTEGER NOT NULL,"
               " reserved INTEGER NOT NULL, modseq INTEGER NOT NULL, next_uidvalidity INTEGER NOT NULL)");
    db.execute("CREATE TABLE mailbox(id INTEGER PRIMARY KEY, account INTEGER NOT NULL, name TEXT NOT NULL,"
               " uidvalidity INTEGER NOT NULL, uidnext INTEGER NOT NULL, modseq INTEGER NOT NULL,"
               " listed INTEGER NOT NULL, floor INTEGER NOT NULL, first_recent INTEGER NOT NULL,"
               " messages INTEGER NOT NULL, unseen INTEGER NOT NULL, deleted INTEGER NOT NULL,"
               " octets INTEGER NOT NULL, deleted_octets INTEGER NOT NULL, special_use INTEGER NOT NULL,"
               " deleted_at INTEGER)"); // a tombstone, emptied in slices
    db.execute("CREATE UNIQUE INDEX mailbox_name ON mailbox(account, name) WHERE deleted_at IS NULL");
    db.execute("CREATE INDEX mailbox_gone ON mailbox(deleted_at) WHERE deleted_at IS NOT NULL");
    db.execute("CREATE TABLE keyword(mailbox INTEGER NOT NULL, slot INTEGER NOT NULL, name TEXT NOT NULL,"
               " PRIMARY KEY(mailbox, slot)) WITHOUT ROWID");
    db.execute("CREATE TABLE subscription(account INTEGER NOT NULL, name TEXT NOT NULL,"
               " PRIMARY KEY(account, name)) WITHOUT ROWID");

    // Under 100 octets a row, as refs changes often.
    db.execute("CREATE TABLE message(id INTEGER PRIMARY KEY, size INTEGER NOT NULL, header_size INTEGER NOT NULL,"
               " received INTEGER NOT NULL, refs INTEGER NOT NULL, encoding INTEGER NOT NULL, file TEXT,"
               " digest BLOB NOT NULL, origin BLOB NOT NULL)");
    db.execute("CREATE TABLE header(id INTEGER PRIMARY KEY, data BLOB NOT NULL, structure BLOB NOT NULL,"
               " preview TEXT NOT NULL)");
    db.execute("CREATE TABLE body(id INTEGER PRIMARY KEY, data BLOB NOT NULL)");

    // No other index: one on modseq makes STORE 8 times slower, one on message EXPUNGE several times.
    db.execute("CREATE TABLE entry(mailbox INTEGER NOT NULL, uid INTEGER NOT NULL, message INTEGER NOT NULL,"
               " flags INTEGER NOT NULL, modseq INTEGER NOT NULL, size INTEGER NOT NULL,"
               " internal_date INTEGER NOT NULL, save_date INTEGER NOT NULL, PRIMARY KEY(mailbox, uid)) WITHOUT ROWID");
    db.execute("CREATE TABLE envelope(mailbox INTEGER NOT NULL, uid INTEGER NOT NULL, email INTEGER NOT NULL,"
               " thread INTEGER NOT NULL, prefix BLOB NOT NULL, data BLOB NOT NULL,"
               " PRIMARY KEY(mailbox, uid)) WITHOUT ROWID");
    db.execute("CREATE TABLE thread_key(account INTEGER NOT NULL, hash INTEGER NOT NULL, thread INTEGER NOT NULL,"
               " PRIMARY KEY(account, hash)) WITHOUT ROWID");
    // kept: unix seconds of the expunge; negative when no reference is held for undelete.
    db.execute("CREATE TABLE expunged(mailbox INTEGER NOT NULL, modseq INTEGER NOT NULL, uid INTEGER NOT NULL,"
               " email INTEGER NOT NULL, message INTEGER NOT NULL, kept INTEGER NOT NULL,"
               " PRIMARY KEY(mailbox, modseq, uid)) WITHOUT ROWID");

    db.execute("CREATE TABLE spool(id INTEGER PRIMARY KEY, message INTEGER NOT NULL, origin TEXT NOT NULL,"
               " sender TEXT NOT NULL, envid TEXT NOT NULL, ret INTEGER NOT NULL, flags INTEGER NOT NULL,"
               " accepted INTEGER NOT NULL, expires INTEGER NOT NULL)");
    db.execute("CREATE TABLE spool_rcpt(spool INTEGER NOT NULL, n INTEGER NOT NULL, address TEXT NOT NULL,"
               " account INTEGER NOT NULL, orcpt TEXT NOT NULL, notify INTEGER NOT NULL, kind INTEGER NOT NULL,"
               " destination TEXT NOT NULL, state INTEGER NOT NULL, hold INTEGER NOT NULL, next_try INTEGER NOT NULL,"
               " tries INTEGER NOT NULL, delay_told INTEGER NOT NULL, last_reply TEXT NOT NULL,"
               " PRIMARY KEY(spool, n)) WITHOUT ROWID");
    db.execute("CREATE INDEX spool_due ON spool_rcpt(state, next_try)");
    db.execute("CREATE INDEX spool_destination ON spool_rcpt(destination, next_try) WHERE destination <> ''");

    db.execute("CREATE TABLE unref(seq INTEGER PRIMARY KEY, message INTEGER NOT NULL)"); // queue of the collector
    db.execute("CREATE TABLE body_gone(name TEXT PRIMARY KEY) WITHOUT ROWID");           // files that may be unlinked

    // Rights, annotations and per-reader flags of shared mailboxes (RFC 4314, RFC 5464).
    db.execute("CREATE TABLE acl(mailbox INTEGER NOT NULL, identifier TEXT NOT NULL, rights TEXT NOT NULL,"
               " PRIMARY KEY(mailbox, identifier)) WITHOUT ROWID");
    db.execute("CREATE TABLE annotation(account INTEGER NOT NULL, mailbox INTEGER NOT NULL, entry TEXT NOT NULL,"
               " value BLOB NOT NULL, PRIMARY KEY(account, mailbox, entry)) WITHOUT ROWID");
    db.execute("CREATE TABLE reader(mailbox INTEGER NOT NULL, account INTEGER NOT NULL, modseq INTEGER NOT NULL,"
               " unseen INTEGER NOT NULL, PRIMARY KEY(mailbox, account)) WITHOUT ROWID");
    db.execute("CREATE TABLE reader_flag(mailbox INTEGER NOT NULL, account INTEGER NOT NULL, uid INTEGER NOT NULL,"
               " flags INTEGER NOT NULL, modseq INTEGER NOT NULL, PRIMARY KEY(mailbox, account, uid)) WITHOUT ROWID");
}

constexpr Migration migrations[] = {{1, version_1}};

} // namespace

void migrate_mail_db(Db& db, const char* file) { migrate(db, file, std::begin(migrations), std::end(migrations)); }

} // namespace pillarbox::store
