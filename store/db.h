// One SQLite connection: opened through Poco::Data, used in hot paths through prepared statements kept for its life.
//
// Poco's Statement prepares anew at each execution (measured: point selects 3.4 times slower), so the tables use the
// small cache here, on the handle of the same session.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>

struct sqlite3;
struct sqlite3_stmt;
namespace Poco::Data {
class Session;
}

namespace pillarbox::store {

/// SQLite said no. code() is the extended result code.
class DbError : public std::runtime_error {
public:
    DbError(int code, const std::string& what) : std::runtime_error(what), code_(code) {}
    int code() const noexcept { return code_; }
    bool full() const noexcept;       // SQLITE_FULL: roll back, 452, go on
    bool io() const noexcept;         // SQLITE_IOERR, SQLITE_CORRUPT, SQLITE_NOTADB: the volume closes
    bool constraint() const noexcept; // a unique key is taken

private:
    int code_;
};

/// A prepared statement in use; reset when it goes out of scope, so that no read transaction stays open behind it.
/// Parameters count from 1 in the order of binding, columns from 0.
class Statement {
public:
    explicit Statement(sqlite3_stmt* prepared) noexcept : stmt_(prepared) {}
    ~Statement();
    Statement(Statement&& other) noexcept : stmt_(other.stmt_), next_(other.next_) { other.stmt_ = nullptr; }
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;
    Statement& operator=(Statement&&) = delete;

    /// Binds the next parameters. Text and blobs are not copied: they must live until the statement is reset.
    Statement& bind(std::int64_t value);
    Statement& bind(std::uint64_t value) { return bind(static_cast<std::int64_t>(value)); }
    Statement& bind(int value) { return bind(static_cast<std::int64_t>(value)); }
    Statement& bind(std::uint32_t value) { return bind(static_cast<std::int64_t>(value)); }
    Statement& bind_text(std::string_view value);
    Statement& bind_blob(std::string_view value);
    Statement& bind_null();
    template <class Tagged>
    requires requires(Tagged id) { id.value; }
    Statement& bind(Tagged id) { return bind(static_cast<std::int64_t>(id.value)); }

    /// Steps: true when there is a row. Throws DbError.
    bool step();
    /// Steps a statement that yields no row, and resets it for the next binding.
    void run();
    void reset() noexcept;

    std::int64_t integer(int column) const;
    std::uint32_t integer32(int column) const { return static_cast<std::uint32_t>(integer(column)); }
    std::string_view text(int column) const; // until the next step
    std::string_view blob(int column) const;
    bool is_null(int column) const;

private:
    void check(int code) const;
    sqlite3_stmt* stmt_;
    int next_ = 1;
};

struct DbOptions {
    bool read_only = false;
    bool create = false;
    int cache_kib = 1024; // 8192 for a writer, 1024 for a reader (DESIGN 4)
    bool shred = false;   // secure_delete
};

/// A connection; used by one thread at a time.
class Db {
public:
    /// Opens with the pragmas of DESIGN 4. Throws DbError.
    Db(const std::string& file, const DbOptions& options);
    ~Db();
    Db(const Db&) = delete;
    Db& operator=(const Db&) = delete;

    /// The statement of this text, prepared once. sql must be a string literal (its address is the key).
    /// A statement must not be asked for again while it is in use.
    Statement prepare(const char* sql);
    /// Runs statements without parameters or results.
    void execute(const std::string& sql);
    /// The one integer that a query without parameters yields.
    std::int64_t value(const std::string& sql);
    std::int64_t changes() const; // rows changed by the last statement

    void begin_immediate() { execute("BEGIN IMMEDIATE"); }
    void begin() { execute("BEGIN"); }
    void commit() { execute("COMMIT"); }
    /// Pages in the WAL after the last commit of this connection; counted instead of SQLite's own checkpoints.
    int wal_pages() const noexcept { return wal_pages_; }
    void count_wal_pages();
    void rollback() noexcept; // does nothing outside a transaction
    bool in_transaction() const;

    sqlite3* handle() const noexcept { return handle_; }
    /// The same connection for queries where speed does not matter.
    Poco::Data::Session& session();

private:
    std::unique_ptr<Poco::Data::Session> session_;
    sqlite3* handle_ = nullptr;
    int wal_pages_ = 0;
    std::unordered_map<const char*, sqlite3_stmt*> statements_;
};

/// BEGIN IMMEDIATE ... commit(), or ROLLBACK when the scope is left without it.
class Transaction {
public:
    explicit Transaction(Db& db) : db_(db) { db_.begin_immediate(); }
    ~Transaction() { db_.rollback(); }
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    void commit() { db_.commit(); }

private:
    Db& db_;
};

/// A numbered step of a schema: applied once, in order, inside a transaction; the number goes to user_version.
struct Migration {
    int version;
    void (*apply)(Db& db);
};

/// Brings a database to the newest version. Throws SchemaTooNew when the file is newer than the binary.
struct SchemaTooNew : std::runtime_error {
    using std::runtime_error::runtime_error;
};
void migrate(Db& db, const std::string& file, const Migration* first, const Migration* last);

} // namespace pillarbox::store
