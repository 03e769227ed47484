// STORE and UID STORE (RFC 9051 6.4.6 and 6.4.9).
#include "imap/flags.h"
#include "imap/parser.h"
#include "imap/session.h"

namespace pillarbox::imap {

using runtime::Task;

namespace {

constexpr std::size_t piece = 64 * 1024;

store::FlagMode mode_of(const StoreRequest& request) {
    switch (request.mode) {
    case StoreRequest::Mode::add:
        return store::FlagMode::add;
    case StoreRequest::Mode::remove:
        return store::FlagMode::remove;
    case StoreRequest::Mode::replace:
        break;
    }
    return store::FlagMode::replace;
}

/// The new flags of each message; in pieces, so that other sessions of the loop have their turn.
Task<void> send_flags(Session& session, const store::FlagsChanged& changed, Numbering numbering) {
    Selected& selected = session.selected();
    const store::Keywords& keywords = changed.keywords ? *changed.keywords : selected.keywords();
    std::string out;
    for (const store::MessageFlags& each : changed.changed) {
        const std::uint32_t number = selected.map().position(each.uid);
        if (number == 0) continue;
        out += "* ";
        write_number(out, number);
        out += " FETCH (";
        if (numbering == Numbering::uid) {
            out += "UID ";
            write_number(out, each.uid.value);
            out += ' ';
        }
        out += "FLAGS ";
        write_flags(out, each.flags, keywords, !session.rev2() && each.uid >= selected.recent_from());
        out += ")\r\n";
        if (out.size() < piece) continue;
        session.write(out);
        out.clear();
        co_await session.stream().drain();
        co_await session.stream().loop().yield();
    }
    session.write(out);
    co_await session.stream().drain();
}

Task<Completion> change_flags(Session& session, Parser& args, Numbering numbering) {
    args.space();
    const SequenceSet set = args.sequence_set();
    args.space();
    const StoreRequest request = args.store_att_flags();
    args.end();
    const store::UidSet uids = session.selected().resolve(set, numbering);
    if (session.selected().read_only()) co_return no(store::StoreError::read_only);

    // What others did before is told first: our own change would hide it.
    co_await session.tell_changes(Numbers::in_use);
    if (!session.has_selected()) co_return no(store::StoreError::mailbox_gone);
    const store::FlagChange change = flag_change(mode_of(request), request.flags);
    const auto changed = co_await session.selected().view().change_flags(uids, change);
    if (!changed) co_return no(changed.error());

    session.selected().own_changes(changed->modseqs);
    session.tell_keywords(changed->keywords);
    if (!request.silent) co_await send_flags(session, *changed, numbering);
    if (changed->changed.size() < uids.count()) co_return ok("EXPUNGEISSUED", "Some of the messages are gone");
    co_return ok("STORE completed");
}

} // namespace

Task<Completion> cmd_store(Session& session, Parser& args) { return change_flags(session, args, Numbering::sequence); }
Task<Completion> cmd_uid_store(Session& session, Parser& args) { return change_flags(session, args, Numbering::uid); }

} // namespace pillarbox::imap
