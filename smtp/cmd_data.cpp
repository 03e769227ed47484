// DATA: the message itself, and the one reply that takes responsibility for it (RFC 5321 4.1.1.4, 4.2.5).
#include "smtp/session.h"

#include "appliance/runtime/clock.h"
#include "appliance/runtime/log.h"
#include "smtp/origin.h"
#include "smtp/store_reply.h"
#include "store/store.h"

namespace pillarbox::smtp {

using runtime::LogLevel;
using runtime::Task;

Task<Session::Answer> Session::data(Parser& args) {
    args.end();
    if (transaction_->recipients.empty() && transaction_->refused > 0) {
        co_return Reply(554, "5.5.1", "No valid recipients"); // RFC 2920 3.1
    }
    if (transaction_->recipients.empty()) co_return Reply(503, "5.5.1", "Say RCPT first");
    Transaction transaction = std::move(*transaction_);
    transaction_.reset(); // whatever comes of it, the buffers are clear afterwards (RFC 5321 4.1.1.4)
    service_.registry().update(number_, [](SessionInfo& info) { info.state = "data"; });

    const auto directory = service_.store().directory();
    const store::Account* home = directory->by_id(transaction.recipients.front().account);
    if (!home) co_return reply_to(store::StoreError::not_found); // removed since RCPT
    std::optional<Completion> completion;
    if (role_.complete_mail) completion.emplace(runtime::unix_seconds(), transaction.id + '@' + settings_->hostname);
    Reception reception(service_.store().incoming(*home), settings_->limits, received_field(trace(transaction)),
                        std::move(completion));
    say(Reply(354, "", "Start mail input; end with <CRLF>.<CRLF>"));
    co_await receive(reception);
    const Answer answer = co_await accept(std::move(transaction), reception);
    co_return answer;
}

/// Reads to the end of the data, as fast as the store takes them.
Task<void> Session::receive(Reception& reception) {
    constexpr std::size_t turn = 256 * 1024; // octets, then other sessions have theirs
    constexpr std::size_t piece = 64 * 1024;
    stream_.set_deadline(settings_->deadlines.data_block);
    std::size_t read = 0;
    while (!reception.done()) {
        const std::string_view octets = co_await stream_.read_some(piece);
        std::string_view rest = octets;
        reception.take(rest);
        stream_.unread(rest.size());
        read += octets.size() - rest.size();
        if (reception.full()) co_await reception.drain();
        if (read < turn) continue;
        read = 0;
        runtime::Loop& loop = stream_.loop();
        co_await loop.yield();
    }
}

Task<Session::Answer> Session::accept(Transaction transaction, Reception& reception) {
    const Answer refused = co_await reception.finish();
    if (refused) {
        ++service_.counters().refused_messages;
        log(LogLevel::problem, "refused",
            {{"id", transaction.id},
             {"from", transaction.mail.sender.text()},
             {"size", reception.size()},
             {"peer", stream_.peer().address},
             {"reply", refused->enhanced},
             {"reason", refused->text}});
        co_return refused;
    }
    const auto envelope = envelope_of(transaction);
    std::vector<store::Delivery> direct;
    if (service_.direct()) direct = service_.direct()->plan(envelope);
    Task<store::Result<store::Accepted>> committed =
        service_.store().accept(reception.release(), envelope, std::move(direct));
    const auto accepted = co_await committed;
    if (!accepted) {
        log(LogLevel::problem, "not stored", {{"id", transaction.id}, {"reason", to_string(accepted.error())}});
        co_return reply_to(accepted.error());
    }
    idle_commands_ = 0;
    ++service_.counters().accepted;
    service_.counters().accepted_octets += reception.size();
    log(LogLevel::major, "accepted",
        {{"id", transaction.id},
         {"from", transaction.mail.sender.text()},
         {"to", envelope->recipients.size()},
         {"size", reception.size()},
         {"peer", stream_.peer().address},
         {"account", account_ ? account_->name : ""}});
    if (!accepted->delivered.empty()) service_.direct()->delivered(*envelope, accepted->delivered);
    co_return Reply(250, "2.0.0", "Accepted as " + transaction.id);
}

std::shared_ptr<const store::SpoolEnvelope> Session::envelope_of(Transaction& transaction) const {
    auto envelope = std::make_shared<store::SpoolEnvelope>();
    envelope->sender = transaction.mail.sender.text();
    envelope->origin = origin(transaction);
    envelope->recipients = std::move(transaction.recipients);
    envelope->transaction = transaction.id;
    envelope->flags = transaction.mail.body == Body::eight_bit_mime ? 1 : 0;
    return envelope;
}

Trace Session::trace(const Transaction& transaction) const {
    Trace trace;
    trace.greeting = greeting_;
    trace.address = stream_.peer().address;
    trace.hostname = settings_->hostname;
    trace.id = transaction.id;
    if (const runtime::TlsInfo* tls = stream_.tls()) trace.cipher = tls->version + ' ' + tls->cipher;
    if (transaction.recipients.size() == 1) trace.recipient = transaction.recipients.front().address;
    trace.extended = extended_;
    trace.login = account_.has_value();
    trace.time = runtime::unix_seconds();
    return trace;
}

std::string Session::origin(const Transaction& transaction) const {
    const Trace way = trace(transaction);
    Origin origin;
    origin.transaction = transaction.id;
    origin.address = way.address;
    origin.greeting = greeting_;
    origin.protocol = protocol_name(way);
    origin.cipher = way.cipher;
    origin.account = account_ ? account_->name : "";
    origin.sender = transaction.mail.sender.text();
    return origin.encode();
}

} // namespace pillarbox::smtp
