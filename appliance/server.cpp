// Starting, reloading and stopping a server.
#include "appliance/server.h"

#include "appliance/certificate.h"
#include "appliance/privileges.h"
#include "appliance/refusal.h"
#include "appliance/runtime/log.h"
#include "appliance/runtime/systemd.h"
#include "appliance/server_impl.h"

#include <unistd.h>

namespace pillarbox::appliance {

namespace {

using runtime::LogLevel;

constexpr std::chrono::milliseconds patience{8000}; // for sessions; closing the store takes the rest of ten seconds

void open_log(const Settings& settings, const std::string& data) {
    runtime::LogSettings log = settings.log;
    log.file = in_data_folder(data, log.file);
    runtime::configure_log(log);
}

/// Somebody who starts a server twice is to read so, not that a port is taken. Whoever comes first is decided by the
/// store's lock.
void refuse_if_running(const std::string& data) {
    if (!ask_server(data, {"status", {}})) return;
    std::string pid = read_whole(data + "/pillarbox.pid", 32);
    throw Refusal(data + " is in use: a server runs on it already, process " + pid.substr(0, pid.find('\n')));
}

} // namespace

Server::Server(SiteOptions options, Configuration configuration)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(configuration))) {}

Server::~Server() { stop(); }

void Server::start() {
    Impl& server = *impl_;
    const Settings& settings = *server.in_force;
    const std::string& data = server.options.data;
    refuse_if_running(data);
    raise_descriptor_limit();
    auto sockets = bind_ports(settings);
    const auto certificate = load_certificate(settings, data); // while root may read it
    check_certificate(certificate, settings);
    const std::string note = settle_identity(data, settings.server.user);
    open_log(settings, data);
    if (!note.empty()) runtime::log(LogLevel::major, "server", "", note);
    server.open_store();
    server.tls.emplace(certificate);
    server.make_services();
    server.listen(std::move(sockets));
    runtime::log(LogLevel::major, "server", "", "serving",
                 {{"version", PILLARBOX_VERSION},
                  {"hostname", settings.site.hostname},
                  {"data", data},
                  {"configuration", server.configuration.file}});
    runtime::notify_systemd("READY=1");
}

void Server::stop() {
    Impl& server = *impl_;
    if (!server.loops) return;
    const std::string reason = "the server is shutting down";
    runtime::log(LogLevel::major, "server", "", "stopping");
    runtime::notify_systemd("STOPPING=1");
    for (const auto& listener : server.listeners) listener->stop();
    server.smtp->stop(reason);
    server.imap->stop(reason);
    server.loops->interrupt_streams(reason);
    server.workers->stop();
    server.loops->stop_all();
    if (!server.loops->join(patience)) runtime::log(LogLevel::major, "server", "", "cut sessions that did not end");
    server.listeners.clear();
    server.loops.reset();
    server.workers.reset();
    server.imap.reset();
    server.smtp.reset();
    server.administration.reset();
    ::unlink(reachable_admin_socket(server.options.data).c_str()); // while the store's lock keeps other servers away
    server.mail.reset();                                           // writes what is queued
    server.pid_file.reset();
    runtime::log(LogLevel::major, "server", "", "stopped");
    runtime::flush_log();
}

void Server::reload() {
    Impl& server = *impl_;
    try {
        server.apply(load_configuration(server.options));
        open_log(*server.settings(), server.options.data);
        server.tls->reload(load_certificate(*server.settings(), server.options.data));
        runtime::log(LogLevel::major, "server", "", "reloaded");
    } catch (const std::exception& error) { // a wrong setting, a missing certificate, a log that cannot be opened
        runtime::log(LogLevel::failure, "server", "", "reload failed, the old settings stay in force",
                     {{"cause", error.what()}});
    }
}

webstatus::SiteStatus Server::status() const { return impl_->status(); }

} // namespace pillarbox::appliance
