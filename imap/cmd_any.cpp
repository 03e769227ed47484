// CAPABILITY, NOOP, LOGOUT (RFC 9051 6.1) and ID (RFC 2971): good in every state.
#include "imap/capability.h"
#include "imap/parser.h"
#include "imap/session.h"

namespace pillarbox::imap {

using runtime::Task;

Task<Completion> cmd_capability(Session& session, Parser& args) {
    args.end();
    std::string line = "* CAPABILITY ";
    write_capabilities(line, session);
    line += "\r\n";
    session.write(line);
    co_return ok("CAPABILITY completed");
}

// The news is told behind every command; this one has nothing else to do.
Task<Completion> cmd_noop(Session&, Parser& args) {
    args.end();
    co_return ok("NOOP completed");
}

Task<Completion> cmd_logout(Session& session, Parser& args) {
    args.end();
    co_await session.unselect();
    session.write("* BYE Logging out\r\n");
    session.log_out();
    co_return ok("LOGOUT completed");
}

Task<Completion> cmd_id(Session& session, Parser& args) {
    args.space();
    const auto fields = args.id_params();
    args.end();
    std::string client;
    for (const auto& [name, value] : fields) {
        if (!value) continue;
        if (!client.empty()) client += ", ";
        client += name + '=' + *value;
    }
    session.log_detail("client", client);
    session.write("* ID (\"name\" \"pillarbox\" \"version\" \"" PILLARBOX_VERSION "\")\r\n");
    co_return ok("ID completed");
}

} // namespace pillarbox::imap
