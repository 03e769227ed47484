// One SMTP conversation, from greeting to QUIT (RFC 5321 3.1-3.9).
//
// Invariants: no reply says 250 to data before their COMMIT; nothing of a session but its TLS survives STARTTLS; what a
// peer sent is never quoted in a reply but addresses it may know; every wait for the peer has a deadline.
#pragma once

#include "appliance/runtime/log.h"
#include "smtp/parser.h"
#include "smtp/reception.h"
#include "smtp/reply.h"
#include "smtp/service.h"
#include "smtp/trace.h"
#include "smtp/transaction.h"
#include "store/directory.h"

#include <memory>
#include <optional>
#include <string>

namespace pillarbox::smtp {

/// The peer: who it is, what it may do, how far the conversation is. Its envelope is the Transaction.
class Session {
public:
    Session(Service& service, Role role, runtime::Stream& stream);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    /// Talks until either side ends it, then closes the stream. Throws nothing that a peer can cause.
    runtime::Task<void> run();

private:
    using Answer = std::optional<Reply>; // none: the command has answered already
    using Handler = runtime::Task<Answer> (Session::*)(Parser&);
    /// From when on a command makes sense (RFC 5321 4.1.4).
    enum class Needs : std::uint8_t { nothing, greeting, sender };
    struct Command {
        std::string_view verb;
        Needs needs;
        bool moves_mail; // others are counted, so that nobody keeps a session busy with nothing
        Handler handler;
    };
    static const Command commands[];
    static const Command* find_command(std::string_view verb);

    // session.cpp: the conversation
    runtime::Task<void> converse();
    runtime::Task<Answer> next_answer();
    runtime::Task<Answer> execute(std::string line);
    Answer objection(const Command& command) const;
    void say(const Reply& reply);
    bool worn_out(const Reply& reply);
    void end(Reply reply);
    void note_state(std::string_view verb);
    void log(runtime::LogLevel level, std::string_view event, std::initializer_list<runtime::LogField> fields) const;

    // one for each command: cmd_*.cpp
    runtime::Task<Answer> helo(Parser& args);
    runtime::Task<Answer> ehlo(Parser& args);
    runtime::Task<Answer> starttls(Parser& args);
    runtime::Task<Answer> auth(Parser& args);
    runtime::Task<Answer> mail(Parser& args);
    runtime::Task<Answer> rcpt(Parser& args);
    runtime::Task<Answer> data(Parser& args);
    runtime::Task<Answer> rset(Parser& args);
    runtime::Task<Answer> noop(Parser& args);
    runtime::Task<Answer> help(Parser& args);
    runtime::Task<Answer> vrfy(Parser& args);
    runtime::Task<Answer> quit(Parser& args);
    runtime::Task<Answer> not_implemented(Parser& args);

    // cmd_ehlo.cpp
    void greet(Parser& args, bool extended);
    bool starttls_offered() const;
    bool auth_offered() const;

    // cmd_auth.cpp
    struct Credentials {
        std::string authorization, name, password;
    };
    runtime::Task<Answer> plain(std::optional<std::string> response, Credentials& credentials);
    runtime::Task<Answer> login(std::optional<std::string> response, Credentials& credentials);
    runtime::Task<Answer> ask(const char* challenge, std::string& answer);
    runtime::Task<Answer> check(Credentials credentials);
    runtime::Task<Answer> login_failed(std::string name);

    // cmd_mail.cpp
    Answer refuse_sender(const MailCommand& mail) const;
    Answer refuse_recipient(const Address& recipient, const store::Resolved& resolved) const;

    // cmd_data.cpp
    runtime::Task<void> receive(Reception& reception);
    runtime::Task<Answer> accept(Transaction transaction, Reception& reception);
    Trace trace(const Transaction& transaction) const;
    std::string origin(const Transaction& transaction) const;
    std::shared_ptr<const store::SpoolEnvelope> envelope_of(Transaction& transaction) const; // takes the recipients

    Service& service_;
    const Role role_;
    runtime::Stream& stream_;
    const std::shared_ptr<const Settings> settings_; // shared with the service, which may take new ones meanwhile
    std::uint64_t number_ = 0;
    std::string id_; // in the log: S17
    std::string refusal_;
    std::string greeting_; // what HELO or EHLO said; "" before
    bool extended_ = false;
    std::optional<store::Account> account_; // after AUTH
    std::optional<Transaction> transaction_;
    std::optional<Reply> last_words_; // set: said, then the session ends
    bool broken_line_ = false;        // the last line ended in a bare LF, so the next is its rest
    unsigned errors_ = 0, login_failures_ = 0, idle_commands_ = 0;
};

} // namespace pillarbox::smtp
