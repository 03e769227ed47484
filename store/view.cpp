// A view's operations: slices of jobs, questions to the hub, scans where the hub does not reach back (see view.h).
#include "store/view.h"

#include "store/hub.h"
#include "store/jobs.h"
#include "store/open_view.h"
#include "store/table_entry.h"
#include "store/volume.h"

namespace pillarbox::store {
namespace {

constexpr std::size_t scan_uids = 50'000; // UIDs read in one visit: about 4 ms

struct UidPage {
    std::vector<std::uint32_t> uids;
    Position position; // of this page's snapshot
    Keywords keywords;
    bool gone = false;
};

UidPage read_uids(Snapshot& snapshot, MailboxId mailbox, std::uint32_t from) {
    UidPage page;
    const auto row = snapshot.mailbox(mailbox);
    page.gone = !row;
    if (!row) return page;
    page.position = Position{row->modseq, row->uidnext};
    page.uids = entry_table::uids(snapshot.db(), mailbox, from, scan_uids);
    page.keywords = snapshot.keywords(mailbox);
    return page;
}

/// Reads all UIDs in pages and gives them to the hub, which adds what was noted meanwhile. False: mailbox gone.
runtime::Task<bool> load(Volume& volume, std::shared_ptr<OpenMailbox> open, MailboxId mailbox) {
    std::vector<std::uint32_t> uids;
    std::optional<UidPage> first;
    for (std::uint32_t from = 1;;) {
        auto read = [mailbox, from](Snapshot& snapshot) { return read_uids(snapshot, mailbox, from); };
        UidPage page = co_await volume.read(read);
        if (page.gone) co_return false;
        uids.insert(uids.end(), page.uids.begin(), page.uids.end());
        const bool more = page.uids.size() == scan_uids;
        if (more) from = page.uids.back() + 1;
        if (!first) first = std::move(page);
        if (!more) break;
    }
    open->load(std::move(uids), first->position, std::move(first->keywords));
    co_return true;
}

/// Changes since a position by looking at every entry: 40 ns a row.
std::optional<Changes> scan_changes(Snapshot& snapshot, MailboxId mailbox, Position since) {
    const auto row = snapshot.mailbox(mailbox);
    if (!row) return std::nullopt;
    Changes changes;
    changes.now = Position{row->modseq, row->uidnext};
    if (since.uidnext.value > 1)
        entry_table::scan(snapshot.db(), mailbox, 1, since.uidnext.value - 1, [&](const Entry& entry) {
            if (entry.modseq > since.modseq) changes.flags.push_back({entry.uid, entry.flags, entry.modseq});
            return true;
        });
    changes.expunged = snapshot.expunged_since(mailbox, since.modseq);
    return changes;
}

template <class T>
void append(std::vector<T>& to, const std::vector<T>& more) {
    to.insert(to.end(), more.begin(), more.end());
}

} // namespace

runtime::Task<Result<Opened>> open_view(Volume& volume, AccountId owner, AccountId reader, std::string name,
                                        bool writable) {
    struct Found {
        std::optional<Mailbox> row;
        Uid first_unseen{};
    };
    auto find = [owner, name](Snapshot& snapshot) {
        Found found;
        found.row = snapshot.mailbox(owner, name);
        if (found.row && found.row->unseen > 0) found.first_unseen = snapshot.first_unseen(found.row->id);
        return found;
    };
    Found found = co_await volume.read(find);
    if (!found.row) co_return refused(StoreError::not_found);
    Mailbox row = std::move(*found.row);
    const auto open = volume.hub().open(row.id);
    if (!open->loaded()) {
        const bool there = co_await load(volume, open, row.id);
        if (!there) co_return refused(StoreError::not_found);
    }
    // The hub's picture is the one that later changes are told against.
    const OpenMailbox::State state = open->state();
    row.modseq = state.position.modseq;
    row.uidnext = state.position.uidnext;
    row.messages = state.map->size();
    const View view(volume, row.id, owner, reader, writable);
    co_return Opened{view, std::move(row), state.map, state.keywords, found.first_unseen, open};
}

runtime::Task<Result<FlagsChanged>> View::change_flags(UidSet uids, FlagChange change,
                                                       std::optional<ModSeq> unchanged_since) const {
    if (!writable_) co_return refused(StoreError::read_only);
    FlagsChanged all;
    do {
        ChangeFlags job{mailbox_, std::move(uids), change, unchanged_since};
        auto slice = co_await volume_->write(std::move(job));
        if (!slice) co_return refused(slice.error());
        append(all.modseqs, slice->changed.modseqs);
        append(all.changed, slice->changed.changed);
        for (const UidRange& range : slice->changed.modified.ranges()) all.modified.add(range.first, range.last);
        uids = std::move(slice->rest);
    } while (!uids.empty());
    const auto open = volume_->hub().open(mailbox_);
    if (open->loaded()) all.keywords = open->state().keywords;
    co_return all;
}

runtime::Task<Result<Copied>> View::copy(UidSet uids, MailboxId target, Limits limits, bool move) const {
    if (move && !writable_) co_return refused(StoreError::read_only);
    Copy job{mailbox_, target, std::move(uids), move, limits};
    auto copied = co_await volume_->write(std::move(job));
    co_return copied;
}

runtime::Task<Result<Expunged>> View::expunge(UidSet uids) const {
    if (!writable_) co_return refused(StoreError::read_only);
    Expunged all;
    do {
        Expunge job{mailbox_, std::move(uids), volume_->undelete_seconds()};
        auto slice = co_await volume_->write(std::move(job));
        if (!slice) co_return refused(slice.error());
        append(all.modseqs, slice->expunged.modseqs);
        for (const UidRange& range : slice->expunged.uids.ranges()) all.uids.add(range.first, range.last);
        all.highest = slice->expunged.highest;
        uids = std::move(slice->rest);
    } while (!uids.empty());
    co_return all;
}

runtime::Task<Result<Uid>> View::claim_recent() const {
    ClaimRecent job{mailbox_};
    auto first = co_await volume_->write(std::move(job));
    co_return first;
}

runtime::Task<Result<Changes>> View::changes(Position since) const {
    const auto open = volume_->hub().open(mailbox_);
    if (!open->loaded()) {
        const bool there = co_await load(*volume_, open, mailbox_);
        if (!there) co_return refused(StoreError::mailbox_gone);
    }
    for (;;) {
        if (auto quick = open->since(since)) co_return std::move(*quick);
        auto scan = [this, since, open](Snapshot& snapshot) {
            auto changes = scan_changes(snapshot, mailbox_, since);
            const bool whole = changes && open->complete(*changes, since);
            return std::pair(std::move(changes), whole);
        };
        auto scanned = co_await volume_->read(scan);
        if (!scanned.first) co_return refused(StoreError::mailbox_gone);
        if (scanned.second) co_return std::move(*scanned.first);
    }
}

std::unique_ptr<Watch> View::watch(runtime::Loop& loop, std::function<void()> on_change) const {
    auto open = volume_->hub().open(mailbox_);
    return open->watch(open, loop, std::move(on_change));
}

} // namespace pillarbox::store
