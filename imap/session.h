// One IMAP connection: a conversation read top to bottom (RFC 9051).
//
// Invariants: no output while a store transaction runs; after every wait the selected mailbox is looked at anew; the
// client's sequence numbers change only by what it is told; every wait has a deadline.
#pragma once

#include "appliance/runtime/stream.h"
#include "imap/command.h"
#include "imap/command_reader.h"
#include "imap/mailbox_name.h"
#include "imap/selected.h"
#include "imap/service.h"
#include "imap/wire.h"
#include "store/directory.h"
#include "store/types.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace pillarbox::imap {

class Session {
public:
    Session(Service& service, std::unique_ptr<runtime::Stream> stream);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    /// Greeting to close; throws nothing.
    runtime::Task<void> run();

    // -- for commands
    Service& service() const noexcept { return service_; }
    store::Store& store() const noexcept { return service_.store(); }
    const Settings& settings() const noexcept { return *settings_; }
    runtime::Stream& stream() const noexcept { return *stream_; }
    void write(std::string_view octets) { stream_->write(octets); }
    std::string_view tag() const noexcept { return tag_; }

    Phase phase() const noexcept { return phase_; }
    const store::Account& account() const noexcept { return account_; }
    void logged_in(store::Account account);
    /// Ends the session after this command's answer.
    void log_out() { phase_ = Phase::logout; }
    /// TLS begins behind this command's answer.
    void start_tls() noexcept { starting_tls_ = true; }

    /// Of the selected mailbox; only in the selected state.
    Selected& selected() { return *selected_; }
    void select(Selected mailbox);
    bool has_selected() const noexcept { return selected_.has_value(); }
    /// Leaves the selected mailbox, if there is one.
    runtime::Task<void> unselect();
    /// The same without a last look: it is gone.
    void leave();
    /// Tells the client what has happened in the selected mailbox since it was told last.
    runtime::Task<void> tell_changes(Numbers numbers);

    void tell_keywords(const std::shared_ptr<const store::Keywords>& keywords);

    bool rev2() const noexcept { return rev2_; }
    void enable_rev2() noexcept { rev2_ = true; }
    Quoting quoting() const noexcept { return rev2_ ? Quoting::utf8 : Quoting::ascii; }
    NameCoding names() const noexcept { return rev2_ ? NameCoding::utf8 : NameCoding::modified_utf7; }
    /// A mailbox name of the client's as the store spells it, or what to answer.
    store::Result<std::string> mailbox_name(const std::string& wire) const;
    void write_name(std::string& out, std::string_view name) const;
    /// Tells a client of IMAP4rev2 that its mailbox is called otherwise (RFC 9051 6.3.9.7, OLDNAME).
    void announce_name(const std::string& wire, const std::string& name);

    /// Whether a password may be sent over this connection.
    bool takes_passwords() const;
    /// Tries a log-in; answers for all outcomes alike, whoever the user is.
    runtime::Task<Completion> log_in(std::string name, std::string password);

    /// APPEND's message, announced and unread; whoever reads it takes it.
    std::optional<LiteralSize> take_message() { return std::exchange(message_, std::nullopt); }
    /// One more that nobody will take.
    void another_message(LiteralSize size) { message_ = size; }

    /// One line of this session in the log; for what helps to find a client's trouble.
    void log_detail(std::string_view event, const std::string& what) const;

    /// Wakes an IDLE when the mailbox changes.
    void on_change();
    void idling(bool on) noexcept { idling_ = on; }

private:
    runtime::Task<void> greet();
    runtime::Task<void> converse();
    runtime::Task<void> next_command();
    runtime::Task<Completion> execute(CommandText text);
    runtime::Task<Completion> dispatch(Parser& args);
    void count_refused(const Completion& done);
    void note_command(std::string_view name);
    void note_state();
    void tls_started(); // what was said before counts no more: RFC 9051 6.2.1

    Service& service_;
    std::shared_ptr<const Settings> settings_; // those in force when the command began
    std::unique_ptr<runtime::Stream> stream_;
    std::uint64_t id_ = 0;
    std::string log_id_;
    Phase phase_ = Phase::not_authenticated;
    std::string tag_;
    store::Account account_;
    std::optional<Selected> selected_;
    std::optional<LiteralSize> message_;
    std::string farewell_; // "* BYE ..." of our own accord
    unsigned failed_logins_ = 0, refused_in_row_ = 0, before_login_ = 0;
    bool rev2_ = false, idling_ = false, starting_tls_ = false;
};

/// What the store refused, in IMAP's words (RFC 5530).
Completion no(store::StoreError error);

} // namespace pillarbox::imap
