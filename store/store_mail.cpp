// Store: mail in, and the mailboxes of an account.
#include "store/names.h"
#include "store/store_impl.h"

#include "store/body_folder.h"
#include "store/jobs.h"
#include "store/open_view.h"

#include <algorithm>

namespace pillarbox::store {

Usage Store::usage(AccountId account) const { return impl_->volume->usage(account).value_or(Usage{}); }

Result<Done> Store::may_receive(const Account& account, std::uint64_t octets) const {
    const Usage used = usage(account.id);
    const auto size = static_cast<std::int64_t>(std::clamp<std::uint64_t>(octets, 1, INT64_MAX / 4));
    const Limits& limits = account.limits;
    if (limits.octets != 0 && used.octets + used.reserved + size > limits.octets)
        return refused(StoreError::over_quota);
    if (limits.messages != 0 && used.messages + 1 > limits.messages) return refused(StoreError::over_quota);
    return impl_->room(octets);
}

Incoming Store::incoming(const Account& first_recipient) { return Incoming(volume_of(first_recipient.id)); }

runtime::Task<Result<Accepted>> Store::accept(Incoming message, std::shared_ptr<const SpoolEnvelope> envelope,
                                              std::vector<Delivery> direct) {
    const auto room = impl_->room(message.size());
    if (!room) co_return refused(room.error());
    auto prepared = message.take();
    auto entry = co_await impl_->volume->spool().accept(std::move(prepared), std::move(envelope), std::move(direct));
    if (!entry) co_return refused(entry.error());
    impl_->accepted.fetch_add(1, std::memory_order_relaxed);
    co_return Accepted{entry->spool, std::move(entry->delivered)};
}

runtime::Task<Result<Opened>> Store::open(AccountId reader, std::string name, bool writable) {
    auto plain = mailbox_name(name);
    if (!plain) co_return refused(StoreError::not_found);
    auto opened = co_await open_view(volume_of(reader), reader, reader, std::move(*plain), writable);
    co_return opened;
}

runtime::Task<Result<Mailbox>> Store::create_mailbox(AccountId account, std::string name, SpecialUse use) {
    auto plain = mailbox_name(name);
    if (!plain) co_return refused(StoreError::bad_name);
    CreateMailbox job{account, std::move(*plain), use};
    auto made = co_await volume_of(account).write(std::move(job));
    co_return made;
}

runtime::Task<Result<Done>> Store::delete_mailbox(AccountId account, std::string name) {
    auto plain = mailbox_name(name);
    if (!plain) co_return refused(StoreError::not_found);
    DeleteMailbox job{account, std::move(*plain)};
    const auto done = co_await volume_of(account).write(std::move(job));
    co_return done;
}

runtime::Task<Result<Done>> Store::rename_mailbox(AccountId account, std::string from, std::string to) {
    auto plain_from = mailbox_name(from);
    if (!plain_from) co_return refused(StoreError::not_found);
    auto plain_to = mailbox_name(to);
    if (!plain_to) co_return refused(StoreError::bad_name);
    RenameMailbox job{account, std::move(*plain_from), std::move(*plain_to)};
    const auto done = co_await volume_of(account).write(std::move(job));
    co_return done;
}

runtime::Task<Result<Done>> Store::subscribe(AccountId account, std::string name, bool on) {
    auto plain = mailbox_name(name);
    if (!plain) co_return refused(StoreError::bad_name);
    Subscribe job{account, std::move(*plain), on};
    const auto done = co_await volume_of(account).write(std::move(job));
    co_return done;
}

runtime::Task<Result<Appended>> Store::append(AccountId account, std::string mailbox, Incoming message,
                                              FlagChange flags, std::int64_t internal_date) {
    auto plain = mailbox_name(mailbox);
    const auto people = impl_->who();
    const Account* owner = people->by_id(account);
    if (!plain || !owner) co_return refused(StoreError::not_found);
    const auto room = impl_->room(message.size());
    if (!room) co_return refused(room.error());

    const auto prepared = message.take();
    Append job{account, std::move(*plain), prepared, std::move(flags), internal_date, owner->limits};
    const auto appended = co_await volume_of(account).write(std::move(job));
    co_return appended;
}

} // namespace pillarbox::store
