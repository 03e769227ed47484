// The collector (see job_collect.h).
#include "store/job_collect.h"

#include "store/body_folder.h"
#include "store/db.h"
#include "store/jobs.h"
#include "store/table_mailbox.h"
#include "store/table_message.h"

#include <algorithm>
#include <cstdlib>

namespace pillarbox::store {
namespace {

constexpr int slice_rows_collected = 100;
constexpr std::int64_t hour = 3600;
constexpr std::int64_t tombstone_seconds = 7 * 86400; // QRESYNC clients away for less are told exactly what went
constexpr std::int64_t keep_free_pages = 1024;        // of 8 KiB: re-used soon, not worth giving back

} // namespace

bool Collector::slice(Writing& writing) {
    return release_messages(writing) || forget_files(writing) || empty_tombstone(writing) || prune_expunged(writing) ||
           give_pages_back(writing);
}

/// Takes queued references away; a message without any goes, its file is named for unlinking.
bool Collector::release_messages(Writing& writing) {
    Db& db = writing.db();
    const auto rows = unref_table::oldest(db, slice_rows_collected);
    for (const auto& [seq, message] : rows) {
        if (message_table::release(db, message) <= 0) {
            const auto row = message_table::get(db, message);
            if (row && !row->file.empty()) body_gone_table::add(db, row->file);
            message_table::remove(db, message);
        }
        unref_table::remove(db, seq);
    }
    return !rows.empty();
}

/// Files leave in two steps: unlinked after the commit that named them, forgotten once they are gone.
bool Collector::forget_files(Writing& writing) {
    for (const std::string& name : unlinked_) body_gone_table::remove(writing.db(), name);
    const bool worked = !unlinked_.empty();
    unlinked_.clear();
    unlinking_ = body_gone_table::all(writing.db());
    return worked || !unlinking_.empty();
}

void Collector::committed() {
    for (std::string& name : unlinking_)
        if (bodies_.unlink(name)) unlinked_.push_back(std::move(name));
    unlinking_.clear();
}

/// A deleted mailbox whose window is over loses its entries, then its row.
bool Collector::empty_tombstone(Writing& writing) {
    Db& db = writing.db();
    const auto mailbox = mailbox_table::tombstone(db, writing.now() - undelete_seconds_ + 1);
    if (!mailbox) return false;
    int left = slice_rows_collected;
    std::vector<Entry> entries;
    entry_table::scan(db, *mailbox, 1, 0xffffffff, [&](const Entry& entry) {
        entries.push_back(entry);
        return --left > 0;
    });
    for (const Entry& entry : entries) {
        entry_table::remove(db, *mailbox, entry.uid);
        unref_table::add(db, entry.message);
    }
    if (entries.empty()) mailbox_table::remove(db, *mailbox);
    return true;
}

/// Walks the tombstones of messages once an hour: those older than the window go, and the mailbox's floor rises.
bool Collector::prune_expunged(Writing& writing) {
    if (writing.now() < next_walk_) return false;
    Db& db = writing.db();
    const auto rows = expunged_table::walk(db, walked_, slice_rows_collected);
    if (rows.empty()) {
        walked_ = {};
        next_walk_ = writing.now() + hour;
        return false;
    }
    for (const auto& row : rows) {
        walked_ = row;
        const bool orphan = !writing.mailbox(row.mailbox);
        const bool over = std::abs(row.kept) <= writing.now() - std::max(undelete_seconds_, tombstone_seconds);
        if (!orphan && !over) continue;
        if (row.kept > 0) unref_table::add(db, row.message);
        expunged_table::remove(db, row);
        if (!orphan && writing.mailbox(row.mailbox)->floor < row.modseq)
            writing.change_mailbox(row.mailbox).floor = row.modseq;
    }
    return true;
}

bool Collector::give_pages_back(Writing& writing) {
    Db& db = writing.db();
    if (db.value("PRAGMA freelist_count") < keep_free_pages * 2) return false;
    db.execute("PRAGMA incremental_vacuum(256)");
    return true;
}

} // namespace pillarbox::store
