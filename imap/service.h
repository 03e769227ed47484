// What all IMAP sessions share: the store, the settings, and the list of who is connected.
#pragma once

#include "appliance/runtime/cleartext.h"
#include "appliance/runtime/session_registry.h"
#include "appliance/runtime/stream.h"
#include "appliance/runtime/task.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace pillarbox::store {
class Store;
}

namespace pillarbox::imap {

using runtime::Cleartext;

struct Settings {
    std::string hostname;                         ///< in the greeting
    std::size_t max_sessions = 10'000;            ///< more are greeted with BYE
    std::chrono::seconds login_timeout{60};       ///< a wait before log-in
    std::chrono::seconds idle_timeout{0};         ///< a wait after log-in; 0: never, else >= 1800 (RFC 9051 5.4)
    std::chrono::milliseconds login_delay{1000};  ///< before a failed log-in is answered
    std::uint64_t max_message = 50 * 1024 * 1024; ///< octets APPEND takes
    Cleartext cleartext = Cleartext::never;
    std::vector<std::string> hidden_capabilities; ///< not announced, in capitals
};

/// Its id has "I" before it in the log; no role; state: "connected", "authenticated", "selected"; last_command:
/// "UID FETCH".
using runtime::SessionInfo;

/// Settings and sessions of the IMAP server. Thread-safe. Outlives its sessions.
class Service {
public:
    /// @param tls  for STARTTLS; nullptr: not offered
    Service(store::Store& mail, Settings settings, runtime::TlsContext* tls);
    ~Service();
    Service(const Service&) = delete;
    Service& operator=(const Service&) = delete;

    store::Store& store() const noexcept { return store_; }
    runtime::TlsContext* tls() const noexcept { return tls_; }
    /// Those in force; a session asks anew for each command.
    std::shared_ptr<const Settings> settings() const;
    void configure(Settings settings);

    std::vector<SessionInfo> sessions() const;
    std::size_t session_count() const;
    /// Ends all sessions with BYE at their next wait for a command, and refuses new ones.
    void stop(std::string reason);
    /// Ends one session; false: there is none of that id.
    bool drop(std::uint64_t id, std::string reason);

    runtime::SessionRegistry& registry() noexcept { return registry_; }

private:
    store::Store& store_;
    runtime::TlsContext* tls_;
    std::shared_ptr<const Settings> settings_; // shared with sessions under way; replaced as a whole
    mutable std::mutex mutex_;
    runtime::SessionRegistry registry_;
};

/// Serves one connection from greeting to close.
runtime::Task<void> serve(Service& service, std::unique_ptr<runtime::Stream> stream);

} // namespace pillarbox::imap
