// Who is connected to a server: what the status page lists, and how a session is reached to be ended.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace pillarbox::runtime {

class Stream;

/// A session as the status page lists it.
struct SessionInfo {
    std::uint64_t id = 0;     ///< the number in its log id
    std::string role;         ///< of the port it came to; empty where all ports are alike
    std::string address;      ///< of the client
    std::string account;      ///< empty without log-in
    std::int64_t since = 0;   ///< unix seconds
    bool tls = false;         ///< now
    std::string state;        ///< "connected", then in the words of its protocol
    std::string last_command; ///< likewise
};

/// The sessions of one server by id, counted from 1. Thread-safe, but a session adds and removes itself on its loop's
/// thread.
class SessionRegistry {
public:
    SessionRegistry();

    /// @param stream   outlives the listing
    /// @param most     how many sessions there may be with this one
    /// @param refusal  set when the server is full or stopping: the session is not listed and must end with this text
    /// @return the session's id, also of a refused one, so that the log can name it
    std::uint64_t add(Stream& stream, std::string_view role, std::size_t most, std::string& refusal);
    /// Does nothing for an id that is not listed.
    void remove(std::uint64_t id);
    /// Has change(SessionInfo&) alter a session's line; not called for an id that is not listed.
    template <class F>
    void update(std::uint64_t id, F change) {
        const std::lock_guard lock(sessions_->mutex);
        if (const auto found = sessions_->entries.find(id); found != sessions_->entries.end())
            change(found->second.info);
    }
    /// Ascending by id.
    std::vector<SessionInfo> list() const;
    std::size_t size() const;

    /// Has each session's next wait for a command, or the one under way, throw Stopping(reason); from now on add()
    /// refuses with the reason, which is not empty.
    void stop(const std::string& reason);
    /// Has one session's wait throw likewise; false: there is none of that id.
    bool drop(std::uint64_t id, const std::string& reason);

private:
    struct Entry {
        Stream* stream = nullptr; // but for loop(), used on its loop's thread only
        SessionInfo info;
    };
    struct Sessions {
        std::mutex mutex;
        std::map<std::uint64_t, Entry> entries;
        std::uint64_t last_id = 0;
        std::string stopping; // the reason, once it is so
    };
    void interrupt(std::uint64_t id, const Entry& entry, const std::string& reason);

    std::shared_ptr<Sessions> sessions_; // shared with calls posted to loops
};

} // namespace pillarbox::runtime
