// What addresses and log-in names mean here (see directory.h).
#include "store/directory.h"

#include "store/names.h"

#include <algorithm>

namespace pillarbox::store {

void Directory::index() {
    std::sort(accounts.begin(), accounts.end(), [](const Account& a, const Account& b) { return a.id < b.id; });
    by_name_.clear();
    by_id_.clear();
    for (std::size_t i = 0; i < accounts.size(); ++i) {
        by_name_.emplace(accounts[i].name, i);
        by_id_.emplace(accounts[i].id.value, i);
    }
}

const Account* Directory::by_id(AccountId id) const {
    const auto found = by_id_.find(id.value);
    return found == by_id_.end() ? nullptr : &accounts[found->second];
}

const Account* Directory::by_name(std::string_view name) const {
    std::string plain = lower(name);
    if (const auto at = plain.rfind('@'); at != std::string::npos) {
        if (domain_name(std::string_view(plain).substr(at + 1)) != site_domain) return nullptr;
        plain.resize(at);
    }
    const auto found = by_name_.find(plain);
    return found == by_name_.end() ? nullptr : &accounts[found->second];
}

bool Directory::is_local(std::string_view domain) const {
    const auto plain = domain_name(domain);
    return plain && std::find(domains.begin(), domains.end(), *plain) != domains.end();
}

namespace {

/// Whether mail may still go there: not while the account is made or taken down.
bool receives(const Account& account) {
    return account.state == AccountState::active || account.state == AccountState::moving;
}

} // namespace

Resolved Directory::resolve(std::string_view local, std::string_view domain) const {
    // Only our own domains may ignore the case of a local part (RFC 5321 2.4).
    const std::string name = lower(local);
    const auto plain_domain = domain.empty() ? site_domain : domain_name(domain).value_or("");
    if (std::find(domains.begin(), domains.end(), plain_domain) == domains.end())
        return Resolved{Resolved::Kind::not_local, nullptr};

    const Account* account = nullptr;
    for (const auto& key : {name + "@" + plain_domain, name}) { // an alias of one domain goes before one of all
        const auto alias = aliases.find(key);
        if (!account && alias != aliases.end()) account = by_id(alias->second);
    }
    if (!account) {
        const auto found = by_name_.find(name);
        if (found != by_name_.end()) account = &accounts[found->second];
    }
    if (name == "postmaster" && (!account || !receives(*account))) { // RFC 5321 4.5.1
        const auto first = std::find_if(accounts.begin(), accounts.end(), receives);
        if (first != accounts.end()) account = &*first;
    }
    if (!account || !receives(*account)) return Resolved{Resolved::Kind::unknown_user, nullptr};
    return Resolved{Resolved::Kind::account, account};
}

} // namespace pillarbox::store
