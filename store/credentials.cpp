// Log-in (see credentials.h).
#include "store/credentials.h"

#include "appliance/runtime/clock.h"
#include "appliance/runtime/random.h"
#include "store/names.h"

#include <algorithm>
#include <utility>

namespace pillarbox::store {

namespace {

using runtime::ScramHash;

constexpr std::size_t salt_octets = 16;
constexpr std::size_t remembered_each = 8; // passwords of one account: a phone, a laptop, a few programs

bool expired(std::int64_t expires, std::int64_t now) { return expires != 0 && expires <= now; }

/// The credential with that key that is in force. Every one is compared, so that the time tells nothing of which.
const Credential* matching(const Secrets& secrets, std::string_view stored_key) {
    const auto now = runtime::unix_seconds();
    const Credential* found = nullptr;
    for (const Credential& each : secrets.credentials) {
        const bool same = runtime::equal_in_constant_time(each.sha256.stored_key, stored_key);
        // A credential of limited scope opens nothing here, where no service is named.
        if (same && each.scope == 0 && !expired(each.expires, now)) found = &each;
    }
    return found;
}

} // namespace

bool may_be_password(std::string_view password) noexcept {
    return !password.empty() && password.size() <= password_octets && password.find('\0') == std::string_view::npos;
}

Credential make_credential(std::string_view password, const Hashing& hashing) {
    Credential credential;
    credential.sha256 = runtime::scram_keys(ScramHash::sha256, password, hashing.salt, hashing.iterations);
    credential.sha1 = runtime::scram_keys(ScramHash::sha1, password, hashing.salt, hashing.iterations);
    credential.created = runtime::unix_seconds();
    return credential;
}

Credentials::Credentials(std::string site_secret, std::uint32_t iterations)
    : site_secret_(std::move(site_secret)), boot_secret_(runtime::random_bytes(32)), iterations_(iterations) {}

void Credentials::replace(std::vector<Secrets> all) {
    const std::lock_guard lock(mutex_);
    secrets_.clear();
    verified_.clear();
    for (Secrets& each : all) {
        const AccountId account = each.account;
        secrets_.emplace(account, std::make_shared<const Secrets>(std::move(each)));
    }
}

void Credentials::put(Secrets secrets) {
    const AccountId account = secrets.account;
    auto shared = std::make_shared<const Secrets>(std::move(secrets));
    const std::lock_guard lock(mutex_);
    secrets_.insert_or_assign(account, std::move(shared));
    verified_.erase(account);
}

void Credentials::remove(AccountId account) {
    const std::lock_guard lock(mutex_);
    secrets_.erase(account);
    verified_.erase(account);
}

std::shared_ptr<const Secrets> Credentials::find(AccountId account) const {
    const std::lock_guard lock(mutex_);
    const auto found = secrets_.find(account);
    return found == secrets_.end() ? nullptr : found->second;
}

Hashing Credentials::hashing(AccountId account, std::string_view name) const {
    if (const auto secrets = find(account)) return secrets->hashing;
    return Hashing{runtime::hmac(ScramHash::sha256, site_secret_, "salt " + lower(name)).substr(0, salt_octets),
                   iterations_};
}

Hashing Credentials::new_hashing(AccountId account) const {
    const auto secrets = find(account);
    const bool is_shared = secrets && std::any_of(secrets->credentials.begin(), secrets->credentials.end(),
                                                  [](const Credential& c) { return c.id != Credential::main; });
    if (is_shared) return secrets->hashing;
    return Hashing{runtime::random_bytes(salt_octets), iterations_};
}

std::string Credentials::mac(AccountId account, std::string_view password) const {
    return runtime::hmac(ScramHash::sha256, boot_secret_, std::to_string(account.value) + " " + std::string(password));
}

bool Credentials::remembers(AccountId account, std::string_view password) const {
    const std::string wanted = mac(account, password); // also for account 0: the same cost
    const auto now = runtime::unix_seconds();
    const std::lock_guard lock(mutex_);
    const auto known = verified_.find(account);
    if (known == verified_.end()) return false;
    return std::any_of(known->second.begin(), known->second.end(), [&](const Verified& each) {
        return runtime::equal_in_constant_time(each.mac, wanted) && !expired(each.expires, now);
    });
}

bool Credentials::verify(AccountId account, std::string_view name, std::string_view password) {
    const auto secrets = find(account);
    const Hashing how = secrets ? secrets->hashing : hashing(account, name);
    const auto keys = runtime::scram_keys(ScramHash::sha256, password, how.salt, how.iterations);
    const Credential* match = secrets ? matching(*secrets, keys.stored_key) : nullptr;
    if (!match) return false;
    remember(account, Verified{secrets, mac(account, password), match->expires});
    return true;
}

void Credentials::remember(AccountId account, Verified verified) {
    const std::lock_guard lock(mutex_);
    const auto current = secrets_.find(account);
    // The password was changed while this one was being hashed.
    if (current == secrets_.end() || current->second != verified.secrets) return;
    auto& known = verified_[account];
    std::erase_if(known, [&](const Verified& each) { return each.mac == verified.mac; });
    if (known.size() >= remembered_each) known.erase(known.begin());
    known.push_back(std::move(verified));
}

} // namespace pillarbox::store
