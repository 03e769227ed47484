// One IMAP connection, from greeting to close (RFC 9051).
#include "imap/session.h"

#include "appliance/runtime/log.h"
#include "appliance/runtime/loop.h"
#include "imap/capability.h"
#include "imap/characters.h"
#include "imap/parser.h"

#include <utility>

namespace pillarbox::imap {

using runtime::Task;

namespace {

/// A client that goes on sending nonsense is none.
constexpr std::size_t most_idle_output = 16 * 1024;
constexpr unsigned most_refused_in_row = 25, most_refused_before_login = 5, most_commands_before_login = 50;

} // namespace

Task<void> serve(Service& service, std::unique_ptr<runtime::Stream> stream) {
    Session session(service, std::move(stream));
    co_await session.run();
}

Session::Session(Service& service, std::unique_ptr<runtime::Stream> stream)
    : service_(service), settings_(service.settings()), stream_(std::move(stream)) {}

Session::~Session() { service_.registry().remove(id_); }

Task<void> Session::run() {
    std::string problem;
    try {
        co_await converse();
    } catch (const runtime::Timeout&) {
        farewell_ = "* BYE Idle for too long\r\n";
    } catch (const runtime::Stopping& stopping) {
        farewell_ = std::string("* BYE ") + stopping.what() + "\r\n";
    } catch (const runtime::ConnectionLost&) {
        farewell_.clear();
    } catch (const std::exception& failure) {
        problem = failure.what();
        farewell_ = "* BYE [UNAVAILABLE] Internal error, it has been logged\r\n";
    }
    if (!problem.empty()) runtime::log(runtime::LogLevel::problem, "imap", log_id_, "failed", {{"reason", problem}});
    stream_->set_deadline(std::chrono::seconds(10));
    stream_->write(farewell_);
    co_await stream_->close();
    runtime::log(runtime::LogLevel::detail, "imap", log_id_, "closed",
                 {{"in", stream_->octets_in()}, {"out", stream_->octets_out()}});
}

Task<void> Session::converse() {
    co_await greet();
    while (phase_ != Phase::logout) {
        co_await next_command();
        co_await stream_->loop().yield(); // other sessions take their turn
    }
    if (selected_) co_await unselect();
}

Task<void> Session::greet() {
    stream_->set_deadline(settings_->login_timeout);
    std::string refusal;
    id_ = service_.registry().add(*stream_, "", settings_->max_sessions, refusal);
    log_id_ = "I" + std::to_string(id_);
    if (!refusal.empty()) {
        farewell_ = "* BYE [UNAVAILABLE] " + refusal + "\r\n";
        phase_ = Phase::logout;
        co_return;
    }
    runtime::log(runtime::LogLevel::detail, "imap", log_id_, "connected", {{"address", stream_->peer().address}});
    std::string greeting = "* OK [CAPABILITY ";
    write_capabilities(greeting, *this);
    greeting += "] " + settings_->hostname + " pillarbox ready\r\n";
    write(greeting);
}

Task<void> Session::next_command() {
    settings_ = service_.settings();
    const bool open = phase_ == Phase::not_authenticated;
    stream_->set_deadline(open ? settings_->login_timeout : settings_->idle_timeout);
    CommandText text = co_await read_command(*stream_);
    stream_->set_deadline(command_wait);
    if (text.outcome == CommandText::Outcome::complete && text.text.empty()) co_return; // a stray line end
    const bool lost = text.outcome == CommandText::Outcome::lost;

    message_ = text.message;
    const Completion done = co_await execute(std::move(text));
    bool in_step = true;
    if (message_) {
        const LiteralSize unwanted = *take_message();
        in_step = co_await refuse_message(*stream_, unwanted);
    }
    std::string answer;
    write_completion(answer, tag_, done);
    write(answer);
    // A client that does not read holds no more than this while it may idle for ever.
    if (stream_->output_queued() > most_idle_output) co_await stream_->flush();
    if (std::exchange(starting_tls_, false)) {
        co_await stream_->start_tls(*service_.tls());
        tls_started();
    }
    count_refused(done);
    if ((lost || !in_step) && phase_ != Phase::logout) {
        farewell_ = "* BYE Too much to be skipped\r\n";
        phase_ = Phase::logout;
    }
}

Task<Completion> Session::execute(CommandText text) {
    Parser args(std::move(text.text));
    tag_ = "*"; // until the client's is known
    Completion done;
    try {
        tag_ = args.tag();
        if (text.outcome == CommandText::Outcome::complete) {
            args.space();
            done = co_await dispatch(args);
        } else {
            done = bad(text.reason);
        }
    } catch (const SyntaxError& error) {
        done = bad(error.what());
    }
    co_return done;
}

Task<Completion> Session::dispatch(Parser& args) {
    std::string name(args.atom());
    if (equal_ignoring_case(name, "UID")) { // UID FETCH is a command of its own
        args.space();
        name += ' ';
        name += args.atom();
    }
    const Command* command = find_command(name);
    if (!command) co_return bad("There is no such command");
    if (!(command->phases & static_cast<std::uint8_t>(phase_))) {
        co_return bad(phase_ == Phase::not_authenticated                              ? "Log in first"
                      : command->phases == static_cast<std::uint8_t>(Phase::selected) ? "Select a mailbox first"
                                                                                      : "You are logged in already");
    }
    note_command(command->name);
    Completion done = co_await command->run(*this, args);
    if (selected_) co_await tell_changes(command->numbers);
    co_return done;
}

void Session::count_refused(const Completion& done) {
    refused_in_row_ = done.status == Completion::Status::bad ? refused_in_row_ + 1 : 0;
    if (phase_ == Phase::logout) return;
    const bool open = phase_ == Phase::not_authenticated;
    before_login_ += open;
    if (refused_in_row_ < (open ? most_refused_before_login : most_refused_in_row) &&
        (!open || before_login_ < most_commands_before_login)) {
        return;
    }
    farewell_ = "* BYE Too many commands that lead nowhere\r\n";
    phase_ = Phase::logout;
}

void Session::note_command(std::string_view name) {
    service_.registry().update(id_, [name](SessionInfo& info) { info.last_command = name; });
}

void Session::note_state() {
    service_.registry().update(id_, [this](SessionInfo& info) {
        info.account = account_.name;
        info.tls = stream_->tls() != nullptr;
        info.state = phase_ == Phase::not_authenticated ? "connected" : selected_ ? "selected" : "authenticated";
    });
}

} // namespace pillarbox::imap
