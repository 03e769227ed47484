// ENABLE (RFC 9051 6.3.1, RFC 5161).
#include "imap/characters.h"
#include "imap/parser.h"
#include "imap/session.h"

namespace pillarbox::imap {

runtime::Task<Completion> cmd_enable(Session& session, Parser& args) {
    bool rev2 = false;
    do { // what is not known is passed over: RFC 5161 3.1
        args.space();
        rev2 |= equal_ignoring_case(args.atom(), "IMAP4rev2");
    } while (!args.at_end());
    if (rev2) session.enable_rev2();
    session.write(rev2 ? "* ENABLED IMAP4rev2\r\n" : "* ENABLED\r\n");
    co_return ok("ENABLE completed");
}

} // namespace pillarbox::imap
