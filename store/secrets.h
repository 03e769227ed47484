// What site.db keeps of passwords. Salt and iterations belong to the account, so that SCRAM works with several
// passwords (DESIGN 4): a client is told one salt before it says which password it has.
#pragma once

#include "appliance/runtime/password.h"
#include "store/types.h"

#include <cstdint>
#include <string>
#include <vector>

namespace pillarbox::store {

/// One password of an account: the main one, or one for a single program.
struct Credential {
    static constexpr std::int64_t main = 0; // its id

    std::int64_t id = main;
    std::string name;       // what the owner calls it; "" for the main one
    std::int64_t scope = 0; // bits of what it opens; 0: everything
    runtime::ScramKeys sha256, sha1;
    std::int64_t created = 0; // unix seconds, like the next two
    std::int64_t used = 0;    // 0: never
    std::int64_t expires = 0; // 0: never
};

/// How an account's passwords are hashed.
struct Hashing {
    std::string salt; // 16 octets
    std::uint32_t iterations = 0;
    bool operator==(const Hashing&) const = default;
};

/// All an account can log in with.
struct Secrets {
    AccountId account;
    Hashing hashing;
    std::vector<Credential> credentials; // by id
};

} // namespace pillarbox::store
