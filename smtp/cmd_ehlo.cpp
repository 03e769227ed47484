// HELO, EHLO and STARTTLS: who the peer is and what both sides can do (RFC 5321 4.1.1.1, RFC 3207).
#include "smtp/session.h"

#include "appliance/runtime/log.h"

namespace pillarbox::smtp {

using runtime::Task;

/// A new greeting ends a transaction as RSET does (RFC 5321 4.1.4). A bad one changes nothing.
void Session::greet(Parser& args, bool extended) {
    args.blanks();
    std::string name = args.greeting_name();
    args.end();
    greeting_ = std::move(name);
    extended_ = extended;
    transaction_.reset();
}

Task<Session::Answer> Session::helo(Parser& args) {
    greet(args, false);
    co_return Reply(250, "", settings_->hostname);
}

Task<Session::Answer> Session::ehlo(Parser& args) {
    greet(args, true);
    std::string lines = settings_->hostname;
    lines += "\nPIPELINING";                                        // RFC 2920
    lines += "\nSIZE " + std::to_string(settings_->limits.message); // RFC 1870
    lines += "\n8BITMIME";                                          // RFC 6152
    lines += "\nENHANCEDSTATUSCODES";                               // RFC 2034
    if (starttls_offered()) lines += "\nSTARTTLS";                  // RFC 3207
    if (auth_offered() && !account_) lines += "\nAUTH PLAIN LOGIN"; // RFC 4954
    co_return Reply(250, "", std::move(lines));
}

bool Session::starttls_offered() const { return service_.tls() && !stream_.tls(); }

/// Passwords are taken under TLS, or where the owner allows it without (RFC 4954 4, RFC 8314 3.3).
bool Session::auth_offered() const { return role_.login && may_log_in(settings_->cleartext, stream_); }

/// After the handshake the session is as new: what the peer said or sent before it counts for nothing (RFC 3207 4.2).
Task<Session::Answer> Session::starttls(Parser& args) {
    args.end();
    if (!service_.tls()) co_return Reply(502, "5.5.1", "TLS is not available here");
    if (stream_.tls()) co_return Reply(503, "5.5.1", "TLS is active already");
    say(Reply(220, "2.0.0", "Ready to start TLS"));
    co_await stream_.start_tls(*service_.tls());
    greeting_.clear();
    extended_ = false;
    account_.reset();
    transaction_.reset();
    log(runtime::LogLevel::detail, "tls",
        {{"version", stream_.tls()->version}, {"cipher", stream_.tls()->cipher}, {"sni", stream_.tls()->sni}});
    co_return std::nullopt;
}

} // namespace pillarbox::smtp
