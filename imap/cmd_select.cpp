// SELECT and EXAMINE (RFC 9051 6.3.2 and 6.3.3; RFC 3501 6.3.1 for RECENT and UNSEEN).
#include "imap/flags.h"
#include "imap/parser.h"
#include "imap/session.h"
#include "store/store.h"

namespace pillarbox::imap {

using runtime::Task;

namespace {

void write_number_code(std::string& out, std::string_view code, std::uint64_t number, std::string_view text) {
    out += "* OK [";
    out += code;
    out += ' ';
    write_number(out, number);
    out += "] ";
    out += text;
    out += "\r\n";
}

std::string describe(const store::Opened& opened, const Selected& selected, const Session& session) {
    const store::Keywords& keywords = *opened.keywords;
    constexpr store::Flags all = ~store::Flags{0};
    std::string out = "* FLAGS (";
    write_flag_names(out, all, keywords);
    out += ")\r\n* OK [PERMANENTFLAGS (";
    if (opened.view.writable()) {
        write_flag_names(out, all, keywords);
        out += " \\*"; // new keywords may be made
    }
    out += ")] These are kept\r\n* ";
    write_number(out, opened.map->size());
    out += " EXISTS\r\n";
    if (!session.rev2()) {
        out += "* ";
        write_number(out, selected.recent());
        out += " RECENT\r\n";
        const std::uint32_t unseen = opened.map->position(opened.first_unseen);
        if (unseen != 0) write_number_code(out, "UNSEEN", unseen, "The first unseen message");
    }
    write_number_code(out, "UIDVALIDITY", opened.row.uidvalidity.value, "UIDs are valid");
    write_number_code(out, "UIDNEXT", opened.row.uidnext.value, "The next UID");
    if (session.rev2()) {
        out += "* LIST () \"/\" ";
        session.write_name(out, opened.row.name);
        out += "\r\n";
    }
    return out;
}

// A failed SELECT leaves nothing selected (RFC 9051 6.3.2).
Task<Completion> select_mailbox(Session& session, Parser& args, bool writable) {
    args.space();
    const std::string wire = args.mailbox();
    args.end();
    if (session.has_selected()) {
        co_await session.unselect();
        session.write("* OK [CLOSED] The mailbox selected before is closed\r\n");
    }
    auto name = session.mailbox_name(wire);
    if (!name) co_return no(name.error());
    const auto opened = co_await session.store().open(session.account().id, *name, writable);
    if (!opened) co_return no(opened.error());

    Session* const self = &session; // it outlives the watch, which it owns
    auto watch = opened->view.watch(session.stream().loop(), [self] { self->on_change(); });
    Selected selected(*opened, std::move(watch));
    if (opened->view.writable() && opened->row.first_recent < opened->row.uidnext && !session.rev2()) {
        const auto first = co_await opened->view.claim_recent();
        if (first) selected.claimed_from(*first);
    }
    session.announce_name(wire, opened->row.name);
    session.write(describe(*opened, selected, session));
    session.select(std::move(selected));
    if (opened->view.writable()) co_return ok("READ-WRITE", "SELECT completed");
    co_return ok("READ-ONLY", writable ? "SELECT completed" : "EXAMINE completed");
}

} // namespace

Task<Completion> cmd_select(Session& session, Parser& args) { return select_mailbox(session, args, true); }
Task<Completion> cmd_examine(Session& session, Parser& args) { return select_mailbox(session, args, false); }

} // namespace pillarbox::imap
