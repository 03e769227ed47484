// Who is connected to a server: what the status page lists, and how a session is reached to be ended.
#include "appliance/runtime/session_registry.h"

#include "appliance/runtime/clock.h"
#include "appliance/runtime/loop.h"
#include "appliance/runtime/stream.h"

namespace pillarbox::runtime {

SessionRegistry::SessionRegistry() : sessions_(std::make_shared<Sessions>()) {}

std::uint64_t SessionRegistry::add(Stream& stream, std::string_view role, std::size_t most, std::string& refusal) {
    const std::lock_guard lock(sessions_->mutex);
    const std::uint64_t id = ++sessions_->last_id;
    if (!sessions_->stopping.empty()) {
        refusal = sessions_->stopping;
        return id;
    }
    if (sessions_->entries.size() >= most) {
        refusal = "Too many connections, try again later";
        return id;
    }
    Entry& entry = sessions_->entries[id];
    entry.stream = &stream;
    entry.info.id = id;
    entry.info.role = role;
    entry.info.address = stream.peer().address;
    entry.info.since = unix_seconds();
    entry.info.tls = stream.tls() != nullptr;
    entry.info.state = "connected";
    return id;
}

void SessionRegistry::remove(std::uint64_t id) {
    const std::lock_guard lock(sessions_->mutex);
    sessions_->entries.erase(id);
}

std::vector<SessionInfo> SessionRegistry::list() const {
    const std::lock_guard lock(sessions_->mutex);
    std::vector<SessionInfo> all;
    all.reserve(sessions_->entries.size());
    for (const auto& [id, entry] : sessions_->entries) all.push_back(entry.info);
    return all;
}

std::size_t SessionRegistry::size() const {
    const std::lock_guard lock(sessions_->mutex);
    return sessions_->entries.size();
}

/// Under the lock. A session takes itself off the list on its loop's thread, so a stream found there, then, is alive.
void SessionRegistry::interrupt(std::uint64_t id, const Entry& entry, const std::string& reason) {
    entry.stream->loop().post([sessions = sessions_, id, reason] {
        Stream* stream = nullptr;
        {
            const std::lock_guard lock(sessions->mutex);
            if (const auto found = sessions->entries.find(id); found != sessions->entries.end())
                stream = found->second.stream;
        }
        if (stream) stream->interrupt(reason); // outside of the lock: it may run the session
    });
}

void SessionRegistry::stop(const std::string& reason) {
    const std::lock_guard lock(sessions_->mutex);
    sessions_->stopping = reason;
    for (const auto& [id, entry] : sessions_->entries) interrupt(id, entry, reason);
}

bool SessionRegistry::drop(std::uint64_t id, const std::string& reason) {
    const std::lock_guard lock(sessions_->mutex);
    const auto found = sessions_->entries.find(id);
    if (found == sessions_->entries.end()) return false;
    interrupt(id, found->second, reason);
    return true;
}

} // namespace pillarbox::runtime
