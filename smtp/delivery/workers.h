// The delivery workers: take accepted recipients from the spool and put them into mailboxes (DESIGN 2).
#pragma once

#include "appliance/runtime/loop.h"
#include "appliance/runtime/task.h"
#include "smtp/delivery/rules.h"
#include "smtp/service.h"
#include "store/spool.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>

namespace pillarbox::delivery {

/// How long a failing delivery rests: 30 s, doubled with each further try, at most an hour. There is no give-up: what
/// was accepted stays until it is delivered or its account is removed.
/// @param tries  those before the one that just failed
std::int64_t backoff_seconds(std::uint32_t tries);

/// Counters since the start, for status page and metrics. Thread-safe.
struct Counters {
    std::atomic<std::uint64_t> delivered = 0;
    std::atomic<std::uint64_t> postponed = 0;
    std::atomic<std::uint64_t> discarded = 0; ///< their account was gone
};

/// Also delivers directly, in the transaction of accept, while the rules need nothing but the envelope.
/// Workers, each a coroutine on the loop with the fewest tasks when it starts. Calls on one thread; counters on any.
class Workers final : public smtp::DirectDelivery {
public:
    /// @param start  puts a task on a loop: `[&](auto make) { loops.least_busy().start(make); }`
    using Start = std::function<void(std::function<runtime::Task<void>()>)>;
    Workers(store::Spool& spool, Start start, std::unique_ptr<Rules> rules = std::make_unique<Rules>());
    /// The workers must have ended: after stop(), when their loops have no tasks left.
    ~Workers() override;
    Workers(const Workers&) = delete;
    Workers& operator=(const Workers&) = delete;

    /// Sets how many there are. More start at once; one too many ends after its next claim.
    void resize(unsigned count);
    unsigned count() const noexcept;
    /// Ends all: claims under way are finished, what is not yet claimed stays in the spool.
    void stop();
    const Counters& counters() const noexcept;

    std::vector<store::Delivery> plan(const std::shared_ptr<const store::SpoolEnvelope>& envelope) override;
    void delivered(const store::SpoolEnvelope& envelope, const std::vector<store::Delivered>& results) override;

private:
    struct Shared;
    struct Worker;
    std::shared_ptr<Shared> shared_; // also held by each worker, which ends after stop() returned
    Start start_;
};

} // namespace pillarbox::delivery
