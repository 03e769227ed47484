// One SQLite connection (see db.h).
#include "store/db.h"

#include <Poco/Data/SQLite/Connector.h>
#include <Poco/Data/SQLite/Utility.h>
#include <Poco/Data/Session.h>
#include <Poco/Exception.h>
#include <mutex>
#include <sqlite3.h>

namespace pillarbox::store {

bool DbError::full() const noexcept { return (code_ & 0xff) == SQLITE_FULL; }
bool DbError::io() const noexcept {
    const int primary = code_ & 0xff;
    return primary == SQLITE_IOERR || primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB;
}
bool DbError::constraint() const noexcept { return (code_ & 0xff) == SQLITE_CONSTRAINT; }

Statement::~Statement() { reset(); }

void Statement::reset() noexcept {
    if (!stmt_) return;
    sqlite3_reset(stmt_);
    next_ = 1;
}

void Statement::check(int code) const {
    if (code == SQLITE_OK) return;
    sqlite3* db = sqlite3_db_handle(stmt_);
    throw DbError(sqlite3_extended_errcode(db), sqlite3_errmsg(db));
}

Statement& Statement::bind(std::int64_t value) {
    check(sqlite3_bind_int64(stmt_, next_++, value));
    return *this;
}

Statement& Statement::bind_text(std::string_view value) {
    const char* data = value.data() ? value.data() : "";
    check(sqlite3_bind_text64(stmt_, next_++, data, value.size(), SQLITE_STATIC, SQLITE_UTF8));
    return *this;
}

Statement& Statement::bind_blob(std::string_view value) {
    const char* data = value.data() ? value.data() : "";
    check(sqlite3_bind_blob64(stmt_, next_++, data, value.size(), SQLITE_STATIC));
    return *this;
}

Statement& Statement::bind_null() {
    check(sqlite3_bind_null(stmt_, next_++));
    return *this;
}

bool Statement::step() {
    const int code = sqlite3_step(stmt_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    check(code);
    return false;
}

void Statement::run() {
    step();
    reset();
}

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(stmt_, column); }

std::string_view Statement::text(int column) const {
    const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(stmt_, column));
    return data ? std::string_view(data, static_cast<std::size_t>(sqlite3_column_bytes(stmt_, column)))
                : std::string_view();
}

std::string_view Statement::blob(int column) const {
    const auto* data = static_cast<const char*>(sqlite3_column_blob(stmt_, column));
    return data ? std::string_view(data, static_cast<std::size_t>(sqlite3_column_bytes(stmt_, column)))
                : std::string_view();
}

bool Statement::is_null(int column) const { return sqlite3_column_type(stmt_, column) == SQLITE_NULL; }

namespace {

std::unique_ptr<Poco::Data::Session> open_session(const std::string& file, const DbOptions& options) {
    static std::once_flag registered;
    std::call_once(registered, [] {
        // One thread at a time uses a connection, so it needs no lock of its own: 20 % of a scan were locking.
        sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
        Poco::Data::SQLite::Connector::registerConnector();
    });
    // Poco creates what is missing; a store that lost its database must say so instead.
    if (!options.create) {
        sqlite3* probe = nullptr;
        const int code = sqlite3_open_v2(file.c_str(), &probe, SQLITE_OPEN_READWRITE, nullptr);
        const std::string reason = probe ? sqlite3_errmsg(probe) : "out of memory";
        sqlite3_close(probe);
        if (code != SQLITE_OK) throw DbError(code, file + ": " + reason);
    }
    try {
        return std::make_unique<Poco::Data::Session>("SQLite", file);
    } catch (const Poco::Exception& e) {
        throw DbError(SQLITE_CANTOPEN, file + ": " + e.displayText());
    }
}

} // namespace

Db::Db(const std::string& file, const DbOptions& options) : session_(open_session(file, options)) {
    handle_ = Poco::Data::SQLite::Utility::dbHandle(*session_);
    sqlite3_extended_result_codes(handle_, 1);
    sqlite3_busy_timeout(handle_, 10'000);
    try {
        if (options.create) {
            execute("PRAGMA page_size=8192");
            execute("PRAGMA auto_vacuum=INCREMENTAL"); // both only before the first table
        }
        // The setting of the order below: WAL needs the write lock once, at creation.
        execute("PRAGMA journal_mode=WAL");
        execute("PRAGMA synchronous=FULL"); // NORMAL lost acknowledged mail in simulated power cuts
        execute("PRAGMA wal_autocheckpoint=2048");
        execute("PRAGMA journal_size_limit=67108864");
        execute("PRAGMA temp_store=MEMORY");
        execute(options.shred ? "PRAGMA secure_delete=ON" : "PRAGMA secure_delete=OFF"); // Debian's default is ON
        execute("PRAGMA mmap_size=0");
        execute("PRAGMA cache_size=-" + std::to_string(options.cache_kib));
        if (options.read_only) execute("PRAGMA query_only=ON");
    } catch (const DbError& e) { // the first look into the file: say which one is no database
        throw DbError(e.code(), file + ": " + e.what());
    }
}

Db::~Db() {
    for (auto& [sql, stmt] : statements_) sqlite3_finalize(stmt);
}

Statement Db::prepare(const char* sql) {
    auto& stmt = statements_[sql];
    if (!stmt) {
        const int code = sqlite3_prepare_v3(handle_, sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt, nullptr);
        if (code != SQLITE_OK) throw DbError(sqlite3_extended_errcode(handle_), sqlite3_errmsg(handle_));
    }
    return Statement(stmt);
}

void Db::execute(const std::string& sql) {
    if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
        throw DbError(sqlite3_extended_errcode(handle_), sqlite3_errmsg(handle_));
}

std::int64_t Db::value(const std::string& sql) {
    sqlite3_stmt* raw = nullptr;
    if (sqlite3_prepare_v2(handle_, sql.c_str(), -1, &raw, nullptr) != SQLITE_OK)
        throw DbError(sqlite3_extended_errcode(handle_), sqlite3_errmsg(handle_));
    const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> stmt(raw, sqlite3_finalize);
    const int code = sqlite3_step(raw);
    if (code == SQLITE_ROW) return sqlite3_column_int64(raw, 0);
    throw DbError(sqlite3_extended_errcode(handle_), code == SQLITE_DONE ? "no row" : sqlite3_errmsg(handle_));
}

std::int64_t Db::changes() const { return sqlite3_changes(handle_); }

void Db::count_wal_pages() {
    const auto hook = [](void* pages, sqlite3*, const char*, int count) {
        *static_cast<int*>(pages) = count;
        return SQLITE_OK;
    };
    sqlite3_wal_hook(handle_, hook, &wal_pages_);
}

void Db::rollback() noexcept {
    if (in_transaction()) sqlite3_exec(handle_, "ROLLBACK", nullptr, nullptr, nullptr);
}

bool Db::in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }

Poco::Data::Session& Db::session() { return *session_; }

void migrate(Db& db, const std::string& file, const Migration* first, const Migration* last) {
    const auto have = db.value("PRAGMA user_version");
    if (first != last && have > (last - 1)->version)
        throw SchemaTooNew(file + " is of schema version " + std::to_string(have) +
                           ", newer than this program knows (" + std::to_string((last - 1)->version) +
                           "): use the newer pillarbox");
    for (const Migration* step = first; step != last; ++step) {
        if (step->version <= have) continue;
        Transaction transaction(db);
        step->apply(db);
        db.execute("PRAGMA user_version=" + std::to_string(step->version));
        transaction.commit();
    }
}

} // namespace pillarbox::store
