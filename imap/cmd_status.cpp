// STATUS (RFC 9051 6.3.11, RFC 8438).
#include "imap/parser.h"
#include "imap/session.h"
#include "imap/status.h"
#include "store/store.h"
#include "store/volume.h"

namespace pillarbox::imap {

using runtime::Task;

namespace {

std::uint64_t recent(const store::Mailbox& mailbox, store::Snapshot& snapshot) {
    std::uint64_t count = 0;
    const store::UidSet since(mailbox.first_recent.value, store::UidSet::all().ranges().front().last);
    snapshot.entries(mailbox.id, since, [&count](const store::Entry&) {
        ++count;
        return true;
    });
    return count;
}

} // namespace

void write_status(std::string& out, std::string_view wire_name, const store::Mailbox& mailbox, const StatusItems& items,
                  store::Snapshot& snapshot) {
    out += "* STATUS ";
    out += wire_name;
    const auto item = [&out](std::string_view name, std::uint64_t value) {
        out += name;
        out += ' ';
        write_number(out, value);
    };
    out += " (";
    bool first = true;
    for (const StatusItem each : items) {
        if (!first) out += ' ';
        first = false;
        switch (each) {
        case StatusItem::messages:
            item("MESSAGES", static_cast<std::uint64_t>(mailbox.messages));
            break;
        case StatusItem::recent:
            item("RECENT", recent(mailbox, snapshot));
            break;
        case StatusItem::uidnext:
            item("UIDNEXT", mailbox.uidnext.value);
            break;
        case StatusItem::uidvalidity:
            item("UIDVALIDITY", mailbox.uidvalidity.value);
            break;
        case StatusItem::unseen:
            item("UNSEEN", static_cast<std::uint64_t>(mailbox.unseen));
            break;
        case StatusItem::deleted:
            item("DELETED", static_cast<std::uint64_t>(mailbox.deleted));
            break;
        case StatusItem::size:
            item("SIZE", static_cast<std::uint64_t>(mailbox.octets));
            break;
        }
    }
    out += ")\r\n";
}

Task<Completion> cmd_status(Session& session, Parser& args) {
    args.space();
    const std::string wire = args.mailbox();
    args.space();
    const StatusItems items = args.status_items();
    args.end();
    auto name = session.mailbox_name(wire);
    if (!name) co_return no(name.error());

    const store::AccountId account = session.account().id;
    const Session* const self = &session;
    auto look = [account, self, &items, name = *name](store::Snapshot& snapshot) {
        std::string out;
        const auto row = snapshot.mailbox(account, name);
        if (!row) return out;
        std::string wire_name;
        self->write_name(wire_name, row->name);
        write_status(out, wire_name, *row, items, snapshot);
        return out;
    };
    const std::string out = co_await session.store().volume_of(account).read(look);
    if (out.empty()) co_return no(store::StoreError::not_found);
    session.write(out);
    co_return ok("STATUS completed");
}

} // namespace pillarbox::imap
