// What all IMAP sessions share.
#include "imap/service.h"

#include "appliance/runtime/clock.h"
#include "appliance/runtime/loop.h"
#include "imap/registry.h"

namespace pillarbox::imap {

std::uint64_t Service::Registry::add(runtime::Stream& stream, std::size_t most, std::string& refusal) {
    const std::lock_guard lock(mutex_);
    if (!stopping_.empty() || entries_.size() >= most) {
        refusal = stopping_.empty() ? "Too many connections, try again later" : stopping_;
        return 0;
    }
    Entry& entry = entries_[++last_id_];
    entry.stream = &stream;
    entry.loop = &stream.loop();
    entry.info.id = last_id_;
    entry.info.address = stream.peer().address;
    entry.info.since = runtime::unix_seconds();
    entry.info.tls = stream.tls() != nullptr;
    entry.info.state = "connected";
    return last_id_;
}

void Service::Registry::remove(std::uint64_t id) {
    const std::lock_guard lock(mutex_);
    entries_.erase(id);
}

std::vector<SessionInfo> Service::Registry::list() const {
    const std::lock_guard lock(mutex_);
    std::vector<SessionInfo> all;
    all.reserve(entries_.size());
    for (const auto& [id, entry] : entries_) all.push_back(entry.info);
    return all;
}

std::size_t Service::Registry::size() const {
    const std::lock_guard lock(mutex_);
    return entries_.size();
}

runtime::Stream* Service::Registry::stream(std::uint64_t id) const {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(id);
    return found == entries_.end() ? nullptr : found->second.stream;
}

bool Service::Registry::interrupt(const std::shared_ptr<Registry>& self, std::uint64_t id, const std::string& reason) {
    const std::lock_guard lock(self->mutex_);
    if (id == 0) self->stopping_ = reason;
    bool any = false;
    for (const auto& [each, entry] : self->entries_) {
        if (id != 0 && each != id) continue;
        any = true;
        // A session takes itself off the list on its loop's thread, so a stream found there is alive.
        entry.loop->post([self, id = each, reason] {
            if (runtime::Stream* stream = self->stream(id)) stream->interrupt(reason);
        });
    }
    return any;
}

Service::Service(store::Store& mail, Settings settings, runtime::TlsContext* tls)
    : store_(mail), tls_(tls), settings_(std::make_shared<const Settings>(std::move(settings))),
      registry_(std::make_shared<Registry>()) {}

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

std::vector<SessionInfo> Service::sessions() const { return registry_->list(); }
std::size_t Service::session_count() const { return registry_->size(); }
void Service::stop(std::string reason) { Registry::interrupt(registry_, 0, reason); }
bool Service::drop(std::uint64_t id, std::string reason) { return Registry::interrupt(registry_, id, reason); }

} // namespace pillarbox::imap
