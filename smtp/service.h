// What all SMTP sessions share: the store, the settings, and the list of who is connected.
#pragma once

#include "appliance/runtime/cleartext.h"
#include "appliance/runtime/session_registry.h"
#include "appliance/runtime/stream.h"
#include "appliance/runtime/task.h"
#include "smtp/limits.h"
#include "smtp/role.h"
#include "store/spool.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace pillarbox::store {
class Store;
}

namespace pillarbox::smtp {

using runtime::Cleartext;

struct Settings {
    std::string hostname; ///< in greetings, replies and Received fields
    Limits limits;
    Deadlines deadlines;
    Cleartext cleartext = Cleartext::never;
    std::size_t max_sessions = 1'000; ///< more are greeted with 421
};

/// Its id has "S" before it in the log; role: "mx", "submission", "submissions"; state: "connected", "ready",
/// "envelope", "data"; last_command: "RCPT".
using runtime::SessionInfo;

/// Counters since the start, for status page and metrics. Thread-safe.
struct Counters {
    std::atomic<std::uint64_t> connections = 0;
    std::atomic<std::uint64_t> accepted = 0;        ///< messages answered with 250
    std::atomic<std::uint64_t> accepted_octets = 0; ///< of those
    std::atomic<std::uint64_t> refused_recipients = 0;
    std::atomic<std::uint64_t> refused_messages = 0; ///< after their data had been read
    std::atomic<std::uint64_t> failed_logins = 0;
};

/// Who may deliver a message while it is accepted, without the spool (DESIGN 2.3). Thread-safe.
class DirectDelivery {
public:
    virtual ~DirectDelivery() = default;
    /// One delivery for each recipient, in order; none: something has to run first, the message is spooled.
    virtual std::vector<store::Delivery> plan(const std::shared_ptr<const store::SpoolEnvelope>& envelope) = 0;
    /// They are committed.
    virtual void delivered(const store::SpoolEnvelope& envelope, const std::vector<store::Delivered>& results) = 0;
};

/// Settings and sessions of the SMTP server. Thread-safe. Outlives its sessions.
class Service {
public:
    /// @param tls  for STARTTLS; nullptr: not offered
    Service(store::Store& mail, Settings settings, runtime::TlsContext* tls);
    ~Service();
    Service(const Service&) = delete;
    Service& operator=(const Service&) = delete;

    store::Store& store() const noexcept { return store_; }
    runtime::TlsContext* tls() const noexcept { return tls_; }
    /// Those in force; a session keeps what it began with.
    std::shared_ptr<const Settings> settings() const;
    void configure(Settings settings);

    /// Before the first session; it outlives the sessions.
    void deliver_directly(DirectDelivery& delivery) noexcept { direct_ = &delivery; }
    DirectDelivery* direct() const noexcept { return direct_; }

    std::vector<SessionInfo> sessions() const;
    std::size_t session_count() const;
    /// Ends all sessions with 421 at their next wait for a command, and refuses new ones.
    void stop(std::string reason);
    /// Ends one session; false: there is none of that id.
    bool drop(std::uint64_t id, std::string reason);

    Counters& counters() noexcept { return counters_; }
    runtime::SessionRegistry& registry() noexcept { return registry_; }

private:
    store::Store& store_;
    runtime::TlsContext* tls_;
    DirectDelivery* direct_ = nullptr;         // none: all goes through the spool
    std::shared_ptr<const Settings> settings_; // shared with sessions under way; replaced as a whole
    mutable std::mutex mutex_;
    runtime::SessionRegistry registry_;
    Counters counters_;
};

/// Serves one connection from greeting to close. With the role submissions the stream speaks TLS already.
runtime::Task<void> serve(Service& service, Role role, std::unique_ptr<runtime::Stream> stream);

} // namespace pillarbox::smtp
