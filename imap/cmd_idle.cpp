// IDLE (RFC 9051 6.3.13): news as it happens, until the client says DONE.
#include "imap/characters.h"
#include "imap/parser.h"
#include "imap/session.h"

namespace pillarbox::imap {
namespace {

/// Wakes of the hub reach the session as long as it lives.
class Idling {
public:
    explicit Idling(Session& session) : session_(session) { session_.idling(true); }
    ~Idling() { session_.idling(false); }
    Idling(const Idling&) = delete;
    Idling& operator=(const Idling&) = delete;

private:
    Session& session_;
};

} // namespace

runtime::Task<Completion> cmd_idle(Session& session, Parser& args) {
    args.end();
    const Idling idling(session);
    session.write("+ idling\r\n");
    bool said = false;
    while (!said && session.phase() != Phase::logout) {
        // What happens from here on wakes the wait, or makes it return at once.
        if (session.has_selected()) co_await session.tell_changes(Numbers::may_change);
        if (session.phase() == Phase::logout) break;
        session.stream().set_deadline(session.settings().idle_timeout);
        said = co_await session.stream().wait_input();
    }
    if (!said) co_return ok("IDLE ended");
    session.stream().set_deadline(command_wait);
    const runtime::Line line = co_await session.stream().read_line(limits::command);
    if (!equal_ignoring_case(line.text, "DONE")) co_return bad("IDLE ends with DONE");
    co_return ok("IDLE completed");
}

} // namespace pillarbox::imap
