// The data of one message on their way into the store: dots, limits, completion, and the verdict at the end.
#include "smtp/reception.h"

#include "smtp/store_reply.h"

namespace pillarbox::smtp {

Reception::Reception(store::Incoming incoming, const Limits& limits, std::string_view trace,
                     std::optional<Completion> completion)
    : incoming_(std::move(incoming)), limits_(limits), completion_(std::move(completion)) {
    incoming_->feed(trace);
}

void Reception::take(std::string_view& octets) {
    while (!octets.empty() && !done() && !full()) feed(unstuffer_.next(octets));
}

void Reception::feed(std::string_view run) {
    size_ += run.size();
    if (!incoming_ || run.empty()) return;
    if (refusal()) {
        incoming_.reset(); // read on to the end (RFC 5321 4.1.1.4), but keep nothing
        return;
    }
    incoming_->feed(completion_ ? completion_->pass(run) : run);
}

runtime::Task<void> Reception::drain() { co_await incoming_->drain(); }

std::optional<Reply> Reception::refusal() const {
    if (size_ > limits_.message) return Reply(552, "5.3.4", "Message larger than " + std::to_string(limits_.message));
    if (unstuffer_.bare_line_end()) return Reply(554, "5.6.0", "Message holds a CR or LF on its own (RFC 5321 2.3.8)");
    if (unstuffer_.nul()) return Reply(554, "5.6.0", "Message holds a NUL octet (RFC 2045 2.8)");
    return std::nullopt;
}

runtime::Task<std::optional<Reply>> Reception::finish() {
    const std::optional<Reply> unfit = refusal();
    if (unfit) co_return unfit;
    if (completion_) incoming_->feed(completion_->finish());
    const auto finished = co_await incoming_->finish();
    if (!finished && finished.error() == store::StoreError::too_large) {
        co_return Reply(552, "5.3.4", "Header section of the message too large");
    }
    if (!finished) co_return reply_to(finished.error());
    if (incoming_->received_fields() > limits_.received_fields + 1) { // one is ours
        co_return Reply(554, "5.4.6", "Too many Received fields: the message runs in a loop");
    }
    co_return std::nullopt;
}

} // namespace pillarbox::smtp
