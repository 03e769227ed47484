// STARTTLS (RFC 9051 6.2.1).
#include "imap/parser.h"
#include "imap/session.h"

namespace pillarbox::imap {

runtime::Task<Completion> cmd_starttls(Session& session, Parser& args) {
    args.end();
    if (session.stream().tls()) co_return bad("TLS is in use already");
    if (!session.service().tls()) co_return no("CANNOT", "TLS is not available");
    session.start_tls();
    co_return ok("Begin TLS negotiation now");
}

} // namespace pillarbox::imap
