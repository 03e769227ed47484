// MAIL, RCPT and RSET: the envelope of one message (RFC 5321 4.1.1.2, 4.1.1.3, 4.1.1.5).
#include "smtp/session.h"

#include "appliance/runtime/log.h"
#include "smtp/store_reply.h"
#include "store/store.h"

namespace pillarbox::smtp {

using runtime::LogLevel;
using runtime::Task;

Task<Session::Answer> Session::mail(Parser& args) {
    MailCommand mail = parse_mail(args, auth_offered());
    if (transaction_) co_return Reply(503, "5.5.1", "A transaction is open already; say RSET to end it");
    const Answer refused = refuse_sender(mail);
    if (refused) co_return refused;
    transaction_.emplace();
    transaction_->id = service_.store().new_transaction_id();
    transaction_->mail = std::move(mail);
    co_return Reply(250, "2.1.0", "Sender ok");
}

Session::Answer Session::refuse_sender(const MailCommand& mail) const {
    if (role_.login && !account_) {
        if (!auth_offered()) return Reply(530, "5.7.0", "Say STARTTLS first"); // RFC 3207 4
        return Reply(530, "5.7.0", "Authentication required");                 // RFC 4954 6
    }
    if (mail.size > settings_->limits.message) { // RFC 1870 6.1
        return Reply(552, "5.3.4", "Message larger than " + std::to_string(settings_->limits.message));
    }
    if (role_.own_sender && !mail.sender.null()) { // RFC 6409 6.1
        const auto directory = service_.store().directory();
        const store::Resolved resolved = directory->resolve(mail.sender.local_part, mail.sender.domain);
        if (!resolved.account || resolved.account->id != account_->id) {
            return Reply(550, "5.7.1", "This sender address is not yours");
        }
    }
    return std::nullopt;
}

Task<Session::Answer> Session::rcpt(Parser& args) {
    const RcptCommand rcpt = parse_rcpt(args);
    if (transaction_->recipients.size() >= settings_->limits.recipients) {
        co_return Reply(452, "4.5.3", "Too many recipients"); // RFC 5321 4.5.3.1.10
    }
    const auto directory = service_.store().directory();
    const store::Resolved resolved = directory->resolve(rcpt.recipient.local_part, rcpt.recipient.domain);
    const Answer refused = refuse_recipient(rcpt.recipient, resolved);
    if (refused) {
        ++transaction_->refused;
        ++service_.counters().refused_recipients;
        log(LogLevel::detail, "recipient refused",
            {{"id", transaction_->id}, {"to", rcpt.recipient.text()}, {"reply", refused->enhanced}});
        co_return refused;
    }
    transaction_->add(rcpt.recipient, resolved.account->id);
    co_return Reply(250, "2.1.5", "Recipient ok");
}

/// What cannot be delivered is refused here, never bounced later (DESIGN 5.5).
Session::Answer Session::refuse_recipient(const Address& recipient, const store::Resolved& resolved) const {
    using Kind = store::Resolved::Kind;
    if (resolved.kind == Kind::not_local) {
        return Reply(550, "5.7.1", "Relaying denied: " + recipient.domain + " is not served here");
    }
    if (resolved.kind == Kind::unknown_user) return reply_to(store::StoreError::not_found);
    const std::uint64_t size = transaction_->mail.size;
    const std::int64_t quota = resolved.account->limits.octets;
    if (quota > 0 && size > static_cast<std::uint64_t>(quota)) { // will never fit: RFC 3463 3.3, X.2.3
        return Reply(552, "5.2.3", "Message larger than the whole mailbox may be");
    }
    const auto room = service_.store().may_receive(*resolved.account, size);
    if (!room) return reply_to(room.error());
    return std::nullopt;
}

Task<Session::Answer> Session::rset(Parser& args) {
    args.end();
    transaction_.reset();
    co_return Reply(250, "2.0.0", "Ok");
}

} // namespace pillarbox::smtp
