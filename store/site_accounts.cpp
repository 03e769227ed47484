// site.db: the table `account` (see site.h).
#include "store/site.h"

#include "appliance/runtime/clock.h"
#include "store/db.h"

namespace pillarbox::store {

namespace {

/// A column holds what some version wrote: anything unknown is damage, not a state.
AccountState state_of(std::int64_t value) {
    switch (value) {
    case static_cast<std::int64_t>(AccountState::active):
    case static_cast<std::int64_t>(AccountState::creating):
    case static_cast<std::int64_t>(AccountState::moving):
    case static_cast<std::int64_t>(AccountState::deleting):
        return static_cast<AccountState>(value);
    default:
        throw std::runtime_error("site.db: account state " + std::to_string(value) + " is unknown");
    }
}

} // namespace

Directory Site::directory() {
    Directory directory;
    load_domains(directory);
    auto row = db_->prepare("SELECT id, name, state, volume, octets, messages FROM account ORDER BY id");
    while (row.step()) {
        Account account;
        account.id = AccountId{row.integer(0)};
        account.name = row.text(1);
        account.state = state_of(row.integer(2));
        account.volume = VolumeId{row.integer32(3)};
        account.limits = Limits{row.integer(4), row.integer(5)};
        directory.accounts.push_back(std::move(account));
    }
    directory.index();
    return directory;
}

Result<Account> Site::begin_account(const NewAccount& account) {
    Transaction transaction(*db_);
    {
        auto same = db_->prepare("SELECT 1 FROM account WHERE name=?");
        if (same.bind_text(account.name).step()) return refused(StoreError::exists);
    }
    const AccountId id{bump("account", 0)};
    db_->prepare("INSERT INTO account(id, name, state, volume, octets, messages, created, salt, iterations)"
                 " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(id)
        .bind_text(account.name)
        .bind(static_cast<int>(AccountState::creating))
        .bind(account.volume)
        .bind(account.limits.octets)
        .bind(account.limits.messages)
        .bind(runtime::unix_seconds())
        .bind_blob(account.hashing.salt)
        .bind(account.hashing.iterations)
        .run();
    insert_credential(id, account.credential);
    transaction.commit();
    return Account{id, account.name, AccountState::creating, account.limits, account.volume};
}

void Site::set_state(AccountId account, AccountState state) {
    db_->prepare("UPDATE account SET state=? WHERE id=?").bind(static_cast<int>(state)).bind(account).run();
}

void Site::erase_account(AccountId account) {
    Transaction transaction(*db_);
    db_->prepare("DELETE FROM credential WHERE account=?").bind(account).run();
    db_->prepare("DELETE FROM alias WHERE account=?").bind(account).run();
    db_->prepare("DELETE FROM account WHERE id=?").bind(account).run();
    transaction.commit();
}

} // namespace pillarbox::store
