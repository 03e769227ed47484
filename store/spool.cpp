// The durable spool's queue in memory (see spool.h).
#include "store/spool.h"

#include "appliance/runtime/clock.h"
#include "appliance/runtime/handoff.h"
#include "store/jobs.h"
#include "store/table_spool.h"
#include "store/volume.h"

#include <algorithm>
#include <atomic>
#include <deque>
#include <map>
#include <mutex>

namespace pillarbox::store {
namespace {

constexpr std::size_t memory_octets = 64 << 20; // messages kept in memory; beyond it they are read again
constexpr std::int64_t longest_wait = 4 * 3600; // a next_try beyond it is clamped (DESIGN 5.8)

/// Whether it was a direct delivery that was refused, rather than the message.
bool delivery_refused(StoreError error) {
    return error == StoreError::not_found || error == StoreError::bad_name || error == StoreError::limit;
}

} // namespace

struct Spool::Impl {
    class Claim;
    mutable std::mutex mutex;
    std::deque<Claimed> due;
    std::multimap<std::int64_t, Claimed> later; // by unix seconds
    std::deque<Claim*> waiting;
    std::size_t length = 0, octets = 0;
    std::uint64_t delivered = 0;
    bool stopped = false;

    void enter(const Entry& entry, const std::shared_ptr<Prepared>& message,
               const std::shared_ptr<const SpoolEnvelope>& envelope);
    void queue(std::vector<Claimed> claims);
    std::vector<Claimed> take(std::size_t most);
    void forget(const Claimed& claim);
};

/// A worker waiting for recipients.
class Spool::Impl::Claim final : public runtime::Handoff {
public:
    Claim(Impl& spool, std::size_t most) : spool_(spool), most_(most) {}
    void await_resume() const noexcept {}
    std::vector<Claimed> taken;
    std::size_t most() const noexcept { return most_; }
    using Handoff::complete;

private:
    void start() override {
        {
            const std::lock_guard lock(spool_.mutex);
            if (spool_.due.empty() && !spool_.stopped) {
                spool_.waiting.push_back(this);
                return;
            }
            if (!spool_.stopped) taken = spool_.take(most_);
        }
        complete();
    }
    Impl& spool_;
    std::size_t most_;
};

/// Under the mutex.
std::vector<Claimed> Spool::Impl::take(std::size_t most) {
    const auto count = static_cast<std::ptrdiff_t>(std::min(most, due.size()));
    std::vector<Claimed> taken(std::make_move_iterator(due.begin()), std::make_move_iterator(due.begin() + count));
    due.erase(due.begin(), due.begin() + count);
    return taken;
}

/// Queues the recipients of a message that was just accepted.
void Spool::Impl::enter(const Entry& entry, const std::shared_ptr<Prepared>& message,
                        const std::shared_ptr<const SpoolEnvelope>& envelope) {
    std::vector<Claimed> claims;
    {
        const std::lock_guard lock(mutex);
        for (std::uint32_t n = 0; n < envelope->recipients.size(); ++n) {
            const bool in_memory = octets < memory_octets;
            claims.push_back(Claimed{entry.spool, n, entry.message, in_memory ? message : nullptr, envelope, 0});
            if (in_memory) octets += message->octets();
        }
        length += claims.size();
    }
    queue(std::move(claims));
}

/// Queues recipients and hands them to a waiting worker.
void Spool::Impl::queue(std::vector<Claimed> claims) {
    Claim* worker = nullptr;
    {
        const std::lock_guard lock(mutex);
        std::move(claims.begin(), claims.end(), std::back_inserter(due));
        if (!waiting.empty() && !due.empty()) {
            worker = waiting.front();
            waiting.pop_front();
            worker->taken = take(worker->most());
        }
    }
    if (worker) worker->complete();
}

void Spool::Impl::forget(const Claimed& claim) {
    const std::lock_guard lock(mutex);
    if (length > 0) --length;
    if (claim.prepared) octets -= std::min(octets, claim.prepared->octets());
}

Spool::Spool(Volume& volume) : volume_(volume), impl_(std::make_unique<Impl>()) {}
Spool::~Spool() = default;

runtime::Task<Result<Spool::Entry>> Spool::accept(std::shared_ptr<Prepared> message,
                                                  std::shared_ptr<const SpoolEnvelope> envelope,
                                                  std::vector<Delivery> direct) {
    const bool directly = !direct.empty();
    Accept job{message, envelope, std::move(direct)};
    auto accepted = co_await volume_.write(std::move(job));
    if (!accepted && directly && delivery_refused(accepted.error())) {
        Accept spooled{message, envelope, {}};
        auto second = co_await volume_.write(std::move(spooled));
        accepted = std::move(second);
    }
    if (!accepted) co_return refused(accepted.error());
    Entry entry;
    entry.spool = accepted->spool;
    entry.message = accepted->message;
    entry.delivered = std::move(accepted->delivered);
    if (entry.delivered.empty()) {
        impl_->enter(entry, message, envelope);
    } else {
        const std::lock_guard lock(impl_->mutex);
        impl_->delivered += entry.delivered.size();
    }
    co_return entry;
}

runtime::Task<std::vector<Claimed>> Spool::claim(std::size_t most) {
    Impl::Claim call(*impl_, most);
    co_await call;
    co_return std::move(call.taken);
}

namespace {

/// Many Deliver jobs, answered together.
class DeliverAll final : public runtime::Handoff {
public:
    DeliverAll(Volume& volume, std::vector<Delivery>& deliveries) : volume_(volume), left_(deliveries.size()) {
        for (Delivery& delivery : deliveries) items_.emplace_back(*this, std::move(delivery));
    }
    void await_resume() const noexcept {}
    const Claimed& claim(std::size_t i) const { return items_[i].job.delivery.claim; }
    std::vector<Result<Delivered>> take() {
        std::vector<Result<Delivered>> results;
        for (Item& item : items_) results.push_back(std::move(*item.result));
        return results;
    }

private:
    struct Item final : QueuedJob {
        Item(DeliverAll& owner, Delivery delivery) : all(owner) { job.delivery = std::move(delivery); }
        bool run(Writing& writing) override {
            result.emplace(job.run(writing));
            return static_cast<bool>(*result);
        }
        void finish(std::optional<StoreError> failure) noexcept override {
            if (failure) result.emplace(refused(*failure));
            all.finished();
        }
        std::size_t octets() const noexcept override { return job.octets(); }
        DeliverAll& all;
        Deliver job;
        std::optional<Result<Delivered>> result;
    };
    void start() override {
        for (Item& item : items_) volume_.submit(item);
    }
    void finished() {
        if (left_.fetch_sub(1) == 1) complete();
    }
    Volume& volume_;
    std::deque<Item> items_;
    std::atomic<std::size_t> left_;
};

} // namespace

runtime::Task<std::vector<Result<Delivered>>> Spool::deliver(std::vector<Delivery> deliveries) {
    if (deliveries.empty()) co_return std::vector<Result<Delivered>>();
    DeliverAll call(volume_, deliveries);
    co_await call;
    auto results = call.take();
    std::uint64_t delivered = 0;
    for (std::size_t i = 0; i < results.size(); ++i) {
        if (!results[i]) continue;
        impl_->forget(call.claim(i));
        ++delivered;
    }
    {
        const std::lock_guard lock(impl_->mutex);
        impl_->delivered += delivered;
    }
    co_return results;
}

runtime::Task<void> Spool::retry_later(Claimed claim, std::int64_t seconds, std::string reason) {
    const std::int64_t when = runtime::unix_seconds() + std::clamp<std::int64_t>(seconds, 1, longest_wait);
    Postpone job{claim.spool, claim.n, when, std::move(reason)};
    // Refused when the volume is in trouble: then memory alone remembers.
    [[maybe_unused]] const auto postponed = co_await volume_.write(std::move(job));
    ++claim.tries;
    const std::lock_guard lock(impl_->mutex);
    impl_->later.emplace(when, std::move(claim));
}

runtime::Task<void> Spool::discard(Claimed claim) {
    Discard job{claim.spool, claim.n, claim.message};
    const auto gone = co_await volume_.write(std::move(job));
    if (gone || gone.error() == StoreError::not_found) impl_->forget(claim);
}

std::size_t Spool::length() const {
    const std::lock_guard lock(impl_->mutex);
    return impl_->length;
}

std::uint64_t Spool::delivered() const {
    const std::lock_guard lock(impl_->mutex);
    return impl_->delivered;
}

void Spool::stop() {
    std::deque<Impl::Claim*> waiting;
    {
        const std::lock_guard lock(impl_->mutex);
        impl_->stopped = true;
        waiting.swap(impl_->waiting);
    }
    for (auto* worker : waiting) worker->complete();
}

void Spool::release_due() {
    const std::int64_t now = runtime::unix_seconds();
    std::vector<Claimed> claims;
    {
        const std::lock_guard lock(impl_->mutex);
        const auto end = impl_->later.upper_bound(now);
        for (auto it = impl_->later.begin(); it != end; ++it) claims.push_back(std::move(it->second));
        impl_->later.erase(impl_->later.begin(), end);
        // A clock that was set back must not hold mail for ever (DESIGN 5.8).
        while (!impl_->later.empty() && impl_->later.rbegin()->first > now + longest_wait) {
            claims.push_back(std::move(impl_->later.rbegin()->second));
            impl_->later.erase(std::prev(impl_->later.end()));
        }
    }
    if (!claims.empty()) impl_->queue(std::move(claims));
}

/// Spool rows are simply delivered again (DESIGN 2): exactly once, as the row goes with the delivery.
void Spool::load(Db& db) {
    constexpr int page = 500;
    SpoolId after{0};
    for (;;) {
        const auto entries = spool_table::load(db, after, page);
        std::vector<Claimed> claims;
        for (const auto& entry : entries) {
            after = entry.id;
            const auto envelope = std::make_shared<const SpoolEnvelope>(entry.envelope);
            for (const auto& due : entry.due)
                claims.push_back(Claimed{entry.id, due.n, entry.message, nullptr, envelope, due.tries});
        }
        impl_->length += claims.size();
        impl_->queue(std::move(claims));
        if (entries.size() < page) return;
    }
}

} // namespace pillarbox::store
