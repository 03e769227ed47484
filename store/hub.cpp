// The change hub (see hub.h).
#include "store/hub.h"

#include "appliance/runtime/loop.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>

namespace pillarbox::store {
namespace {
constexpr std::size_t ring_changes = 4096;
}

/// A session's callback. It may end on its loop while the writer is calling: the flag is looked at on the loop.
class OpenMailbox::Subscriber : public std::enable_shared_from_this<Subscriber> {
public:
    Subscriber(runtime::Loop& loop, std::function<void()> on_change) : loop_(loop), on_change_(std::move(on_change)) {}

    /// On the writer thread. Coalesced: one call is under way at most.
    void notify() {
        if (pending_.exchange(true)) return;
        loop_.post([self = shared_from_this()] {
            self->pending_ = false;
            if (self->on_change_) self->on_change_();
        });
    }
    /// On the loop's thread.
    void end() { on_change_ = nullptr; }

private:
    runtime::Loop& loop_;
    std::function<void()> on_change_;
    std::atomic<bool> pending_{false};
};

namespace {

/// Holds the mailbox open and the callback alive.
class Subscription final : public Watch {
public:
    Subscription(std::shared_ptr<OpenMailbox> mailbox, std::shared_ptr<OpenMailbox::Subscriber> subscriber)
        : mailbox_(std::move(mailbox)), subscriber_(std::move(subscriber)) {}
    ~Subscription() override { subscriber_->end(); }

private:
    std::shared_ptr<OpenMailbox> mailbox_;
    std::shared_ptr<OpenMailbox::Subscriber> subscriber_;
};

} // namespace

std::unique_ptr<Watch> OpenMailbox::watch(std::shared_ptr<OpenMailbox> self, runtime::Loop& loop,
                                          std::function<void()> on_change) {
    auto subscriber = std::make_shared<Subscriber>(loop, std::move(on_change));
    {
        const std::lock_guard lock(mutex_);
        std::erase_if(subscribers_, [](const auto& each) { return each.expired(); });
        subscribers_.push_back(subscriber);
    }
    return std::make_unique<Subscription>(std::move(self), std::move(subscriber));
}

bool OpenMailbox::loaded() const {
    const std::lock_guard lock(mutex_);
    return loaded_;
}

void OpenMailbox::load(std::vector<std::uint32_t> uids, Position scanned, Keywords keywords) {
    const std::lock_guard lock(mutex_);
    if (loaded_) return;
    std::sort(uids.begin(), uids.end());
    map_ = std::make_shared<const UidMap>(uids);
    position_ = scanned;
    ring_floor_ = scanned.modseq;
    if (!keywords_) keywords_ = std::make_shared<const Keywords>(std::move(keywords));
    loaded_ = true;
    // Later pages of the scan saw some of these changes already: adding and removing again changes nothing.
    std::vector<Note> missed = std::move(before_load_);
    std::erase_if(missed, [&](const Note& note) { return note.modseq <= scanned.modseq; });
    if (!missed.empty()) update_map(missed.data(), missed.data() + missed.size());
}

OpenMailbox::State OpenMailbox::state() const {
    const std::lock_guard lock(mutex_);
    return State{position_, map_, keywords_, gone_};
}

void OpenMailbox::remember(const Note& note) {
    ring_.push_back(note);
    if (ring_.size() <= ring_changes) return;
    ring_floor_ = ring_.front().modseq;
    ring_.pop_front();
}

void OpenMailbox::update_map(const Note* first, const Note* last) {
    std::vector<std::uint32_t> added;
    UidSet removed;
    for (const Note* note = first; note != last; ++note) {
        if (note->kind == Note::Kind::arrival) {
            added.push_back(note->uid.value);
            position_.uidnext = std::max(position_.uidnext, Uid{note->uid.value + 1});
        }
        if (note->kind == Note::Kind::gone) removed.add(note->uid);
        if (note->kind == Note::Kind::mailbox_gone) gone_ = true;
        position_.modseq = std::max(position_.modseq, note->modseq);
        if (note->kind != Note::Kind::keywords) remember(*note);
    }
    if (added.empty() && removed.empty()) return;
    std::erase_if(added,
                  [&](std::uint32_t uid) { return map_->position(Uid{uid}) != 0 || removed.contains(Uid{uid}); });
    map_ = std::make_shared<const UidMap>(map_->with(added, removed));
}

void OpenMailbox::apply(const Note* first, const Note* last, std::shared_ptr<const Keywords> keywords) {
    const std::lock_guard lock(mutex_);
    if (keywords) keywords_ = std::move(keywords);
    if (!loaded_) {
        before_load_.insert(before_load_.end(), first, last);
        return;
    }
    update_map(first, last);
    advanced_.notify_all();
    for (const auto& each : subscribers_)
        if (const auto subscriber = each.lock()) subscriber->notify();
}

/// Folds the ring's changes after a modseq: the last word on each message counts.
void OpenMailbox::collect(Changes& changes, ModSeq after, Uid below) const {
    std::map<std::uint32_t, MessageFlags> latest;
    for (const MessageFlags& each : changes.flags) latest.emplace(each.uid.value, each);
    for (const Note& note : ring_) {
        if (note.modseq <= after) continue;
        if (note.kind == Note::Kind::gone) {
            latest.erase(note.uid.value);
            changes.expunged.add(note.uid);
        } else if (note.kind == Note::Kind::flags && note.uid < below) {
            latest.insert_or_assign(note.uid.value, MessageFlags{note.uid, note.flags, note.modseq});
        }
    }
    changes.flags.clear();
    for (const auto& [uid, flags] : latest) changes.flags.push_back(flags);
}

std::optional<Changes> OpenMailbox::since(Position position) const {
    const std::lock_guard lock(mutex_);
    if (!loaded_ || position.modseq < ring_floor_) return std::nullopt;
    Changes changes{position_, {}, {}, map_, keywords_, gone_};
    if (position.modseq < position_.modseq) collect(changes, position.modseq, position.uidnext);
    return changes;
}

bool OpenMailbox::complete(Changes& scanned, Position since) const {
    std::unique_lock lock(mutex_);
    // The scan may have seen a COMMIT that the writer is just about to publish.
    advanced_.wait_for(lock, std::chrono::seconds(5), [&] { return gone_ || position_.modseq >= scanned.now.modseq; });
    if (scanned.now.modseq < ring_floor_) return false;
    collect(scanned, scanned.now.modseq, since.uidnext);
    scanned.now = position_;
    scanned.map = map_;
    scanned.keywords = keywords_;
    scanned.mailbox_gone = gone_;
    return true;
}

std::shared_ptr<OpenMailbox> Hub::open(MailboxId id) {
    const std::lock_guard lock(mutex_);
    auto& slot = open_[id];
    if (auto mailbox = slot.lock()) return mailbox;
    if (open_.size() > 64)
        std::erase_if(open_, [id](const auto& each) { return each.first != id && each.second.expired(); });
    auto mailbox = std::make_shared<OpenMailbox>(id);
    open_[id] = mailbox;
    return mailbox;
}

std::shared_ptr<OpenMailbox> Hub::find(MailboxId id) {
    const std::lock_guard lock(mutex_);
    const auto it = open_.find(id);
    return it == open_.end() ? nullptr : it->second.lock();
}

void Hub::publish(const std::vector<Note>& notes, const std::function<Keywords(MailboxId)>& keywords) {
    // Stable by mailbox: each one gets its notes of this COMMIT in one piece and in order.
    std::vector<Note> sorted = notes;
    std::stable_sort(sorted.begin(), sorted.end(), [](const Note& a, const Note& b) { return a.mailbox < b.mailbox; });
    for (auto first = sorted.begin(); first != sorted.end();) {
        const auto last = std::find_if(first, sorted.end(), [&](const Note& n) { return n.mailbox != first->mailbox; });
        if (const auto mailbox = find(first->mailbox)) {
            const bool renamed_slots =
                std::any_of(first, last, [](const Note& n) { return n.kind == Note::Kind::keywords; });
            std::shared_ptr<const Keywords> names;
            if (renamed_slots) names = std::make_shared<const Keywords>(keywords(first->mailbox));
            mailbox->apply(&*first, &*first + (last - first), std::move(names));
        }
        first = last;
    }
}

std::size_t Hub::open_mailboxes() const {
    const std::lock_guard lock(mutex_);
    return static_cast<std::size_t>(
        std::count_if(open_.begin(), open_.end(), [](const auto& each) { return !each.second.expired(); }));
}

} // namespace pillarbox::store
