// CLOSE, UNSELECT (RFC 9051 6.4.1 and 6.4.2) and CHECK (RFC 3501 6.4.1).
#include "imap/parser.h"
#include "imap/session.h"

namespace pillarbox::imap {

using runtime::Task;

Task<Completion> cmd_close(Session& session, Parser& args) {
    args.end();
    if (!session.selected().read_only()) {
        const store::UidSet all = store::UidSet::all();
        const auto expunged = co_await session.selected().view().expunge(all);
        if (!expunged) co_return no(expunged.error());
    }
    co_await session.unselect();
    co_return ok("CLOSE completed");
}

Task<Completion> cmd_unselect(Session& session, Parser& args) {
    args.end();
    co_await session.unselect();
    co_return ok("UNSELECT completed");
}

// Whatever was acknowledged is on the disk already.
Task<Completion> cmd_check(Session&, Parser& args) {
    args.end();
    co_return ok("CHECK completed");
}

} // namespace pillarbox::imap
