// Log-in: passwords checked against what site.db keeps, with the same look and cost for every name (DESIGN 4, 5.6).
#pragma once

#include "store/secrets.h"

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace pillarbox::store {

/// RFC 7677 4: at least 4,096, by its rule of thumb 15,000; 3 ms of one core, once for each password and boot.
constexpr std::uint32_t default_iterations = 15'000;
constexpr std::size_t password_octets = 1024; // a longer one is refused

/// Whether a password may be set: 1 to 1,024 octets without NUL, which PLAIN cannot carry (RFC 4616 2).
bool may_be_password(std::string_view password) noexcept;

/// The passwords of all accounts, in memory. Thread-safe.
class Credentials {
public:
    /// @param site_secret  32 octets, the same for the life of the site
    Credentials(std::string site_secret, std::uint32_t iterations);

    void replace(std::vector<Secrets> all);
    /// Puts an account's secrets in force; log-ins verified against the old ones count no more.
    void put(Secrets secrets);
    void remove(AccountId account);

    /// Salt and iterations as SCRAM tells them (RFC 5802 5.1): those of the account, or for a name that is none
    /// (account 0) a salt that looks like any other and is the same each time.
    Hashing hashing(AccountId account, std::string_view name) const;
    /// How a new main password is hashed: anew, or with the salt that other passwords of the account depend on.
    Hashing new_hashing(AccountId account) const;

    /// Whether that password was verified before, since the start and since it was set. Quick; never blocks.
    bool remembers(AccountId account, std::string_view password) const;
    /// Verifies a password and remembers it. Blocks for the hashing: call it on the pool's login lane.
    /// @param account  0: no such account; costs the same and says no
    bool verify(AccountId account, std::string_view name, std::string_view password);

private:
    /// A log-in verified against those very secrets.
    struct Verified {
        std::shared_ptr<const Secrets> secrets;
        std::string mac;          // of account and password, under the secret of this boot
        std::int64_t expires = 0; // the credential's; 0: never
    };
    std::shared_ptr<const Secrets> find(AccountId account) const;
    std::string mac(AccountId account, std::string_view password) const;
    void remember(AccountId account, Verified verified);

    const std::string site_secret_;
    const std::string boot_secret_;
    const std::uint32_t iterations_;
    mutable std::mutex mutex_; // of both tables
    // Shared with checks under way, which must see one state of an account.
    std::unordered_map<AccountId, std::shared_ptr<const Secrets>> secrets_;
    std::unordered_map<AccountId, std::vector<Verified>> verified_;
};

/// The keys of a password; both hashes. Blocks: call it on the pool.
Credential make_credential(std::string_view password, const Hashing& hashing);

} // namespace pillarbox::store
