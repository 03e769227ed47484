// site.db: making and opening it, and its table `meta` (see site.h).
#include "store/site.h"

#include "appliance/runtime/clock.h"
#include "appliance/runtime/random.h"
#include "store/db.h"
#include "store/failure.h"
#include "store/site_schema.h"

#include <algorithm>
#include <filesystem>
#include <optional>

namespace pillarbox::store {

namespace {

namespace meta {

std::optional<std::int64_t> number(Db& db, std::string_view key) {
    auto row = db.prepare("SELECT value FROM meta WHERE key=?");
    if (!row.bind_text(key).step()) return std::nullopt;
    return row.integer(0);
}

std::string octets(Db& db, std::string_view key) {
    auto row = db.prepare("SELECT value FROM meta WHERE key=?");
    if (!row.bind_text(key).step()) return {};
    return std::string(row.blob(0));
}

void set(Db& db, std::string_view key, std::int64_t value) {
    db.prepare("INSERT OR REPLACE INTO meta(key, value) VALUES(?, ?)").bind_text(key).bind(value).run();
}

void set(Db& db, std::string_view key, std::string_view value) {
    db.prepare("INSERT OR REPLACE INTO meta(key, value) VALUES(?, ?)").bind_text(key).bind_blob(value).run();
}

} // namespace meta

/// A random UUID, RFC 4122 4.4.
std::string new_uuid() {
    std::string octets = runtime::random_bytes(16);
    octets[6] = static_cast<char>((octets[6] & 0x0f) | 0x40);
    octets[8] = static_cast<char>((octets[8] & 0x3f) | 0x80);
    constexpr char digits[] = "0123456789abcdef";
    std::string text;
    for (std::size_t i = 0; i < octets.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) text.push_back('-');
        const auto octet = static_cast<unsigned char>(octets[i]);
        text.push_back(digits[octet >> 4]);
        text.push_back(digits[octet & 15]);
    }
    return text;
}

} // namespace

void Site::create(const std::string& file, const std::string& domain) {
    DbOptions options;
    options.create = true;
    Db db(file, options);
    // What SQLite puts beside it takes the same rights.
    std::filesystem::permissions(file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    migrate_site_db(db, file);
    if (!meta::octets(db, "uuid").empty()) throw StoreFailure(file + " is there already: this folder holds a site");

    Transaction transaction(db);
    db.prepare("INSERT INTO domain(name, is_site, created) VALUES(?, 1, ?)")
        .bind_text(domain)
        .bind(runtime::unix_seconds())
        .run();
    meta::set(db, "birth", 0);
    meta::set(db, "boot", 0);
    // Account ids are birth << 40 | counter like all others; this is the birth of site.db itself.
    meta::set(db, "account", std::int64_t{1} << 40);
    meta::set(db, "secret", runtime::random_bytes(32));
    meta::set(db, "uuid", new_uuid());
    transaction.commit();
}

Site::Site(const std::string& file) : db_(std::make_unique<Db>(file, DbOptions{})) {
    migrate_site_db(*db_, file);
    if (uuid().empty()) throw StoreFailure(file + " is not finished: run 'pillarbox init' again");
}

Site::~Site() = default;

/// Raises a counter by one, at least to that value, durably.
std::int64_t Site::bump(std::string_view counter, std::int64_t at_least) {
    const auto have = meta::number(*db_, counter).value_or(0);
    const auto next = std::max(have + 1, at_least);
    meta::set(*db_, counter, next);
    return next;
}

std::int64_t Site::next_birth() { return bump("birth", 1); }
std::int64_t Site::next_boot() { return bump("boot", runtime::unix_seconds()); }
std::string Site::secret() { return meta::octets(*db_, "secret"); }
std::string Site::uuid() { return meta::octets(*db_, "uuid"); }

} // namespace pillarbox::store
