// The open transaction as a job sees it: ids, modseqs, counters and the notes that go to the hub after COMMIT.
//
// Counters are cached for the length of a batch and written once each; a job that fails gets back what it changed, and
// a failed batch drops them all.
#pragma once

#include "store/rows.h"
#include "store/uid_set.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace pillarbox::store {

class Db;

/// What the hub must tell the sessions of a mailbox.
struct Note {
    enum class Kind : std::uint8_t { arrival, flags, gone, keywords, listed, mailbox_gone } kind;
    MailboxId mailbox;
    Uid uid{};
    Flags flags = 0;
    ModSeq modseq{};
};

/// An account's row.
struct AccountRow {
    AccountId id;
    std::int64_t octets = 0, messages = 0, reserved = 0;
    ModSeq modseq;
    std::uint32_t next_uidvalidity = 1;
    bool operator==(const AccountRow&) const = default;
};

/// Rows held while a batch runs, with the values before the current job.
template <class Key, class Row>
class RowCache {
public:
    Row* find(Key key) {
        const auto it = rows_.find(key);
        return it == rows_.end() ? nullptr : &it->second.row;
    }
    Row& put(Key key, Row row) { return rows_.insert_or_assign(key, Slot{std::move(row), false}).first->second.row; }
    /// The row to change: remembered for undo, written at the end of the batch.
    Row& change(Key key) {
        Slot& slot = rows_.at(key);
        undo_.emplace_back(key, slot);
        slot.dirty = true;
        return slot.row;
    }
    /// Lets go of a row, written by the caller if dirty().
    void erase(Key key) {
        const auto it = rows_.find(key);
        if (it == rows_.end()) return;
        undo_.emplace_back(key, it->second);
        rows_.erase(it);
    }
    bool dirty(Key key) const {
        const auto it = rows_.find(key);
        return it != rows_.end() && it->second.dirty;
    }
    void job_done() noexcept { undo_.clear(); }
    void job_failed() {
        for (auto it = undo_.rbegin(); it != undo_.rend(); ++it) rows_.insert_or_assign(it->first, it->second);
        undo_.clear();
    }
    template <class F>
    void each_dirty(F f) {
        for (auto& [key, slot] : rows_)
            if (slot.dirty) f(slot.row);
    }
    void mark_clean() noexcept {
        for (auto& [key, slot] : rows_) slot.dirty = false;
    }
    void clear() noexcept {
        rows_.clear();
        undo_.clear();
    }
    std::size_t size() const noexcept { return rows_.size(); }

private:
    struct Slot {
        Row row;
        bool dirty = false;
    };
    std::unordered_map<Key, Slot> rows_;
    std::vector<std::pair<Key, Slot>> undo_;
};

class Writing {
public:
    Writing(Db& db, std::int64_t birth) : db_(db), birth_(birth) {}

    Db& db() noexcept { return db_; }
    /// A new id, birth << 40 | counter.
    std::int64_t next_id();
    std::int64_t now() const noexcept { return now_; } // unix seconds, the same within a batch

    const AccountRow* account(AccountId id);
    AccountRow& change_account(AccountId id); // account() must have found it
    const Mailbox* mailbox(MailboxId id);     // nullptr: not there, or deleted
    Mailbox& change_mailbox(MailboxId id);
    /// Writes the row now, for statements that look at the table; drops it from the cache when it was deleted.
    void flush_mailbox(MailboxId id);
    void drop_mailbox(MailboxId id);
    void drop_account(AccountId id);
    /// The account's next modseq: one for each job and account.
    ModSeq next_modseq(AccountId id);
    /// max(now, next_uidvalidity), never given twice.
    UidValidity next_uidvalidity(AccountId id);

    void note(Note note) { notes_.push_back(note); }

    // -- for the writer
    void begin_batch();
    void begin_job();
    void end_job(bool ok);
    /// Writes dirty rows and the id counter: the last thing before COMMIT.
    void flush();
    void committed();   // rows stay cached: nobody else writes
    void rolled_back(); // drops every cache
    std::vector<Note>& notes() noexcept { return notes_; }
    /// After flush(): the accounts this batch changed or removed, for the counters kept in memory.
    const std::vector<AccountRow>& changed_accounts() const noexcept { return changed_accounts_; }
    const std::vector<AccountId>& removed_accounts() const noexcept { return removed_accounts_; }

private:
    void load_counter();
    Db& db_;
    std::int64_t birth_;
    std::int64_t next_counter_ = 0, flushed_counter_ = -1;
    std::int64_t now_ = 0;
    RowCache<std::int64_t, AccountRow> accounts_;
    RowCache<std::int64_t, Mailbox> mailboxes_;
    std::vector<std::pair<AccountId, ModSeq>> job_modseqs_;
    std::vector<AccountRow> changed_accounts_;
    std::vector<AccountId> removed_accounts_;
    std::vector<Note> notes_;
    std::size_t notes_mark_ = 0;
};

} // namespace pillarbox::store
