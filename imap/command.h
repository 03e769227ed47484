// The command table's form: what a command may do is data (RFC 9051 6).
#pragma once

#include "appliance/runtime/task.h"
#include "imap/wire.h"

#include <cstdint>
#include <string_view>

namespace pillarbox::imap {

class Parser;
class Session;

/// States of a session (RFC 9051 3), as bits so that a command can be good for several.
enum class Phase : std::uint8_t { not_authenticated = 1, authenticated = 2, selected = 4, logout = 8 };

constexpr std::uint8_t operator|(Phase a, Phase b) {
    return static_cast<std::uint8_t>(static_cast<std::uint8_t>(a) | static_cast<std::uint8_t>(b));
}

/// Whether EXPUNGE responses may be sent during the command (RFC 9051 7.5.1).
enum class Numbers : std::uint8_t {
    may_change,
    in_use ///< FETCH, STORE, SEARCH: sequence numbers hold still
};

using CommandFunction = runtime::Task<Completion> (*)(Session&, Parser&);

struct Command {
    std::string_view name; ///< "UID FETCH" is one of its own
    std::uint8_t phases;
    CommandFunction run;
    Numbers numbers;
    std::string_view rights; ///< on the selected or named mailbox (RFC 4314 4); one of them is enough where `|` stands
};

/// The command of that name, in any case; nullptr when there is none.
const Command* find_command(std::string_view name);

// One room each; small relatives share one.
runtime::Task<Completion> cmd_capability(Session& session, Parser& args);
runtime::Task<Completion> cmd_noop(Session& session, Parser& args);
runtime::Task<Completion> cmd_logout(Session& session, Parser& args);
runtime::Task<Completion> cmd_id(Session& session, Parser& args);
runtime::Task<Completion> cmd_starttls(Session& session, Parser& args);
runtime::Task<Completion> cmd_login(Session& session, Parser& args);
runtime::Task<Completion> cmd_authenticate(Session& session, Parser& args);
runtime::Task<Completion> cmd_enable(Session& session, Parser& args);
runtime::Task<Completion> cmd_select(Session& session, Parser& args);
runtime::Task<Completion> cmd_examine(Session& session, Parser& args);
runtime::Task<Completion> cmd_create(Session& session, Parser& args);
runtime::Task<Completion> cmd_delete(Session& session, Parser& args);
runtime::Task<Completion> cmd_rename(Session& session, Parser& args);
runtime::Task<Completion> cmd_subscribe(Session& session, Parser& args);
runtime::Task<Completion> cmd_unsubscribe(Session& session, Parser& args);
runtime::Task<Completion> cmd_list(Session& session, Parser& args);
runtime::Task<Completion> cmd_lsub(Session& session, Parser& args);
runtime::Task<Completion> cmd_namespace(Session& session, Parser& args);
runtime::Task<Completion> cmd_status(Session& session, Parser& args);
runtime::Task<Completion> cmd_append(Session& session, Parser& args);
runtime::Task<Completion> cmd_idle(Session& session, Parser& args);
runtime::Task<Completion> cmd_check(Session& session, Parser& args);
runtime::Task<Completion> cmd_close(Session& session, Parser& args);
runtime::Task<Completion> cmd_unselect(Session& session, Parser& args);
runtime::Task<Completion> cmd_expunge(Session& session, Parser& args);
runtime::Task<Completion> cmd_uid_expunge(Session& session, Parser& args);
runtime::Task<Completion> cmd_search(Session& session, Parser& args);
runtime::Task<Completion> cmd_uid_search(Session& session, Parser& args);
runtime::Task<Completion> cmd_fetch(Session& session, Parser& args);
runtime::Task<Completion> cmd_uid_fetch(Session& session, Parser& args);
runtime::Task<Completion> cmd_store(Session& session, Parser& args);
runtime::Task<Completion> cmd_uid_store(Session& session, Parser& args);
runtime::Task<Completion> cmd_copy(Session& session, Parser& args);
runtime::Task<Completion> cmd_uid_copy(Session& session, Parser& args);
runtime::Task<Completion> cmd_move(Session& session, Parser& args);
runtime::Task<Completion> cmd_uid_move(Session& session, Parser& args);

} // namespace pillarbox::imap
