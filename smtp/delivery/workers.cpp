// The delivery workers: take accepted recipients from the spool and put them into mailboxes (DESIGN 2).
#include "smtp/delivery/workers.h"

#include "appliance/runtime/log.h"

#include <algorithm>
#include <exception>
#include <mutex>
#include <string>
#include <vector>

namespace pillarbox::delivery {

using runtime::LogLevel;
using runtime::Task;

namespace {

constexpr std::size_t claim_most = 256;
constexpr std::int64_t first_rest = 30, longest_rest = 3600; // seconds
constexpr std::chrono::seconds failure_rest{5};

} // namespace

std::int64_t backoff_seconds(std::uint32_t tries) {
    return tries >= 7 ? longest_rest : std::min(first_rest << tries, longest_rest);
}

/// What the workers have in common.
struct Workers::Shared {
    Shared(store::Spool& queue, std::unique_ptr<Rules> policy) : spool(queue), rules(std::move(policy)) {}

    store::Spool& spool;
    std::unique_ptr<Rules> rules;
    Counters counters;
    std::mutex mutex; // guards the three below
    unsigned wanted = 0, running = 0;
    bool stopped = false;

    void stop() {
        const std::lock_guard lock(mutex);
        stopped = true;
    }
    /// Whether the worker that asks is one too many; it counts as gone then.
    bool retire() {
        const std::lock_guard lock(mutex);
        if (!stopped && running <= wanted) return false;
        --running;
        return true;
    }
    void tell(const store::SpoolEnvelope& envelope, std::size_t n, const store::Delivered& delivered) {
        ++counters.delivered;
        if (!runtime::logs(LogLevel::major)) return;
        runtime::log(LogLevel::major, "delivery", "", "delivered",
                     {{"id", envelope.transaction},
                      {"to", envelope.recipients[n].address},
                      {"mailbox", delivered.name},
                      {"uid", delivered.uid.value}});
    }
};

/// One worker's life. A member of Workers so that its coroutines see Shared.
struct Workers::Worker {
    static Task<void> live(std::shared_ptr<Shared> shared);
    static Task<void> work(Shared& shared);
    static Task<void> fail(Shared& shared, store::Claimed claim, store::StoreError error);
};

/// Works until it is one too many. A failure (the database could not be read, say) ends a round, not the worker: its
/// claims are lost to this run of the server, but their rows stay and are delivered by the next.
Task<void> Workers::Worker::live(std::shared_ptr<Shared> shared) {
    while (!shared->retire()) {
        std::string failure;
        try {
            co_await work(*shared);
        } catch (const std::exception& error) {
            failure = error.what();
        }
        if (failure.empty()) continue;
        runtime::log(LogLevel::failure, "delivery", "", "worker failed", {{"reason", failure}});
        runtime::Loop& loop = *runtime::Loop::current();
        co_await loop.sleep(failure_rest);
    }
}

/// One claim: all its deliveries are posted before the first is waited for, so that they share commits.
Task<void> Workers::Worker::work(Shared& shared) {
    const std::vector<store::Claimed> claims = co_await shared.spool.claim(claim_most);
    if (claims.empty()) {
        shared.stop(); // claim() is empty only when the spool was stopped
        co_return;
    }
    std::vector<store::Delivery> deliveries;
    for (const store::Claimed& claim : claims) deliveries.push_back(shared.rules->evaluate(claim));
    Task<std::vector<store::Result<store::Delivered>>> committed = shared.spool.deliver(std::move(deliveries));
    const std::vector<store::Result<store::Delivered>> results = co_await committed;
    for (std::size_t i = 0; i < claims.size(); ++i) {
        if (results[i]) {
            shared.tell(*claims[i].envelope, claims[i].n, *results[i]);
        } else {
            co_await fail(shared, claims[i], results[i].error());
        }
    }
}

/// A recipient whose account or row is gone is given up: nobody is left to deliver to, or it was done before. All else
/// may pass.
Task<void> Workers::Worker::fail(Shared& shared, store::Claimed claim, store::StoreError error) {
    const std::string id = claim.envelope->transaction;
    const std::string to = claim.recipient().address;
    std::string reason(to_string(error));
    if (error == store::StoreError::not_found) {
        ++shared.counters.discarded;
        runtime::log(LogLevel::problem, "delivery", "", "discarded", {{"id", id}, {"to", to}, {"reason", reason}});
        co_await shared.spool.discard(std::move(claim));
        co_return;
    }
    const std::int64_t rest = backoff_seconds(claim.tries);
    ++shared.counters.postponed;
    runtime::log(LogLevel::problem, "delivery", "", "postponed",
                 {{"id", id}, {"to", to}, {"reason", reason}, {"seconds", rest}});
    co_await shared.spool.retry_later(std::move(claim), rest, std::move(reason));
}

Workers::Workers(store::Spool& spool, Start start, std::unique_ptr<Rules> rules)
    : shared_(std::make_shared<Shared>(spool, std::move(rules))), start_(std::move(start)) {}

Workers::~Workers() = default;

void Workers::resize(unsigned count) {
    unsigned more = 0;
    {
        const std::lock_guard lock(shared_->mutex);
        if (shared_->stopped) return;
        shared_->wanted = count;
        if (count > shared_->running) more = count - shared_->running;
        shared_->running += more;
    }
    for (unsigned i = 0; i < more; ++i) {
        start_([shared = shared_] { return Worker::live(shared); });
    }
}

unsigned Workers::count() const noexcept {
    const std::lock_guard lock(shared_->mutex);
    return shared_->wanted;
}

void Workers::stop() {
    shared_->stop();
    shared_->spool.stop();
}

const Counters& Workers::counters() const noexcept { return shared_->counters; }

std::vector<store::Delivery> Workers::plan(const std::shared_ptr<const store::SpoolEnvelope>& envelope) {
    std::vector<store::Delivery> deliveries;
    if (!shared_->rules->immediate()) return deliveries;
    for (std::uint32_t n = 0; n < envelope->recipients.size(); ++n) {
        if (envelope->recipients[n].account.value == 0) return {}; // remote
        store::Claimed claim;
        claim.n = n;
        claim.envelope = envelope;
        deliveries.push_back(shared_->rules->evaluate(std::move(claim)));
    }
    return deliveries;
}

void Workers::delivered(const store::SpoolEnvelope& envelope, const std::vector<store::Delivered>& results) {
    for (std::size_t n = 0; n < results.size(); ++n) shared_->tell(envelope, n, results[n]);
}

} // namespace pillarbox::delivery
