// The data of one message on their way into the store: dots, limits, completion, and the verdict at the end.
//
// Does no input or output of its own: the session hands it octets and waits where full() asks for it.
#pragma once

#include "smtp/completion.h"
#include "smtp/dot_unstuffer.h"
#include "smtp/limits.h"
#include "smtp/reply.h"
#include "store/incoming.h"

#include <optional>
#include <string_view>

namespace pillarbox::smtp {

/// One message being received after 354.
class Reception {
public:
    /// @param trace       the Received field, put before the message
    /// @param completion  set: adds what the header lacks
    Reception(store::Incoming incoming, const Limits& limits, std::string_view trace,
              std::optional<Completion> completion);

    /// Takes message octets from the front of `octets`, up to the end of the data; stops early when full(). What is
    /// left behind the end are the next commands.
    void take(std::string_view& octets);
    /// Whether CRLF.CRLF was seen.
    bool done() const noexcept { return unstuffer_.done(); }
    bool full() const noexcept { return incoming_ && incoming_->full(); }
    /// Makes room.
    runtime::Task<void> drain();

    /// After done(): ends the message.
    /// @return why it is refused; nothing when it may be accepted
    runtime::Task<std::optional<Reply>> finish();
    /// Octets of the message as received, without dots of transparency.
    std::uint64_t size() const noexcept { return size_; }
    /// The finished message; once.
    store::Incoming release() { return std::move(*incoming_); }

private:
    void feed(std::string_view run);
    std::optional<Reply> refusal() const;

    std::optional<store::Incoming> incoming_; // empty once the message cannot be accepted any more
    const Limits& limits_;
    std::optional<Completion> completion_;
    DotUnstuffer unstuffer_;
    std::uint64_t size_ = 0;
};

} // namespace pillarbox::smtp
