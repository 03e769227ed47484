// The commands that move no mail: NOOP, HELP, VRFY, QUIT and those not offered (RFC 5321 4.1.1.6-4.1.1.10).
#include "smtp/session.h"

namespace pillarbox::smtp {

using runtime::Task;

Task<Session::Answer> Session::noop(Parser&) { co_return Reply(250, "2.0.0", "Ok"); } // RFC 5321 4.1.1.9: any argument

Task<Session::Answer> Session::help(Parser&) {
    co_return Reply(214, "2.0.0",
                    "pillarbox speaks ESMTP (RFC 5321):\n"
                    "EHLO HELO STARTTLS AUTH MAIL RCPT DATA RSET NOOP VRFY HELP QUIT");
}

/// Says nothing about who is here (RFC 5321 3.5.3, 7.3).
Task<Session::Answer> Session::vrfy(Parser& args) {
    if (args.rest().empty()) throw SyntaxError("Say VRFY ADDRESS");
    co_return Reply(252, "2.0.0", "Cannot VRFY user, but will accept message and attempt delivery");
}

Task<Session::Answer> Session::quit(Parser& args) {
    args.end();
    end(Reply(221, "2.0.0", settings_->hostname + " closing connection"));
    co_return std::nullopt;
}

Task<Session::Answer> Session::not_implemented(Parser&) { co_return Reply(502, "5.5.1", "Command not implemented"); }

} // namespace pillarbox::smtp
