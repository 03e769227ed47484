// CREATE, DELETE, RENAME, SUBSCRIBE, UNSUBSCRIBE (RFC 9051 6.3.4 to 6.3.8, RFC 6154 3).
#include "imap/characters.h"
#include "imap/parser.h"
#include "imap/session.h"
#include "store/store.h"
#include "store/volume.h"

namespace pillarbox::imap {

using runtime::Task;

namespace {

// The delimiter at the end says that there will be mailboxes inside; the name is without it (RFC 9051 6.3.4).
std::string without_trailing_delimiter(std::string name) {
    if (name.size() > 1 && name.back() == delimiter) name.pop_back();
    return name;
}

/// `(USE (\Drafts))`, the empty list included.
/// @param possible  false: no mailbox of ours can have that use, or two of them (RFC 6154 3)
store::SpecialUse special_use(Parser& args, bool& possible) {
    using store::SpecialUse;
    SpecialUse use = SpecialUse::none;
    args.expect('(');
    if (!args.accept_word("USE")) args.fail("USE");
    args.space();
    args.expect('(');
    while (!args.at(')')) {
        args.expect('\\');
        std::string name = "\\";
        name += args.atom();
        const SpecialUse before = use;
        for (const SpecialUse each :
             {SpecialUse::drafts, SpecialUse::sent, SpecialUse::junk, SpecialUse::trash, SpecialUse::archive}) {
            if (equal_ignoring_case(store::to_string(each), name)) use = each;
        }
        possible = possible && before == SpecialUse::none && use != SpecialUse::none;
        if (!args.accept(' ')) break;
    }
    args.expect(')');
    args.expect(')');
    return use;
}

/// Whether the mailbox of that name is the selected one.
Task<bool> is_selected(Session& session, std::string name) {
    if (!session.has_selected()) co_return false;
    const store::AccountId account = session.account().id;
    auto look = [account, name](store::Snapshot& snapshot) { return snapshot.mailbox(account, name); };
    const auto row = co_await session.store().volume_of(account).read(look);
    co_return row && row->id == session.selected().view().mailbox();
}

Task<Completion> subscribe(Session& session, Parser& args, bool on) {
    args.space();
    const std::string wire = args.mailbox();
    args.end();
    auto name = session.mailbox_name(wire);
    if (!name) co_return no(name.error());
    const auto done = co_await session.store().subscribe(session.account().id, *name, on);
    if (!done) co_return no(done.error());
    co_return ok(on ? "SUBSCRIBE completed" : "UNSUBSCRIBE completed");
}

} // namespace

Task<Completion> cmd_create(Session& session, Parser& args) {
    args.space();
    const std::string wire = without_trailing_delimiter(args.mailbox());
    store::SpecialUse use = store::SpecialUse::none;
    bool possible = true;
    if (args.accept(' ')) use = special_use(args, possible);
    args.end();
    if (!possible) co_return no("USEATTR", "No mailbox can have that use");
    auto name = session.mailbox_name(wire);
    if (!name) co_return no(name.error());
    const auto made = co_await session.store().create_mailbox(session.account().id, *name, use);
    if (!made) co_return no(made.error());
    session.announce_name(wire, made->name);
    co_return ok("CREATE completed");
}

Task<Completion> cmd_delete(Session& session, Parser& args) {
    args.space();
    const std::string wire = args.mailbox();
    args.end();
    auto name = session.mailbox_name(wire);
    if (!name) co_return no(name.error());
    const bool selected = co_await is_selected(session, *name);
    const auto done = co_await session.store().delete_mailbox(session.account().id, *name);
    if (!done) co_return no(done.error());
    if (selected) {
        session.leave();
        session.write("* OK [CLOSED] The selected mailbox was deleted\r\n");
    }
    co_return ok("DELETE completed");
}

Task<Completion> cmd_rename(Session& session, Parser& args) {
    args.space();
    const std::string wire_from = args.mailbox();
    args.space();
    const std::string wire_to = without_trailing_delimiter(args.mailbox());
    args.end();
    auto from = session.mailbox_name(wire_from);
    if (!from) co_return no(from.error());
    auto to = session.mailbox_name(wire_to);
    if (!to) co_return no(to.error());
    const auto done = co_await session.store().rename_mailbox(session.account().id, *from, *to);
    if (!done) co_return no(done.error());
    session.announce_name(wire_to, *to);
    co_return ok("RENAME completed");
}

Task<Completion> cmd_subscribe(Session& session, Parser& args) { return subscribe(session, args, true); }
Task<Completion> cmd_unsubscribe(Session& session, Parser& args) { return subscribe(session, args, false); }

} // namespace pillarbox::imap
