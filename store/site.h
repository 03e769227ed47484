// site.db: who and what the site is. Accounts, their limits, volumes and credentials, domains, aliases, alerts, and the
// numbers that must never repeat (DESIGN 4).
#pragma once

#include "store/directory.h"
#include "store/secrets.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace pillarbox::store {

class Db;

/// What enroll writes first.
struct NewAccount {
    std::string name; // as account_name() gives it
    Limits limits;
    VolumeId volume;
    Hashing hashing;
    Credential credential; // the main one
};

/// A connection to site.db; used by one thread at a time. Every change is one transaction, durable when the function
/// returns. All throw DbError.
class Site {
public:
    /// Makes site.db, or finishes one whose making was cut short. Throws StoreFailure when the site is there already.
    /// @param domain  as domain_name() gives it
    static void create(const std::string& file, const std::string& domain);
    /// Opens it. Throws StoreFailure (incomplete), SchemaTooNew, DbError.
    explicit Site(const std::string& file);
    ~Site();
    Site(const Site&) = delete;
    Site& operator=(const Site&) = delete;

    // -- numbers and secrets of the site (site.cpp)

    /// A birth number that was never given before.
    std::int64_t next_birth();
    /// The number of this start: greater than every one before, and not less than the unix time, so that a site.db out
    /// of an old backup does not repeat one either.
    std::int64_t next_boot();
    /// 32 random octets, the same for the life of the site.
    std::string secret();
    /// Names the store, as a UUID (RFC 4122).
    std::string uuid();

    // -- who is here (site_accounts.cpp, site_domains.cpp)

    /// Everything but secrets, indexed.
    Directory directory();
    /// Writes the account as `creating`. Errors: exists.
    Result<Account> begin_account(const NewAccount& account);
    void set_state(AccountId account, AccountState state);
    /// Takes an account, its credentials and its aliases out.
    void erase_account(AccountId account);
    /// @param domain  as domain_name() gives it. Errors: exists.
    Result<Done> add_domain(std::string_view domain);
    /// @param name  "name" or "name@domain", in lower case. Errors: exists.
    Result<Done> add_alias(std::string_view name, AccountId account);

    // -- passwords (site_credentials.cpp)

    std::vector<Secrets> secrets();
    /// Sets the main password. Errors: not_found; cannot, when other passwords of the account depend on another salt.
    Result<Done> set_password(AccountId account, const Hashing& hashing, const Credential& credential);

private:
    std::int64_t bump(std::string_view counter, std::int64_t at_least);
    void load_domains(Directory& directory);
    void insert_credential(AccountId account, const Credential& credential);
    std::unique_ptr<Db> db_;
};

} // namespace pillarbox::store
