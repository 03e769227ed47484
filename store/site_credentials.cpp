// site.db: the table `credential` and the hashing of `account` (see site.h).
#include "store/site.h"

#include "store/db.h"

namespace pillarbox::store {

namespace {

Credential credential_of(const Statement& row) {
    Credential credential;
    credential.id = row.integer(1);
    credential.name = row.text(2);
    credential.scope = row.integer(3);
    credential.sha256 = {std::string(row.blob(4)), std::string(row.blob(5))};
    credential.sha1 = {std::string(row.blob(6)), std::string(row.blob(7))};
    credential.created = row.integer(8);
    credential.used = row.integer(9);
    credential.expires = row.integer(10);
    return credential;
}

} // namespace

std::vector<Secrets> Site::secrets() {
    std::vector<Secrets> all;
    {
        auto row = db_->prepare("SELECT id, salt, iterations FROM account ORDER BY id");
        while (row.step())
            all.push_back(Secrets{AccountId{row.integer(0)}, Hashing{std::string(row.blob(1)), row.integer32(2)}, {}});
    }
    auto row = db_->prepare("SELECT account, id, name, scope, stored_key, server_key, stored_key_sha1,"
                            " server_key_sha1, created, used, expires FROM credential ORDER BY account, id");
    auto owner = all.begin();
    while (row.step()) {
        while (owner != all.end() && owner->account.value < row.integer(0)) ++owner;
        if (owner != all.end() && owner->account.value == row.integer(0))
            owner->credentials.push_back(credential_of(row));
    }
    return all;
}

void Site::insert_credential(AccountId account, const Credential& credential) {
    db_->prepare("INSERT INTO credential(account, id, name, scope, stored_key, server_key, stored_key_sha1,"
                 " server_key_sha1, created, used, expires) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(account)
        .bind(credential.id)
        .bind_text(credential.name)
        .bind(credential.scope)
        .bind_blob(credential.sha256.stored_key)
        .bind_blob(credential.sha256.server_key)
        .bind_blob(credential.sha1.stored_key)
        .bind_blob(credential.sha1.server_key)
        .bind(credential.created)
        .bind(credential.used)
        .bind(credential.expires)
        .run();
}

Result<Done> Site::set_password(AccountId account, const Hashing& hashing, const Credential& credential) {
    Transaction transaction(*db_);
    {
        auto row = db_->prepare("SELECT salt, iterations FROM account WHERE id=?");
        if (!row.bind(account).step()) return refused(StoreError::not_found);
        const Hashing have{std::string(row.blob(0)), row.integer32(1)};
        auto other = db_->prepare("SELECT 1 FROM credential WHERE account=? AND id<>?");
        if (have != hashing && other.bind(account).bind(Credential::main).step()) return refused(StoreError::cannot);
    }
    db_->prepare("UPDATE account SET salt=?, iterations=? WHERE id=?")
        .bind_blob(hashing.salt)
        .bind(hashing.iterations)
        .bind(account)
        .run();
    db_->prepare("DELETE FROM credential WHERE account=? AND id=?").bind(account).bind(credential.id).run();
    insert_credential(account, credential);
    transaction.commit();
    return Done{};
}

} // namespace pillarbox::store
