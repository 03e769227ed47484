// The command table (RFC 9051 6).
#include "imap/command.h"

#include "imap/characters.h"

#include <algorithm>
#include <iterator>

namespace pillarbox::imap {
namespace {

constexpr std::uint8_t nobody_yet = static_cast<std::uint8_t>(Phase::not_authenticated);
constexpr std::uint8_t logged_in = Phase::authenticated | Phase::selected;
constexpr std::uint8_t chosen = static_cast<std::uint8_t>(Phase::selected);
constexpr std::uint8_t always = nobody_yet | logged_in;

constexpr Command commands[] = {
    {"CAPABILITY", always, cmd_capability, Numbers::may_change, ""},         // RFC 9051 6.1.1
    {"NOOP", always, cmd_noop, Numbers::may_change, ""},                     // RFC 9051 6.1.2
    {"LOGOUT", always, cmd_logout, Numbers::may_change, ""},                 // RFC 9051 6.1.3
    {"ID", always, cmd_id, Numbers::may_change, ""},                         // RFC 2971 3.1
    {"STARTTLS", nobody_yet, cmd_starttls, Numbers::may_change, ""},         // RFC 9051 6.2.1
    {"AUTHENTICATE", nobody_yet, cmd_authenticate, Numbers::may_change, ""}, // RFC 9051 6.2.2
    {"LOGIN", nobody_yet, cmd_login, Numbers::may_change, ""},               // RFC 9051 6.2.3
    {"ENABLE", logged_in, cmd_enable, Numbers::may_change, ""},              // RFC 9051 6.3.1
    {"SELECT", logged_in, cmd_select, Numbers::may_change, "r"},             // RFC 9051 6.3.2
    {"EXAMINE", logged_in, cmd_examine, Numbers::may_change, "r"},           // RFC 9051 6.3.3
    {"CREATE", logged_in, cmd_create, Numbers::may_change, "k"},             // RFC 9051 6.3.4
    {"DELETE", logged_in, cmd_delete, Numbers::may_change, "x"},             // RFC 9051 6.3.5
    {"RENAME", logged_in, cmd_rename, Numbers::may_change, "kx"},            // RFC 9051 6.3.6
    {"SUBSCRIBE", logged_in, cmd_subscribe, Numbers::may_change, "l"},       // RFC 9051 6.3.7
    {"UNSUBSCRIBE", logged_in, cmd_unsubscribe, Numbers::may_change, ""},    // RFC 9051 6.3.8
    {"LIST", logged_in, cmd_list, Numbers::may_change, "l"},                 // RFC 9051 6.3.9
    {"LSUB", logged_in, cmd_lsub, Numbers::may_change, ""},                  // RFC 3501 6.3.9
    {"NAMESPACE", logged_in, cmd_namespace, Numbers::may_change, ""},        // RFC 9051 6.3.10
    {"STATUS", logged_in, cmd_status, Numbers::may_change, "r"},             // RFC 9051 6.3.11
    {"APPEND", logged_in, cmd_append, Numbers::may_change, "i"},             // RFC 9051 6.3.12
    {"IDLE", logged_in, cmd_idle, Numbers::may_change, ""},                  // RFC 9051 6.3.13
    {"CHECK", chosen, cmd_check, Numbers::may_change, ""},                   // RFC 3501 6.4.1
    {"CLOSE", chosen, cmd_close, Numbers::in_use, ""},                       // RFC 9051 6.4.1: no EXPUNGE responses
    {"UNSELECT", chosen, cmd_unselect, Numbers::in_use, ""},                 // RFC 9051 6.4.2
    {"EXPUNGE", chosen, cmd_expunge, Numbers::may_change, "e"},              // RFC 9051 6.4.3
    {"SEARCH", chosen, cmd_search, Numbers::in_use, "r"},                    // RFC 9051 6.4.4
    {"FETCH", chosen, cmd_fetch, Numbers::in_use, "r"},                      // RFC 9051 6.4.5
    {"STORE", chosen, cmd_store, Numbers::in_use, "s|w|t"},                  // RFC 9051 6.4.6
    {"COPY", chosen, cmd_copy, Numbers::may_change, "i"},               // RFC 9051 6.4.7; the right is the target's
    {"MOVE", chosen, cmd_move, Numbers::may_change, "te"},              // RFC 9051 6.4.8; and i of the target
    {"UID EXPUNGE", chosen, cmd_uid_expunge, Numbers::may_change, "e"}, // RFC 9051 6.4.9
    {"UID SEARCH", chosen, cmd_uid_search, Numbers::may_change, "r"},
    {"UID FETCH", chosen, cmd_uid_fetch, Numbers::may_change, "r"},
    {"UID STORE", chosen, cmd_uid_store, Numbers::may_change, "s|w|t"},
    {"UID COPY", chosen, cmd_uid_copy, Numbers::may_change, "i"},
    {"UID MOVE", chosen, cmd_uid_move, Numbers::may_change, "te"},
};

} // namespace

const Command* find_command(std::string_view name) {
    const auto has_name = [name](const Command& command) { return equal_ignoring_case(command.name, name); };
    const auto* found = std::ranges::find_if(commands, has_name);
    return found == std::end(commands) ? nullptr : found;
}

} // namespace pillarbox::imap
