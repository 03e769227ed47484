// Making the parts of a server from its settings.
#include "appliance/server_impl.h"

#include "appliance/admin_server.h"
#include "appliance/refusal.h"
#include "appliance/runtime/log.h"
#include "imap/service.h"

namespace pillarbox::appliance {

namespace {

using runtime::Stream;
using runtime::Task;

store::StoreSettings store_settings(const Settings& settings, const std::string& data) {
    store::StoreSettings result;
    result.folder = data;
    result.undelete_days = settings.store.undelete_days;
    result.floor_octets = settings.store.floor;
    result.enroll.octets = static_cast<std::int64_t>(settings.enroll.quota);
    result.enroll.messages = static_cast<std::int64_t>(settings.enroll.messages);
    return result;
}

smtp::Settings smtp_settings(const Settings& settings) {
    smtp::Settings result;
    result.hostname = settings.site.hostname;
    result.limits.message = settings.smtp.max_size;
    result.limits.recipients = settings.smtp.max_recipients;
    result.max_sessions = settings.smtp.max_sessions;
    result.cleartext = settings.auth.cleartext;
    return result;
}

imap::Settings imap_settings(const Settings& settings) {
    imap::Settings result;
    result.hostname = settings.site.hostname;
    result.max_message = settings.smtp.max_size;
    result.max_sessions = settings.imap.max_sessions;
    result.login_timeout = std::chrono::seconds(settings.imap.idle_before_login);
    result.idle_timeout = std::chrono::seconds(settings.imap.idle_after_login);
    result.cleartext = settings.auth.cleartext;
    return result;
}

} // namespace

Server::Impl::Impl(SiteOptions site, Configuration wanted)
    : options(std::move(site)), configuration(std::move(wanted)),
      in_force(std::make_shared<const Settings>(configuration.settings)) {}

std::shared_ptr<const Settings> Server::Impl::settings() const {
    const std::lock_guard lock(mutex);
    return in_force;
}

void Server::Impl::open_store() {
    pool.emplace(in_force->server.readers);
    mail.emplace(store_settings(*in_force, options.data), *pool);
    const std::string domain = mail->directory()->site_domain;
    if (!in_force->site.domain.empty() && in_force->site.domain != domain) {
        throw Refusal(configuration.file + ": [site] domain is " + in_force->site.domain + ", but the mailstore in " +
                      options.data + " was made for " + domain);
    }
    pid_file.emplace(options.data + "/pillarbox.pid");
}

void Server::Impl::make_services() {
    smtp.emplace(*mail, smtp_settings(*in_force), &*tls);
    imap.emplace(*mail, imap_settings(*in_force), &*tls);
    web.status = [this] { return status(); };
    web.hosts = {in_force->site.hostname};
    administration.emplace(Administration{*mail, [this] { return settings(); }, [this] { return status(); }});
    workers.emplace(mail->spool(),
                    [this](std::function<Task<void>()> make) { loops->least_busy().start(std::move(make)); });
    smtp->deliver_directly(*workers);
}

void Server::Impl::listen(std::vector<BoundSocket> sockets) {
    runtime::ListenSocket admin("unix:" + reachable_admin_socket(options.data));
    loops.emplace(in_force->server.loops);
    workers->resize(in_force->spool.workers);
    for (const auto& each : sockets) {
        const PortInfo& port = info(each.port);
        listener_status.push_back({std::string(port.service), each.socket.address(), std::string(port.tls), true});
    }
    for (auto& each : sockets) {
        const Port port = each.port;
        const bool tls_first = port == Port::submissions || port == Port::imaps;
        listeners.push_back(std::make_unique<runtime::Listener>(
            *loops, std::move(each.socket),
            [this, port](std::unique_ptr<Stream> stream) { return serve(port, std::move(stream)); },
            tls_first ? &*tls : nullptr));
    }
    listeners.push_back(
        std::make_unique<runtime::Listener>(*loops, std::move(admin), [this](std::unique_ptr<Stream> stream) {
            return serve_admin(*administration, std::move(stream));
        }));
}

Task<void> Server::Impl::serve(Port port, std::unique_ptr<Stream> stream) {
    switch (port) {
    case Port::smtp:
        ++smtp_total;
        return smtp::serve(*smtp, smtp::mx, std::move(stream));
    case Port::submission:
        ++smtp_total;
        return smtp::serve(*smtp, smtp::submission, std::move(stream));
    case Port::submissions:
        ++smtp_total;
        return smtp::serve(*smtp, smtp::submissions, std::move(stream));
    case Port::imap:
    case Port::imaps:
        ++imap_total;
        return imap::serve(*imap, std::move(stream));
    case Port::web:
        break;
    }
    return webstatus::serve(web, std::move(stream));
}

void Server::Impl::apply(Configuration wanted) {
    const std::string waiting = waits_for_restart(configuration, wanted);
    Configuration now = reloaded(configuration, wanted);
    smtp->configure(smtp_settings(now.settings));
    imap->configure(imap_settings(now.settings));
    workers->resize(now.settings.spool.workers);
    {
        const std::lock_guard lock(mutex);
        in_force = std::make_shared<const Settings>(now.settings);
        configuration = std::move(now);
    }
    if (!waiting.empty()) {
        runtime::log(runtime::LogLevel::major, "server", "", "changed settings wait for a restart",
                     {{"keys", waiting}});
    }
}

} // namespace pillarbox::appliance
