// Jobs CreateAccount and RemoveAccount: an account's part of its volume.
#include "store/jobs.h"
#include "store/table_account.h"
#include "store/table_mailbox.h"

#include <array>

namespace pillarbox::store {
namespace {

struct Standard {
    const char* name;
    SpecialUse use;
};
constexpr std::array<Standard, 6> standard_mailboxes = {{{"INBOX", SpecialUse::none},
                                                         {"Drafts", SpecialUse::drafts},
                                                         {"Sent", SpecialUse::sent},
                                                         {"Junk", SpecialUse::junk},
                                                         {"Trash", SpecialUse::trash},
                                                         {"Archive", SpecialUse::archive}}};

} // namespace

Result<Done> CreateAccount::run(Writing& writing) {
    if (writing.account(account)) return Done{}; // a repeat after a crash
    AccountRow row;
    row.id = account;
    account_table::insert(writing.db(), row);
    for (const Standard& each : standard_mailboxes) {
        const auto made = CreateMailbox{account, each.name, each.use}.run(writing);
        if (!made) return refused(made.error());
        subscription_table::add(writing.db(), account, each.name);
    }
    return Done{};
}

Result<Done> RemoveAccount::run(Writing& writing) {
    if (!writing.account(account)) return Done{};
    for (const Mailbox& row : mailbox_table::all(writing.db(), account)) {
        mailbox_table::bury(writing.db(), row.id, writing.now());
        writing.drop_mailbox(row.id);
        writing.note(Note{Note::Kind::mailbox_gone, row.id, {}, 0, row.modseq});
    }
    for (const std::string& name : subscription_table::all(writing.db(), account))
        subscription_table::remove(writing.db(), account, name);
    writing.drop_account(account);
    account_table::remove(writing.db(), account);
    return Done{};
}

} // namespace pillarbox::store
