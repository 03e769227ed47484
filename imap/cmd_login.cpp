// LOGIN and AUTHENTICATE PLAIN (RFC 9051 6.2.2 and 6.2.3, RFC 4616, RFC 4959).
#include "appliance/runtime/log.h"
#include "appliance/runtime/loop.h"
#include "appliance/runtime/sasl.h"
#include "imap/capability.h"
#include "imap/characters.h"
#include "imap/parser.h"
#include "imap/session.h"
#include "store/store.h"

namespace pillarbox::imap {

using runtime::Task;

namespace {

constexpr unsigned most_failed_logins = 5;

Completion needs_privacy() { return no("PRIVACYREQUIRED", "Passwords are taken over TLS only: say STARTTLS first"); }

} // namespace

bool Session::takes_passwords() const { return may_log_in(settings_->cleartext, *stream_); }

Task<Completion> Session::log_in(std::string name, std::string password) {
    const auto account = co_await store().authenticate(std::move(name), std::move(password));
    if (account) {
        logged_in(*account);
        std::string code = "CAPABILITY ";
        write_capabilities(code, *this);
        co_return ok(std::move(code), "Logged in");
    }
    runtime::log(runtime::LogLevel::major, "imap", log_id_, "log-in failed", {{"address", stream_->peer().address}});
    co_await stream_->loop().sleep(settings_->login_delay);
    if (++failed_logins_ == most_failed_logins) {
        farewell_ = "* BYE Too many failed log-ins\r\n";
        log_out();
    }
    co_return no("AUTHENTICATIONFAILED", "Name or password is wrong"); // which of them is nobody's business
}

Task<Completion> cmd_login(Session& session, Parser& args) {
    args.space();
    std::string name = args.astring();
    args.space();
    std::string password = args.astring();
    args.end();
    if (!session.takes_passwords()) co_return needs_privacy();
    Completion done = co_await session.log_in(std::move(name), std::move(password));
    co_return done;
}

Task<Completion> cmd_authenticate(Session& session, Parser& args) {
    args.space();
    const std::string mechanism(args.atom());
    std::string response;
    const bool initial = args.accept(' ');
    if (initial) response = args.atom();
    args.end();
    if (!equal_ignoring_case(mechanism, "PLAIN")) co_return no("CANNOT", "There is no such mechanism here");
    if (!session.takes_passwords()) co_return needs_privacy();

    if (!initial) {
        session.write("+ \r\n");
        const runtime::Line line = co_await session.stream().read_line(runtime::longest_sasl_line);
        if (line.too_long) co_return bad("Response too long");
        if (line.text == "*") co_return bad("Cancelled as you wish");
        response = line.text;
    } else if (response == "=") {
        response.clear(); // RFC 4959 3
    }
    const auto decoded = runtime::base64_decode(response);
    if (!decoded) co_return bad("That is not base64");
    const auto plain = runtime::parse_plain(*decoded);
    if (!plain) co_return bad("That is not what PLAIN sends");
    if (!plain->authorization.empty() && plain->authorization != plain->name) {
        co_return no("AUTHORIZATIONFAILED", "Nobody may act for another account");
    }
    Completion done = co_await session.log_in(plain->name, plain->password);
    co_return done;
}

} // namespace pillarbox::imap
