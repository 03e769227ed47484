// Jobs CreateMailbox, DeleteMailbox, RenameMailbox, Subscribe and ClaimRecent (RFC 9051 6.3.4 to 6.3.8).
#include "store/jobs.h"
#include "store/names.h"
#include "store/table_entry.h"
#include "store/table_mailbox.h"

namespace pillarbox::store {
namespace {

constexpr std::string_view inbox = "INBOX";

Mailbox insert_mailbox(Writing& writing, AccountId account, const std::string& name, SpecialUse use) {
    Mailbox row;
    row.id = MailboxId{writing.next_id()};
    row.account = account;
    row.name = name;
    row.uidvalidity = writing.next_uidvalidity(account);
    row.uidnext = Uid{1};
    row.first_recent = Uid{1};
    row.modseq = row.listed = row.floor = writing.next_modseq(account);
    row.special_use = use;
    mailbox_table::insert(writing.db(), row);
    writing.note(Note{Note::Kind::listed, row.id, {}, 0, row.modseq});
    return row;
}

/// The levels above a name that are missing: a client expects to see them made (RFC 9051 6.3.4).
std::vector<std::string> missing_superiors(Writing& writing, AccountId account, const std::string& name) {
    std::vector<std::string> missing;
    for (auto slash = name.find('/'); slash != std::string::npos; slash = name.find('/', slash + 1)) {
        std::string superior = name.substr(0, slash);
        if (!mailbox_table::get(writing.db(), account, superior)) missing.push_back(std::move(superior));
    }
    return missing;
}

bool has_room(Writing& writing, AccountId account, std::size_t more) {
    return mailbox_table::count(writing.db(), account) + static_cast<std::int64_t>(more) <= mailboxes_per_account;
}

void rename_one(Writing& writing, const Mailbox& row, const std::string& to) {
    Mailbox& changed = writing.change_mailbox(row.id);
    changed.name = to;
    changed.listed = writing.next_modseq(row.account);
    writing.flush_mailbox(row.id);
    writing.note(Note{Note::Kind::listed, row.id, {}, 0, changed.listed});
}

/// INBOX keeps its name and loses its messages to the new mailbox, flags and all (RFC 9051 6.3.6).
void empty_inbox_into(Writing& writing, const Mailbox& source, MailboxId target) {
    writing.flush_mailbox(source.id);
    const ModSeq modseq = writing.next_modseq(source.account);
    entry_table::scan(writing.db(), source.id, 1, 0xffffffff, [&](const Entry& entry) {
        writing.note(Note{Note::Kind::gone, source.id, entry.uid, 0, modseq});
        writing.note(Note{Note::Kind::arrival, target, entry.uid, entry.flags, modseq});
        return true;
    });
    entry_table::tombstones(writing.db(), source.id, modseq, writing.now());
    entry_table::rehome(writing.db(), source.id, target, modseq);
    Mailbox& from = writing.change_mailbox(source.id);
    Mailbox& to = writing.change_mailbox(target);
    to.uidnext = from.uidnext;
    to.first_recent = from.first_recent;
    to.messages = std::exchange(from.messages, 0);
    to.unseen = std::exchange(from.unseen, 0);
    to.deleted = std::exchange(from.deleted, 0);
    to.octets = std::exchange(from.octets, 0);
    to.deleted_octets = std::exchange(from.deleted_octets, 0);
    from.modseq = to.modseq = modseq;
    writing.note(Note{Note::Kind::keywords, target});
}

} // namespace

Result<Mailbox> CreateMailbox::run(Writing& writing) {
    if (!writing.account(account)) return refused(StoreError::not_found);
    if (mailbox_table::get(writing.db(), account, name)) return refused(StoreError::exists);
    const auto superiors = missing_superiors(writing, account, name);
    if (!has_room(writing, account, superiors.size() + 1)) return refused(StoreError::limit);
    for (const std::string& superior : superiors) insert_mailbox(writing, account, superior, SpecialUse::none);
    return insert_mailbox(writing, account, name, use);
}

Result<Done> DeleteMailbox::run(Writing& writing) {
    if (name == inbox) return refused(StoreError::cannot); // RFC 9051 6.3.5
    const auto found = mailbox_table::get(writing.db(), account, name);
    if (!found) return refused(StoreError::not_found);
    const Mailbox row = *writing.mailbox(found->id);
    const ModSeq modseq = writing.next_modseq(account);
    AccountRow& owner = writing.change_account(account);
    owner.octets -= row.octets; // the undelete window is uncharged
    owner.messages -= row.messages;
    writing.change_mailbox(row.id).modseq = modseq;
    writing.drop_mailbox(row.id);
    mailbox_table::bury(writing.db(), row.id, writing.now());
    writing.note(Note{Note::Kind::mailbox_gone, row.id, {}, 0, modseq});
    return Done{};
}

Result<Done> RenameMailbox::run(Writing& writing) {
    if (to == inbox || mailbox_table::get(writing.db(), account, to)) return refused(StoreError::exists);
    const auto source = mailbox_table::get(writing.db(), account, from);
    if (to.starts_with(from + "/") && from != inbox) return refused(StoreError::cannot); // into itself
    if (from == inbox) {
        auto made = CreateMailbox{account, to, SpecialUse::none}.run(writing);
        if (!made) return refused(made.error());
        empty_inbox_into(writing, *source, made->id);
        return Done{};
    }
    std::vector<Mailbox> inferiors;
    for (const Mailbox& row : mailbox_table::all(writing.db(), account))
        if (row.name.starts_with(from + "/")) inferiors.push_back(row);
    if (!source && inferiors.empty()) return refused(StoreError::not_found);
    for (const Mailbox& row : inferiors) {
        const std::string name = to + row.name.substr(from.size());
        if (!mailbox_name(name)) return refused(StoreError::bad_name); // too long or too deep there
        if (mailbox_table::get(writing.db(), account, name)) return refused(StoreError::exists);
    }

    const auto superiors = missing_superiors(writing, account, to);
    if (!has_room(writing, account, superiors.size())) return refused(StoreError::limit);
    for (const std::string& superior : superiors) insert_mailbox(writing, account, superior, SpecialUse::none);
    if (source) rename_one(writing, *source, to);
    for (const Mailbox& row : inferiors) rename_one(writing, row, to + row.name.substr(from.size()));
    return Done{};
}

Result<Done> Subscribe::run(Writing& writing) {
    if (on) {
        subscription_table::add(writing.db(), account, name);
    } else {
        subscription_table::remove(writing.db(), account, name);
    }
    return Done{};
}

Result<Uid> ClaimRecent::run(Writing& writing) {
    const Mailbox* row = writing.mailbox(mailbox);
    if (!row) return refused(StoreError::mailbox_gone);
    const Uid first = row->first_recent;
    if (first < row->uidnext) {
        Mailbox& changed = writing.change_mailbox(mailbox);
        changed.first_recent = changed.uidnext;
    }
    return first;
}

} // namespace pillarbox::store
