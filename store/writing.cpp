// The open transaction as a job sees it (see writing.h).
#include "store/writing.h"

#include "appliance/runtime/clock.h"
#include "store/db.h"
#include "store/table_account.h"
#include "store/table_mailbox.h"

#include <algorithm>
#include <stdexcept>

namespace pillarbox::store {
namespace {
constexpr std::size_t cached_rows = 4096; // beyond that the caches start anew with the next batch
constexpr int id_bits = 40;
} // namespace

void Writing::load_counter() {
    next_counter_ = meta_table::get(db_, "next_id").value_or(1);
    flushed_counter_ = next_counter_;
}

std::int64_t Writing::next_id() {
    if (next_counter_ == 0) load_counter();
    if (next_counter_ >> id_bits) throw std::runtime_error("ids of this volume are exhausted");
    return birth_ << id_bits | next_counter_++;
}

const AccountRow* Writing::account(AccountId id) {
    if (const auto* row = accounts_.find(id.value)) return row;
    auto row = account_table::get(db_, id);
    return row ? &accounts_.put(id.value, *row) : nullptr;
}

AccountRow& Writing::change_account(AccountId id) {
    account(id);
    return accounts_.change(id.value);
}

const Mailbox* Writing::mailbox(MailboxId id) {
    if (const auto* row = mailboxes_.find(id.value)) return row;
    auto row = mailbox_table::get(db_, id);
    return row ? &mailboxes_.put(id.value, std::move(*row)) : nullptr;
}

Mailbox& Writing::change_mailbox(MailboxId id) {
    mailbox(id);
    return mailboxes_.change(id.value);
}

void Writing::flush_mailbox(MailboxId id) {
    if (mailboxes_.dirty(id.value)) mailbox_table::update(db_, *mailboxes_.find(id.value));
}

void Writing::drop_mailbox(MailboxId id) {
    flush_mailbox(id);
    mailboxes_.erase(id.value);
}

void Writing::drop_account(AccountId id) {
    accounts_.erase(id.value);
    removed_accounts_.push_back(id);
}

ModSeq Writing::next_modseq(AccountId id) {
    for (const auto& [account_id, modseq] : job_modseqs_)
        if (account_id == id) return modseq;
    AccountRow& row = change_account(id);
    ++row.modseq.value;
    job_modseqs_.emplace_back(id, row.modseq);
    return row.modseq;
}

UidValidity Writing::next_uidvalidity(AccountId id) {
    AccountRow& row = change_account(id);
    const auto value = std::max(static_cast<std::uint32_t>(now_), row.next_uidvalidity);
    row.next_uidvalidity = value + 1;
    return UidValidity{value};
}

void Writing::begin_batch() {
    now_ = runtime::unix_seconds();
    if (accounts_.size() > cached_rows) accounts_.clear();
    if (mailboxes_.size() > cached_rows) mailboxes_.clear();
    notes_.clear();
    changed_accounts_.clear();
    removed_accounts_.clear();
}

void Writing::begin_job() {
    job_modseqs_.clear();
    notes_mark_ = notes_.size();
}

void Writing::end_job(bool ok) {
    if (ok) {
        accounts_.job_done();
        mailboxes_.job_done();
        return;
    }
    accounts_.job_failed();
    mailboxes_.job_failed();
    notes_.resize(notes_mark_, Note{Note::Kind::arrival, {}});
}

void Writing::flush() {
    accounts_.each_dirty([&](const AccountRow& row) {
        account_table::update(db_, row);
        changed_accounts_.push_back(row);
    });
    mailboxes_.each_dirty([&](const Mailbox& row) { mailbox_table::update(db_, row); });
    // 0: no job of this batch took an id and the counter was not read; writing it would give ids anew.
    if (next_counter_ != 0 && next_counter_ != flushed_counter_) {
        meta_table::set(db_, "next_id", next_counter_);
        flushed_counter_ = next_counter_;
    }
}

void Writing::committed() {
    accounts_.mark_clean();
    mailboxes_.mark_clean();
}

void Writing::rolled_back() {
    accounts_.clear();
    mailboxes_.clear();
    notes_.clear();
    next_counter_ = 0; // read again: what was not committed may be given once more
}

} // namespace pillarbox::store
