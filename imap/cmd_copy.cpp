// COPY and MOVE (RFC 9051 6.4.7 and 6.4.8, RFC 6851, RFC 4315 3).
#include "imap/parser.h"
#include "imap/session.h"
#include "store/store.h"
#include "store/volume.h"

namespace pillarbox::imap {

using runtime::Task;

namespace {

enum class Action : std::uint8_t { copy, move };

NumberRanges joined(const std::vector<store::UidRange>& ranges) {
    NumberRanges all;
    for (const store::UidRange range : ranges) {
        if (!all.empty() && all.back().last + 1 == range.first) {
            all.back().last = range.last;
        } else {
            all.push_back({range.first, range.last});
        }
    }
    return all;
}

std::string copyuid(const store::Copied& copied) {
    std::string code = "COPYUID ";
    write_number(code, copied.target_uidvalidity.value);
    code += ' ';
    write(code, joined(copied.from));
    code += ' ';
    write(code, joined(copied.to));
    return code;
}

Task<Completion> copy(Session& session, Parser& args, Numbering numbering, Action action) {
    args.space();
    const SequenceSet set = args.sequence_set();
    args.space();
    const std::string wire = args.mailbox();
    args.end();
    const bool moves = action == Action::move;
    const store::UidSet uids = session.selected().resolve(set, numbering);
    if (moves && session.selected().read_only()) co_return no(store::StoreError::read_only);
    auto name = session.mailbox_name(wire);
    if (!name) co_return no(name.error());

    const store::AccountId account = session.account().id;
    auto look = [account, name = *name](store::Snapshot& snapshot) { return snapshot.mailbox(account, name); };
    const auto target = co_await session.store().volume_of(account).read(look);
    if (!target) co_return no("TRYCREATE", "There is no such mailbox");
    const store::Limits limits = session.account().limits;
    const auto copied = co_await session.selected().view().copy(uids, target->id, limits, moves);
    if (!copied) {
        if (copied.error() == store::StoreError::not_found) co_return no("TRYCREATE", "There is no such mailbox");
        co_return no(copied.error());
    }
    const char* text = moves ? "MOVE completed" : "COPY completed";
    if (copied->from.empty()) co_return ok("There was no such message, so nothing was done");
    if (!moves) co_return ok(copyuid(*copied), text);
    // Before the EXPUNGE responses, which come with the news behind the command (RFC 9051 6.4.8).
    session.write("* OK [" + copyuid(*copied) + "] Moved\r\n");
    co_return ok(text);
}

} // namespace

Task<Completion> cmd_copy(Session& session, Parser& args) {
    return copy(session, args, Numbering::sequence, Action::copy);
}
Task<Completion> cmd_uid_copy(Session& session, Parser& args) {
    return copy(session, args, Numbering::uid, Action::copy);
}
Task<Completion> cmd_move(Session& session, Parser& args) {
    return copy(session, args, Numbering::sequence, Action::move);
}
Task<Completion> cmd_uid_move(Session& session, Parser& args) {
    return copy(session, args, Numbering::uid, Action::move);
}

} // namespace pillarbox::imap
