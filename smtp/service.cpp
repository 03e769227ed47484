// What all SMTP sessions share: the store, the settings, and the list of who is connected.
#include "smtp/service.h"

namespace pillarbox::smtp {

Service::Service(store::Store& mail, Settings settings, runtime::TlsContext* tls)
    : store_(mail), tls_(tls), settings_(std::make_shared<const Settings>(std::move(settings))) {}

Service::~Service() = default;

std::shared_ptr<const Settings> Service::settings() const {
    const std::lock_guard lock(mutex_);
    return settings_;
}

void Service::configure(Settings settings) {
    auto fresh = std::make_shared<const Settings>(std::move(settings));
    const std::lock_guard lock(mutex_);
    settings_ = std::move(fresh);
}

std::vector<SessionInfo> Service::sessions() const { return registry_.list(); }
std::size_t Service::session_count() const { return registry_.size(); }
void Service::stop(std::string reason) { registry_.stop(reason); }
bool Service::drop(std::uint64_t id, std::string reason) { return registry_.drop(id, reason); }

} // namespace pillarbox::smtp
