// One SMTP conversation, from greeting to QUIT (RFC 5321 3.1-3.9).
#include "smtp/session.h"

#include <algorithm>

namespace pillarbox::smtp {

using runtime::LogLevel;
using runtime::Task;

const Session::Command Session::commands[] = {
    {"HELO", Needs::nothing, false, &Session::helo},            // RFC 5321 4.1.1.1
    {"EHLO", Needs::nothing, false, &Session::ehlo},            // RFC 5321 4.1.1.1
    {"STARTTLS", Needs::nothing, false, &Session::starttls},    // RFC 3207 4
    {"AUTH", Needs::greeting, false, &Session::auth},           // RFC 4954 4
    {"MAIL", Needs::greeting, true, &Session::mail},            // RFC 5321 4.1.1.2
    {"RCPT", Needs::sender, true, &Session::rcpt},              // RFC 5321 4.1.1.3
    {"DATA", Needs::sender, true, &Session::data},              // RFC 5321 4.1.1.4
    {"RSET", Needs::nothing, false, &Session::rset},            // RFC 5321 4.1.1.5
    {"VRFY", Needs::nothing, false, &Session::vrfy},            // RFC 5321 4.1.1.6
    {"HELP", Needs::nothing, false, &Session::help},            // RFC 5321 4.1.1.8
    {"NOOP", Needs::nothing, false, &Session::noop},            // RFC 5321 4.1.1.9
    {"QUIT", Needs::nothing, false, &Session::quit},            // RFC 5321 4.1.1.10
    {"EXPN", Needs::nothing, false, &Session::not_implemented}, // RFC 5321 4.1.1.7, 7.3: tells spammers names
    {"SEND", Needs::nothing, false, &Session::not_implemented}, // RFC 5321 F.6
    {"SOML", Needs::nothing, false, &Session::not_implemented}, // RFC 5321 F.6
    {"SAML", Needs::nothing, false, &Session::not_implemented}, // RFC 5321 F.6
    {"TURN", Needs::nothing, false, &Session::not_implemented}, // RFC 5321 F.1
    {"ETRN", Needs::nothing, false, &Session::not_implemented}, // RFC 1985
};

const Session::Command* Session::find_command(std::string_view verb) {
    const auto found = std::find_if(std::begin(commands), std::end(commands),
                                    [verb](const Command& command) { return command.verb == verb; });
    return found == std::end(commands) ? nullptr : found;
}

Session::Session(Service& service, Role role, runtime::Stream& stream)
    : service_(service), role_(role), stream_(stream), settings_(service.settings()) {
    number_ = service_.registry().add(stream_, role_.name, settings_->max_sessions, refusal_);
    id_ = "S" + std::to_string(number_);
    ++service_.counters().connections;
}

Session::~Session() { service_.registry().remove(number_); }

Task<void> Session::run() {
    log(LogLevel::detail, "connected", {{"role", role_.name}, {"peer", stream_.peer().address}});
    std::string lost = "quit";
    try {
        co_await converse();
    } catch (const runtime::Timeout&) {
        lost = "timeout";
        end(Reply(421, "4.4.2", settings_->hostname + " Nothing heard for too long, closing")); // RFC 5321 4.5.3.2.7
    } catch (const runtime::Stopping& stopping) {
        lost = stopping.what();
        end(Reply(421, "4.3.2", settings_->hostname + ' ' + stopping.what())); // RFC 5321 3.8
    } catch (const runtime::ConnectionLost& error) {
        lost = error.what();
    } catch (const std::exception& error) {
        lost = "failure";
        log(LogLevel::failure, "session failed", {{"reason", error.what()}});
        end(Reply(421, "4.3.0", settings_->hostname + " Internal failure, closing; try again later"));
    }
    co_await stream_.close();
    log(LogLevel::detail, "closed", {{"reason", lost}, {"in", stream_.octets_in()}, {"out", stream_.octets_out()}});
}

Task<void> Session::converse() {
    if (!refusal_.empty()) {
        end(Reply(421, "4.3.2", settings_->hostname + ' ' + refusal_));
        co_return;
    }
    say(Reply(220, "", settings_->hostname + " ESMTP pillarbox"));
    while (!last_words_) {
        const Answer answer = co_await next_answer();
        if (answer && !last_words_) say(*answer);
        if (answer && !last_words_ && worn_out(*answer)) {
            end(Reply(421, "4.7.0", settings_->hostname + " Too many errors or idle commands, closing"));
        }
        co_await stream_.drain(); // who does not read its replies is not read from
        runtime::Loop& loop = stream_.loop();
        co_await loop.yield(); // other sessions take their turn
    }
}

/// Reads a command and carries it out.
Task<Session::Answer> Session::next_answer() {
    const Limits& limits = settings_->limits;
    const std::size_t longest = role_.login ? std::max(limits.auth_line, limits.command_line) : limits.command_line;
    stream_.set_deadline(settings_->deadlines.command);
    runtime::Line line = co_await stream_.read_line(longest - 2);
    const bool rest_of_broken = broken_line_;
    broken_line_ = line.bare_lf;
    if (line.bare_lf) co_return Reply(500, "5.5.2", "Lines end in CRLF (RFC 5321 2.3.8)");
    if (rest_of_broken) co_return std::nullopt; // only CRLF ends a line: this is the end of one refused already
    if (line.too_long) co_return Reply(500, "5.5.2", "Line too long");
    const Answer answer = co_await execute(std::move(line.text));
    co_return answer;
}

Task<Session::Answer> Session::execute(std::string line) {
    const auto control = [](char c) { return (c >= 0 && c < 0x20 && c != '\t') || c == 0x7f; };
    if (std::any_of(line.begin(), line.end(), control)) co_return Reply(500, "5.5.2", "Control octet in the command");
    Parser args(line, settings_->limits);
    const Command* command = find_command(args.verb());
    if (!command) co_return Reply(500, "5.5.2", "Command not recognized");
    const bool long_answers = command->handler == &Session::auth;
    if (!long_answers && line.size() + 2 > settings_->limits.command_line) {
        co_return Reply(500, "5.5.2", "Line too long");
    }
    idle_commands_ = command->moves_mail ? idle_commands_ : idle_commands_ + 1;
    Answer answer = objection(*command);
    if (answer) co_return answer;
    try {
        Task<Answer> carried_out = (this->*command->handler)(args);
        answer = co_await carried_out;
    } catch (const SyntaxError& error) {
        answer = Reply(error.code, error.enhanced, error.what());
    }
    note_state(command->verb);
    co_return answer;
}

/// Why a command may not be given now (RFC 5321 4.1.4, RFC 2034 4).
Session::Answer Session::objection(const Command& command) const {
    if (command.needs != Needs::nothing && greeting_.empty()) return Reply(503, "5.5.1", "Say EHLO first");
    if (command.needs == Needs::sender && !transaction_) return Reply(503, "5.5.1", "Say MAIL first");
    return std::nullopt;
}

void Session::say(const Reply& reply) { stream_.write(reply.wire()); }

/// Whether the peer has used up its errors or its patience.
bool Session::worn_out(const Reply& reply) {
    if (reply.refused() && ++errors_ > settings_->limits.errors) return true;
    return idle_commands_ > settings_->limits.commands_without_mail;
}

/// Says this and lets the session end.
void Session::end(Reply reply) {
    say(reply);
    last_words_.emplace(std::move(reply));
}

void Session::note_state(std::string_view verb) {
    service_.registry().update(number_, [&](SessionInfo& info) {
        info.last_command = verb;
        info.state = transaction_ ? "envelope" : greeting_.empty() ? "connected" : "ready";
        info.account = account_ ? account_->name : "";
        info.tls = stream_.tls() != nullptr;
    });
}

void Session::log(LogLevel level, std::string_view event, std::initializer_list<runtime::LogField> fields) const {
    runtime::log(level, "smtp", id_, event, fields); // problems are kept for the status page at any level
}

Task<void> serve(Service& service, Role role, std::unique_ptr<runtime::Stream> stream) {
    Session session(service, role, *stream);
    co_await session.run();
}

} // namespace pillarbox::smtp
