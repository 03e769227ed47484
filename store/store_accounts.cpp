// Store: accounts and log-in. Steps over site.db and the volume write their state to site.db first, then the volume,
// then `active`; a start finishes what is not (DESIGN 4).
#include "store/names.h"
#include "store/store_impl.h"

#include "store/jobs.h"

#include <condition_variable>

namespace pillarbox::store {

runtime::Task<Result<Account>> Store::enroll(std::string name, std::string password, std::optional<Limits> limits) {
    Impl& impl = *impl_;
    const auto plain = account_name(name);
    if (!plain) co_return refused(StoreError::bad_name);
    if (!may_be_password(password)) co_return refused(StoreError::cannot);
    const auto room = impl.room(0);
    if (!room) co_return refused(room.error());

    NewAccount wanted{*plain, limits.value_or(impl.settings.enroll), VolumeId{1}, {}, {}};
    wanted.hashing = impl.credentials->new_hashing(AccountId{});
    auto hash = [&wanted, &password] { return make_credential(password, wanted.hashing); };
    wanted.credential = co_await impl.pool.run(runtime::Lane::login, hash);

    auto begin = [&impl, &wanted](Site& site) {
        auto begun = site.begin_account(wanted);
        if (begun) impl.publish(site);
        return begun;
    };
    const auto begun = co_await impl.change(begin);
    if (!begun) co_return refused(begun.error());

    Account account = *begun;
    const CreateAccount creation{account.id};
    const auto created = co_await impl.volume->write(creation);
    auto end = [&impl, &wanted, &created, id = account.id](Site& site) -> Result<Done> {
        if (created) {
            impl.credentials->put(Secrets{id, wanted.hashing, {wanted.credential}});
            site.set_state(id, AccountState::active);
        } else {
            site.erase_account(id);
        }
        impl.publish(site);
        return Done{};
    };
    const auto ended = co_await impl.change(end);
    if (!created) co_return refused(created.error());
    if (!ended) co_return refused(ended.error());
    account.state = AccountState::active;
    co_return account;
}

runtime::Task<Result<Done>> Store::remove(std::string name) {
    Impl& impl = *impl_;
    const auto people = impl.who();
    const Account* account = people->by_name(name);
    if (!account) co_return refused(StoreError::not_found);
    const AccountId id = account->id;

    auto begin = [&impl, id](Site& site) -> Result<Done> {
        site.set_state(id, AccountState::deleting);
        impl.credentials->remove(id);
        impl.publish(site);
        return Done{};
    };
    const auto begun = co_await impl.change(begin);
    if (!begun) co_return refused(begun.error());
    const RemoveAccount removal{id};
    const auto removed = co_await impl.volume->write(removal);
    if (!removed) co_return refused(removed.error());
    auto end = [&impl, id](Site& site) -> Result<Done> {
        site.erase_account(id);
        impl.publish(site);
        return Done{};
    };
    const auto ended = co_await impl.change(end);
    co_return ended;
}

runtime::Task<Result<Done>> Store::set_password(std::string name, std::string password) {
    Impl& impl = *impl_;
    const auto people = impl.who();
    const Account* account = people->by_name(name);
    if (!account || account->state == AccountState::deleting) co_return refused(StoreError::not_found);
    if (!may_be_password(password)) co_return refused(StoreError::cannot);
    const AccountId id = account->id;

    const Hashing hashing = impl.credentials->new_hashing(id);
    auto hash = [&hashing, &password] { return make_credential(password, hashing); };
    const Credential credential = co_await impl.pool.run(runtime::Lane::login, hash);
    auto set = [&impl, &hashing, &credential, id](Site& site) -> Result<Done> {
        const auto done = site.set_password(id, hashing, credential);
        if (!done) return done;
        for (Secrets& each : site.secrets())
            if (each.account == id) impl.credentials->put(std::move(each));
        return done;
    };
    const auto done = co_await impl.change(set);
    co_return done;
}

runtime::Task<std::optional<Account>> Store::authenticate(std::string name, std::string password) {
    Impl& impl = *impl_;
    const auto people = impl.who();
    const Account* account = people->by_name(name);
    const bool is_active = account && account->state == AccountState::active;
    const AccountId id = is_active ? account->id : AccountId{}; // 0: nobody, at the same cost
    bool good = impl.credentials->remembers(id, password);
    if (!good) {
        auto verify = [&impl, &name, &password, id] { return impl.credentials->verify(id, name, password); };
        good = co_await impl.pool.run(runtime::Lane::login, verify);
    }
    if (!good || !is_active) co_return std::nullopt;
    co_return *account;
}

// -- at start-up, when there is no loop yet

namespace {

/// Runs a job and waits for its COMMIT on this thread.
template <class J>
class JobHere final : public QueuedJob {
public:
    JobHere(Volume& volume, J job) : job_(std::move(job)) {
        volume.submit(*this);
        std::unique_lock lock(mutex_);
        done_.wait(lock, [this] { return is_done_; });
    }
    bool run(Writing& writing) override {
        result_.emplace(job_.run(writing));
        return static_cast<bool>(*result_);
    }
    void finish(std::optional<StoreError> failure) noexcept override {
        const std::lock_guard lock(mutex_); // held while notifying: this object goes as soon as it is let go
        if (failure) result_.emplace(refused(*failure));
        is_done_ = true;
        done_.notify_one();
    }
    const Result<typename J::Value>& result() const { return *result_; }

private:
    J job_;
    std::mutex mutex_;
    std::condition_variable done_;
    bool is_done_ = false;
    std::optional<Result<typename J::Value>> result_;
};

} // namespace

void Store::Impl::finish_accounts() {
    const auto people = who();
    for (const Account& account : people->accounts) {
        if (account.state == AccountState::creating) finish_creation(account.id);
        if (account.state == AccountState::deleting) finish_deletion(account.id);
    }
}

void Store::Impl::finish_creation(AccountId account) {
    const JobHere<CreateAccount> job(*volume, CreateAccount{account});
    if (!job.result()) return; // a full disk: the next start tries again
    site.run_here([this, account](Site& opened) {
        opened.set_state(account, AccountState::active);
        publish(opened);
    });
}

void Store::Impl::finish_deletion(AccountId account) {
    credentials->remove(account);
    const JobHere<RemoveAccount> job(*volume, RemoveAccount{account});
    if (!job.result()) return;
    site.run_here([this, account](Site& opened) {
        opened.erase_account(account);
        publish(opened);
    });
}

} // namespace pillarbox::store
