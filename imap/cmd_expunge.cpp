// EXPUNGE and UID EXPUNGE (RFC 9051 6.4.3 and 6.4.9). The EXPUNGE responses come with the news behind the command.
#include "imap/parser.h"
#include "imap/session.h"

namespace pillarbox::imap {

using runtime::Task;

namespace {

Task<Completion> expunge(Session& session, store::UidSet uids) {
    if (session.selected().read_only()) co_return no(store::StoreError::read_only);
    const auto expunged = co_await session.selected().view().expunge(std::move(uids));
    if (!expunged) co_return no(expunged.error());
    co_return ok("EXPUNGE completed");
}

} // namespace

Task<Completion> cmd_expunge(Session& session, Parser& args) {
    args.end();
    return expunge(session, store::UidSet::all());
}

Task<Completion> cmd_uid_expunge(Session& session, Parser& args) {
    args.space();
    const SequenceSet set = args.sequence_set();
    args.end();
    return expunge(session, session.selected().resolve(set, Numbering::uid));
}

} // namespace pillarbox::imap
