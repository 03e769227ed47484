// Who is here: accounts, domains and aliases of site.db, as one immutable picture in memory.
#pragma once

#include "store/types.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace pillarbox::store {

enum class AccountState : std::uint8_t { active, creating, moving, deleting };

/// 0 means no limit.
struct Limits {
    std::int64_t octets = 0, messages = 0;
};

struct Account {
    AccountId id;
    std::string name; // log-in name, lower case, without domain: the local part of its address
    AccountState state = AccountState::active;
    Limits limits;
    VolumeId volume;
};

/// What an address means here.
struct Resolved {
    enum class Kind : std::uint8_t { account, unknown_user, not_local } kind;
    const Account* account = nullptr; // of the directory that answered
};

/// An immutable picture of site.db; taken anew from Store::directory() by each command.
class Directory {
public:
    std::string site_domain;
    std::vector<std::string> domains; // lower case, A-labels
    std::vector<Account> accounts;    // by id

    const Account* by_name(std::string_view name) const; // case-insensitive; "alice" or "alice@site-domain"
    const Account* by_id(AccountId id) const;
    bool is_local(std::string_view domain) const;
    /// What local@domain means; domain "" (RFC 5321 4.1.1.3 "postmaster" alone) is the site's. postmaster always
    /// resolves (RFC 5321 4.5.1): to its alias or account, else to the first account enrolled.
    Resolved resolve(std::string_view local, std::string_view domain) const;

    void index();                                       // after filling in the above
    std::unordered_map<std::string, AccountId> aliases; // "name" or "name@domain", lower case

private:
    std::unordered_map<std::string, std::size_t> by_name_;
    std::unordered_map<std::int64_t, std::size_t> by_id_;
};

} // namespace pillarbox::store
