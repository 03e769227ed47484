// The parts of a running server, in the order of their making: each refers only to those above it.
#pragma once

#include "appliance/administration.h"
#include "appliance/files.h"
#include "appliance/ports.h"
#include "appliance/runtime/clock.h"
#include "appliance/runtime/pool.h"
#include "appliance/runtime/tls.h"
#include "appliance/server.h"
#include "imap/service.h"
#include "smtp/delivery/workers.h"
#include "smtp/service.h"
#include "store/store.h"
#include "webstatus/service.h"

#include <atomic>
#include <mutex>
#include <optional>

namespace pillarbox::appliance {

struct Server::Impl {
    Impl(SiteOptions site, Configuration wanted);

    void open_store();
    void make_services();
    void listen(std::vector<BoundSocket> sockets);
    runtime::Task<void> serve(Port port, std::unique_ptr<runtime::Stream> stream);
    std::shared_ptr<const Settings> settings() const;
    webstatus::SiteStatus status();
    void apply(Configuration wanted);

    const SiteOptions options;
    const runtime::Monotonic started = runtime::clock().monotonic();
    mutable std::mutex mutex; // guards what follows
    Configuration configuration;
    std::shared_ptr<const Settings> in_force; // shared with requests under way; replaced as a whole

    std::vector<webstatus::ListenerStatus> listener_status; // fixed once it serves
    std::atomic<std::uint64_t> smtp_total{0}, imap_total{0};

    // Loops stand below all that sessions refer to: a session that is cut dies with its loop. Listeners stand below the
    // loops they accept on.
    std::optional<runtime::TlsContext> tls;
    std::optional<runtime::Pool> pool;
    std::optional<store::Store> mail;
    std::optional<PidFile> pid_file;
    std::optional<smtp::Service> smtp;
    std::optional<imap::Service> imap;
    std::optional<delivery::Workers> workers;
    std::optional<Administration> administration;
    webstatus::Service web;
    std::optional<runtime::Loops> loops;
    std::vector<std::unique_ptr<runtime::Listener>> listeners;
};

} // namespace pillarbox::appliance
