// A view: one mailbox through the eyes of one account. Every read and change of flags goes through it, because rights
// and per-reader \Seen of shared mailboxes (RFC 4314) belong exactly here.
#pragma once

#include "appliance/runtime/loop.h"
#include "appliance/runtime/task.h"
#include "store/directory.h"
#include "store/incoming.h"
#include "store/rows.h"
#include "store/snapshot.h"
#include "store/uid_map.h"

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace pillarbox::store {

class OpenMailbox;
class Volume;

/// A message's flags after a change.
struct MessageFlags {
    Uid uid;
    Flags flags = 0;
    ModSeq modseq;
};

struct FlagsChanged {
    std::vector<ModSeq> modseqs;              // one per slice: the session's own, not echoed
    std::vector<MessageFlags> changed;        // ascending; every message addressed, with its flags now
    UidSet modified;                          // not changed as newer than unchanged_since (RFC 7162 3.1.3)
    std::shared_ptr<const Keywords> keywords; // names of the slots now
};

struct Copied {
    UidValidity target_uidvalidity;
    std::vector<UidRange> from, to; // pairwise in order: RFC 4315 COPYUID
    std::vector<ModSeq> modseqs;    // of the source's expunges (MOVE)
    UidSet expunged;                // what MOVE took away
};

struct Expunged {
    UidSet uids;
    std::vector<ModSeq> modseqs;
    ModSeq highest;
};

struct Appended {
    UidValidity uidvalidity;
    Uid uid;
};

/// How far a session has been told.
struct Position {
    ModSeq modseq;
    Uid uidnext;
};

/// What happened in a mailbox after a position.
struct Changes {
    Position now;
    UidSet expunged;                   // of the messages below the old uidnext, and arrivals already gone
    std::vector<MessageFlags> flags;   // changed and still there, below the old uidnext, ascending
    std::shared_ptr<const UidMap> map; // as of now
    std::shared_ptr<const Keywords> keywords;
    bool mailbox_gone = false;
};

/// Calls back on a loop when the mailbox (or any mailbox of the account) changed; coalesced. Ends with its life.
class Watch {
public:
    virtual ~Watch() = default;
};

class View {
public:
    View(Volume& volume, MailboxId mailbox, AccountId owner, AccountId reader, bool writable)
        : volume_(&volume), mailbox_(mailbox), owner_(owner), reader_(reader), writable_(writable) {}

    MailboxId mailbox() const noexcept { return mailbox_; }
    AccountId owner() const noexcept { return owner_; }
    bool writable() const noexcept { return writable_; }
    Volume& volume() const noexcept { return *volume_; }

    /// Adds, removes or replaces flags on messages; above 50,000 rows in slices, each with a modseq of its own.
    /// @param uids  those not in the mailbox are skipped (RFC 9051 6.4.9)
    /// Errors: read_only, mailbox_gone, limit (keyword slots), no_space, unavailable.
    runtime::Task<Result<FlagsChanged>> change_flags(UidSet uids, FlagChange change,
                                                     std::optional<ModSeq> unchanged_since = {}) const;
    /// Copies into a mailbox of any account on this volume, in one transaction; flags, keywords (by name), dates and
    /// email ids are kept. move: the originals are expunged in the same transaction (RFC 6851).
    /// @param limits  of the target's account
    /// Errors: not_found (target), over_quota, read_only (move), mailbox_gone, limit, no_space, unavailable.
    runtime::Task<Result<Copied>> copy(UidSet uids, MailboxId target, Limits limits, bool move) const;
    /// Removes the messages of the set that have \Deleted.
    runtime::Task<Result<Expunged>> expunge(UidSet uids) const;
    /// Takes \Recent for this session: messages from the returned UID on are recent to it (RFC 3501 2.3.2).
    runtime::Task<Result<Uid>> claim_recent() const;

    /// What happened since, from the hub's ring when it reaches back far enough, else by a scan.
    runtime::Task<Result<Changes>> changes(Position since) const;
    /// on_change runs on that loop's thread.
    std::unique_ptr<Watch> watch(runtime::Loop& loop, std::function<void()> on_change) const;

    /// Runs f(Snapshot&) on a pool thread under the read gate and yields its result. Page: at most 20 ms a call.
    template <class F>
    runtime::Task<std::invoke_result_t<F&, Snapshot&>> read(F f) const; // store/volume.h has the body

private:
    Volume* volume_;
    MailboxId mailbox_;
    AccountId owner_, reader_;
    bool writable_;
};

/// What SELECT and EXAMINE need.
struct Opened {
    View view;
    Mailbox row;
    std::shared_ptr<const UidMap> map;
    std::shared_ptr<const Keywords> keywords;
    Uid first_unseen;                  // 0: none
    std::shared_ptr<OpenMailbox> open; // keeps the hub's picture while the mailbox is selected
    Position position() const { return Position{row.modseq, row.uidnext}; }
};

} // namespace pillarbox::store
