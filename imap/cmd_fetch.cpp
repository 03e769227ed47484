// FETCH and UID FETCH (RFC 9051 6.4.5 and 6.4.9).
#include "imap/fetch_writer.h"
#include "imap/flags.h"
#include "imap/parser.h"
#include "imap/session.h"
#include "store/volume.h"

#include <algorithm>

namespace pillarbox::imap {

using runtime::Task;

namespace {

store::UidSet uids_of(const std::vector<store::MessageFlags>& messages) {
    store::UidSet uids;
    for (const store::MessageFlags& each : messages) uids.add(each.uid);
    return uids;
}

/// Flags that turned out otherwise than the page says, as somebody else changed them in between.
void correct(const std::vector<store::MessageFlags>& told, const store::FlagsChanged& changed, Session& session,
             std::string& out) {
    const Selected& selected = session.selected();
    for (const store::MessageFlags& each : changed.changed) {
        const auto said = std::ranges::lower_bound(told, each.uid, {}, &store::MessageFlags::uid);
        if (said == told.end() || said->uid != each.uid || said->flags == each.flags) continue;
        out += "* ";
        write_number(out, selected.map().position(each.uid));
        out += " FETCH (UID ";
        write_number(out, each.uid.value);
        out += " FLAGS ";
        write_flags(out, each.flags, changed.keywords ? *changed.keywords : selected.keywords(),
                    !session.rev2() && each.uid >= selected.recent_from());
        out += ")\r\n";
    }
}

/// Makes the implicit \Seen of a page true. False: it could not be, and the page says what is not so.
Task<bool> mark_seen(Session& session, FetchPage& page) {
    store::FlagChange change;
    change.mode = store::FlagMode::add;
    change.system = store::flag::seen;
    const store::UidSet uids = uids_of(page.marked);
    const auto changed = co_await session.selected().view().change_flags(uids, change);
    if (!changed) co_return false;
    session.selected().own_changes(changed->modseqs);
    correct(page.marked, *changed, session, page.out);
    co_return true;
}

/// Sends what a writer writes.
Task<void> send_pages(Session& session, FetchWriter& writer) {
    std::vector<store::MessageFlags> unmarked;
    while (!writer.done()) {
        FetchPage page;
        FetchPage* const target = &page;
        FetchWriter* const source = &writer;
        auto format = [source, target](store::Snapshot& snapshot) { source->write(snapshot, *target); };
        co_await session.selected().view().read(format);
        if (!page.marked.empty()) {
            const bool marked = co_await mark_seen(session, page);
            if (!marked) {
                writer.stop_marking();
                unmarked.insert(unmarked.end(), page.marked.begin(), page.marked.end());
            }
        }
        session.write(page.out);
        co_await session.stream().drain();
    }
    if (unmarked.empty()) co_return;
    // The store takes no changes just now (no space, say): the messages are read all the same, and their flags told.
    FetchRequest flags;
    flags.items.emplace_back().kind = FetchItem::Kind::flags;
    flags.items.back().label = "FLAGS";
    FetchWriter::Context context;
    context.mailbox = session.selected().view().mailbox();
    context.map = session.selected().shared_map();
    context.with_uid = true;
    if (!session.rev2()) context.recent_from = session.selected().recent_from();
    FetchWriter truth(flags, context, uids_of(unmarked));
    co_await send_pages(session, truth);
}

Completion completion(const FetchTrouble& trouble) {
    if (trouble.unknown_encoding) return no("UNKNOWN-CTE", "A part's encoding is not known");
    if (trouble.damaged) return no("CORRUPTION", "Some messages cannot be read");
    if (trouble.expunged) return ok("EXPUNGEISSUED", "Some of the messages are gone");
    return ok("FETCH completed");
}

Task<Completion> fetch(Session& session, Parser& args, Numbering numbering) {
    args.space();
    const SequenceSet set = args.sequence_set();
    args.space();
    const FetchRequest request = args.fetch_att();
    args.end();
    const Selected& selected = session.selected();
    FetchWriter::Context context;
    context.mailbox = selected.view().mailbox();
    context.map = selected.shared_map();
    context.with_uid = numbering == Numbering::uid;
    context.may_mark = !selected.read_only();
    if (!session.rev2()) context.recent_from = selected.recent_from();
    FetchWriter writer(request, context, selected.resolve(set, numbering));
    co_await send_pages(session, writer);
    co_return completion(writer.trouble());
}

} // namespace

Task<Completion> cmd_fetch(Session& session, Parser& args) { return fetch(session, args, Numbering::sequence); }
Task<Completion> cmd_uid_fetch(Session& session, Parser& args) { return fetch(session, args, Numbering::uid); }

} // namespace pillarbox::imap
