// The change hub: after each COMMIT it tells the sessions concerned, and keeps the latest changes of open mailboxes so
// that most questions need no database (DESIGN 4, The hub).
#pragma once

#include "store/view.h"
#include "store/writing.h"

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace pillarbox::store {

/// A mailbox that some session has open. Thread-safe.
class OpenMailbox {
public:
    explicit OpenMailbox(MailboxId id) : id_(id) {}

    bool loaded() const;
    /// Takes what a scan found; changes noted since the scan began are applied to it. Only the first load counts.
    void load(std::vector<std::uint32_t> uids, Position scanned, Keywords keywords);
    /// The state as of the last COMMIT.
    struct State {
        Position position;
        std::shared_ptr<const UidMap> map;
        std::shared_ptr<const Keywords> keywords;
        bool gone = false;
    };
    State state() const;
    /// The changes since a position, when the ring reaches back that far.
    std::optional<Changes> since(Position position) const;
    /// Brings changes found by a scan at scanned.now up to date with the ring; waits until the hub has seen that
    /// commit. False: the ring does not reach back to the scan, scan again.
    bool complete(Changes& scanned, Position since) const;

    /// On the writer thread: the notes of one COMMIT for this mailbox, in order.
    void apply(const Note* first, const Note* last, std::shared_ptr<const Keywords> keywords);

    class Subscriber;
    std::unique_ptr<Watch> watch(std::shared_ptr<OpenMailbox> self, runtime::Loop& loop,
                                 std::function<void()> on_change);

private:
    void remember(const Note& note);
    void collect(Changes& changes, ModSeq after, Uid below) const;
    void update_map(const Note* first, const Note* last);

    MailboxId id_;
    mutable std::mutex mutex_;
    mutable std::condition_variable advanced_;
    bool loaded_ = false, gone_ = false;
    std::vector<Note> before_load_; // noted while the first session scans
    std::deque<Note> ring_;
    ModSeq ring_floor_; // changes after this one are all in the ring
    Position position_;
    std::shared_ptr<const UidMap> map_;
    std::shared_ptr<const Keywords> keywords_;
    std::vector<std::weak_ptr<Subscriber>> subscribers_;
};

class Hub {
public:
    /// The open mailbox of that id, made when nobody had it open. It is forgotten when the last holder lets go.
    std::shared_ptr<OpenMailbox> open(MailboxId id);
    /// On the writer thread, after COMMIT. keywords(id) gives a mailbox's names anew when a note says they changed.
    void publish(const std::vector<Note>& notes, const std::function<Keywords(MailboxId)>& keywords);
    std::size_t open_mailboxes() const;

private:
    std::shared_ptr<OpenMailbox> find(MailboxId id);
    mutable std::mutex mutex_;
    std::unordered_map<MailboxId, std::weak_ptr<OpenMailbox>> open_;
};

} // namespace pillarbox::store
