// The running server: store, services, loops, workers and listeners, and the order in which they start and stop.
#pragma once

#include "appliance/commands.h"
#include "webstatus/site_status.h"

#include <chrono>
#include <memory>
#include <string>

namespace pillarbox::appliance {

class Server {
public:
    /// @param options  where the configuration was read from, to read it again on reload()
    Server(SiteOptions options, Configuration configuration);
    ~Server(); // stops
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Binds the ports, becomes the right user, opens the store, serves. Throws Refusal or StoreFailure saying what
    /// stands in the way. Signals that somebody waits for must be blocked before: threads inherit that.
    void start();
    /// Accepts no more, lets every session finish its command, drains what is to be written, closes the store: at most
    /// ten seconds, after which sessions are cut.
    void stop();
    /// Reads configuration and certificate again and opens the log anew. What cannot be used leaves the old in force
    /// and is said in the log.
    void reload();

    /// The figures of this moment; thread-safe, does not block.
    webstatus::SiteStatus status() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace pillarbox::appliance
