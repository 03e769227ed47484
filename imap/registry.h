// Who is connected: what the status page lists, and how a session is reached to be ended.
#pragma once

#include "imap/service.h"

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace pillarbox::imap {

/// The sessions of a service by id. Thread-safe.
class Service::Registry {
public:
    /// One session's line, written by its loop.
    struct Entry {
        runtime::Stream* stream = nullptr; ///< used on its loop's thread only
        runtime::Loop* loop = nullptr;
        SessionInfo info;
    };

    /// @return the session's id; 0: the server is full or stopping, and `refusal` says so
    std::uint64_t add(runtime::Stream& stream, std::size_t most, std::string& refusal);
    void remove(std::uint64_t id);
    /// Changes a session's line.
    template <class F>
    void update(std::uint64_t id, F change) {
        const std::lock_guard lock(mutex_);
        if (const auto found = entries_.find(id); found != entries_.end()) change(found->second.info);
    }
    std::vector<SessionInfo> list() const;
    std::size_t size() const;

    /// Has sessions interrupted, each on its own loop. 0: all of them, and none are taken any more.
    static bool interrupt(const std::shared_ptr<Registry>& self, std::uint64_t id, const std::string& reason);

private:
    runtime::Stream* stream(std::uint64_t id) const;

    mutable std::mutex mutex_;
    std::map<std::uint64_t, Entry> entries_;
    std::uint64_t last_id_ = 0;
    std::string stopping_; // the reason, once it is so
};

} // namespace pillarbox::imap
