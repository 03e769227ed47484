// AUTH: log-in with PLAIN and LOGIN on the submission ports (RFC 4954, RFC 4616).
#include "smtp/session.h"

#include "appliance/runtime/log.h"
#include "appliance/runtime/sasl.h"
#include "store/store.h"

#include <algorithm>

namespace pillarbox::smtp {

using runtime::LogLevel;
using runtime::Task;

namespace {

/// Takes a word off the front, in capitals.
std::string mechanism_name(std::string_view& text) {
    const std::size_t end = std::min(text.find(' '), text.size());
    std::string name(text.substr(0, end));
    for (char& c : name) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    text.remove_prefix(end);
    while (text.starts_with(' ')) text.remove_prefix(1);
    return name;
}

Reply not_base64() { return Reply(501, "5.5.2", "Not base64 (RFC 4648 4)"); }

} // namespace

Task<Session::Answer> Session::auth(Parser& args) {
    std::string_view rest = args.rest();
    const std::string mechanism = mechanism_name(rest);
    if (mechanism.empty()) throw SyntaxError("Say AUTH MECHANISM");
    if (!role_.login) co_return Reply(502, "5.5.1", "Log-in is not offered on this port");
    if (account_) co_return Reply(503, "5.5.1", "Logged in already");
    if (transaction_) co_return Reply(503, "5.5.1", "Not during a mail transaction");
    if (!auth_offered()) co_return Reply(538, "5.7.11", "Encryption required; say STARTTLS first");
    if (mechanism != "PLAIN" && mechanism != "LOGIN") co_return Reply(504, "5.5.4", "Mechanism not offered");

    std::optional<std::string> initial;
    if (!rest.empty()) {
        initial = rest == "=" ? std::string() : runtime::base64_decode(rest); // "=": there, and empty
        if (!initial) co_return not_base64();
    }
    Credentials credentials;
    Task<Answer> exchange = mechanism == "PLAIN" ? plain(std::move(initial), credentials) //
                                                 : login(std::move(initial), credentials);
    const Answer refused = co_await exchange;
    if (refused) co_return refused;
    const Answer answer = co_await check(std::move(credentials));
    co_return answer;
}

Task<Session::Answer> Session::plain(std::optional<std::string> response, Credentials& credentials) {
    std::string message = response.value_or("");
    if (!response) {
        const Answer refused = co_await ask("", message);
        if (refused) co_return refused;
    }
    const auto parsed = runtime::parse_plain(message);
    if (!parsed) co_return Reply(501, "5.5.2", "Not a PLAIN message (RFC 4616 2)");
    credentials.authorization = parsed->authorization;
    credentials.name = parsed->name;
    credentials.password = parsed->password;
    co_return std::nullopt;
}

/// LOGIN was never standardised: two prompts that clients expect in exactly these words.
Task<Session::Answer> Session::login(std::optional<std::string> response, Credentials& credentials) {
    credentials.name = response.value_or("");
    if (!response) {
        const Answer refused = co_await ask("Username:", credentials.name);
        if (refused) co_return refused;
    }
    const Answer refused = co_await ask("Password:", credentials.password);
    co_return refused;
}

/// Sends a challenge and waits for the answer, decoded into `answer`.
Task<Session::Answer> Session::ask(const char* challenge, std::string& answer) {
    say(Reply(334, "", runtime::base64_encode(challenge)));
    const runtime::Line line = co_await stream_.read_line(settings_->limits.auth_line - 2);
    if (line.bare_lf) {
        broken_line_ = true;
        co_return Reply(500, "5.5.2", "Lines end in CRLF (RFC 5321 2.3.8)");
    }
    if (line.too_long) co_return Reply(500, "5.5.6", "Line too long");
    if (line.text == "*") co_return Reply(501, "5.7.0", "Log-in cancelled");
    std::optional<std::string> decoded = runtime::base64_decode(line.text);
    if (!decoded) co_return not_base64();
    answer = std::move(*decoded);
    co_return std::nullopt;
}

Task<Session::Answer> Session::check(Credentials credentials) {
    std::string name = credentials.name;
    Task<std::optional<store::Account>> checking =
        service_.store().authenticate(std::move(credentials.name), std::move(credentials.password));
    std::optional<store::Account> account = co_await checking;
    if (account && !credentials.authorization.empty()) { // nobody may act as another (RFC 4616 2)
        const auto directory = service_.store().directory();
        const store::Account* wanted = directory->by_name(credentials.authorization);
        if (!wanted || wanted->id != account->id) account.reset();
    }
    if (!account) {
        const Answer refused = co_await login_failed(std::move(name));
        co_return refused;
    }
    log(LogLevel::detail, "logged in", {{"account", account->name}, {"peer", stream_.peer().address}});
    account_ = std::move(account);
    co_return Reply(235, "2.7.0", "Authentication successful");
}

/// Slows guessing down, and ends it after a few (RFC 4954 9).
Task<Session::Answer> Session::login_failed(std::string name) {
    ++service_.counters().failed_logins;
    // A name nobody has is not logged: people type their password there.
    const auto directory = service_.store().directory();
    const std::string who = directory->by_name(name) ? name : "unknown";
    log(LogLevel::problem, "log-in failed", {{"name", who}, {"peer", stream_.peer().address}});
    const unsigned doublings = std::min(login_failures_, 3u);
    const auto delay = settings_->deadlines.login_delay * (1u << doublings);
    runtime::Loop& loop = stream_.loop();
    co_await loop.sleep(delay);
    if (++login_failures_ > settings_->limits.login_failures) {
        end(Reply(421, "4.7.0", settings_->hostname + " Too many failed log-ins, closing"));
        co_return std::nullopt;
    }
    co_return Reply(535, "5.7.8", "Authentication credentials invalid");
}

} // namespace pillarbox::smtp
