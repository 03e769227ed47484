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

void Session::logged_in(store::Account account) {
    account_ = std::move(account);
    phase_ = Phase::authenticated;
    note_state();
    runtime::log(runtime::LogLevel::major, "imap", log_id_, "logged in",
                 {{"account", account_.name}, {"address", stream_->peer().address}});
}

void Session::tls_started() {
    rev2_ = false;
    failed_logins_ = 0;
    note_state();
}

void Session::select(Selected mailbox) {
    selected_.emplace(std::move(mailbox));
    phase_ = Phase::selected;
    note_state();
}

// \Recent belongs to the first session that was told of a message (RFC 3501 2.3.2): what arrived meanwhile is claimed
// when the mailbox is left, not by a transaction for each arrival.
Task<void> Session::unselect() {
    if (!selected_) co_return;
    if (selected_->has_unclaimed() && !rev2_) {
        const auto claimed = co_await selected_->view().claim_recent();
        if (!claimed) runtime::log(runtime::LogLevel::all, "imap", log_id_, "recent not claimed");
    }
    leave();
}

void Session::leave() {
    selected_.reset();
    if (phase_ == Phase::selected) phase_ = Phase::authenticated;
    note_state();
}

Task<void> Session::tell_changes(Numbers numbers) {
    const auto changes = co_await selected_->view().changes(selected_->position());
    const bool gone = changes ? changes->mailbox_gone : changes.error() == store::StoreError::mailbox_gone;
    if (gone) {
        farewell_ = "* BYE The selected mailbox was deleted\r\n";
        leave();
        log_out();
        co_return;
    }
    if (!changes) co_return; // the volume is closed for now; the next command asks again
    std::string out;
    selected_->tell(*changes, numbers, !rev2_, out);
    if (out.empty()) co_return;
    write(out);
    co_await stream_->drain();
}

void Session::tell_keywords(const std::shared_ptr<const store::Keywords>& keywords) {
    std::string out;
    selected_->tell_keywords(keywords, out);
    write(out);
}

void Session::log_detail(std::string_view event, const std::string& what) const {
    runtime::log(runtime::LogLevel::detail, "imap", log_id_, event, {{"what", what}});
}

void Session::on_change() {
    if (idling_) stream_->wake();
}

store::Result<std::string> Session::mailbox_name(const std::string& wire) const {
    if (auto name = decode_name(wire, names())) return std::move(*name);
    return store::refused(store::StoreError::bad_name);
}

void Session::write_name(std::string& out, std::string_view name) const {
    write_astring(out, encode_name(name, names()), quoting());
}

void Session::announce_name(const std::string& wire, const std::string& name) {
    if (!rev2_ || wire == name || equal_ignoring_case(wire, name)) return;
    std::string out = "* LIST () \"/\" ";
    write_name(out, name);
    out += " (\"OLDNAME\" (";
    write_string(out, wire, quoting());
    out += "))\r\n";
    write(out);
}

Completion no(store::StoreError error) {
    using store::StoreError;
    switch (error) {
    case StoreError::not_found:
        return no("NONEXISTENT", "There is no such mailbox");
    case StoreError::exists:
        return no("ALREADYEXISTS", "There is a mailbox of that name");
    case StoreError::bad_name:
        return no("CANNOT", "A mailbox cannot have that name");
    case StoreError::cannot:
        return no("CANNOT", "That cannot be done with this mailbox");
    case StoreError::read_only:
        return no("NOPERM", "The mailbox is open for reading only");
    case StoreError::mailbox_gone:
        return no("NONEXISTENT", "The mailbox was deleted");
    case StoreError::over_quota:
        return no("OVERQUOTA", "The account's quota would be exceeded");
    case StoreError::no_space:
        return no("UNAVAILABLE", "The server is short of space, try again later");
    case StoreError::too_large:
        return no("TOOBIG", "Too large");
    case StoreError::limit:
        return no("LIMIT", "A limit of the mailbox or account is reached");
    case StoreError::has_children:
        return no("HASCHILDREN", "The mailbox has others inside it");
    case StoreError::unavailable:
        break;
    }
    return no("UNAVAILABLE", "The mailstore is closed for the moment, try again later");
}

} // namespace pillarbox::imap
