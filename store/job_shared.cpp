// What several jobs do alike: store a message, add and drop entries, count, thread, name keywords.
#include "store/db.h"
#include "store/jobs.h"
#include "store/table_entry.h"
#include "store/table_mailbox.h"
#include "store/table_message.h"

#include <algorithm>
#include <bit>

namespace pillarbox::store {
namespace {

constexpr std::size_t threads_looked_up = 20; // references beyond the last ones add nothing

/// FNV-1a, 64 bits: the key of thread_key. Collisions join two threads of one account, no more.
std::int64_t hash_of(std::string_view message_id) {
    std::uint64_t hash = 14695981039346656037ULL;
    for (const char c : message_id) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    return static_cast<std::int64_t>(hash);
}

void count(Mailbox& row, Flags flags, std::int64_t size, int sign) {
    row.messages += sign;
    row.octets += sign * size;
    if (!(flags & flag::seen)) row.unseen += sign;
    if (!(flags & flag::deleted)) return;
    row.deleted += sign;
    row.deleted_octets += sign * size;
}

} // namespace

MessageId store_message(Writing& writing, Prepared& prepared, std::int64_t refs, std::string_view origin) {
    const message::ParsedMessage& parsed = prepared.parsed;
    const MessageId id{writing.next_id()};
    MessageRow row;
    row.id = id;
    row.size = static_cast<std::int64_t>(parsed.size);
    row.header_size = static_cast<std::int64_t>(parsed.header_size);
    row.received = writing.now();
    row.refs = refs;
    if (prepared.file) row.file = prepared.file->name();
    row.digest = std::string_view(reinterpret_cast<const char*>(parsed.digest.data()), parsed.digest.size());
    row.origin = origin;
    message_table::insert(writing.db(), row);
    header_table::insert(writing.db(), id, parsed.header, parsed.structure, parsed.preview);
    if (!prepared.file) body_table::insert(writing.db(), id, prepared.body);
    return id;
}

Uid add_entry(Writing& writing, MailboxId mailbox, const NewEntry& added) {
    Mailbox& row = writing.change_mailbox(mailbox);
    Entry entry;
    entry.uid = row.uidnext;
    entry.message = added.message;
    entry.flags = added.flags;
    entry.modseq = writing.next_modseq(row.account);
    entry.size = added.size + static_cast<std::int64_t>(added.prefix.size());
    entry.internal_date = added.internal_date;
    entry.save_date = writing.now();
    entry_table::insert(writing.db(), mailbox, entry);
    if (!added.envelope.empty())
        envelope_table::insert(writing.db(), mailbox,
                               EnvelopeRow{entry.uid, added.email, added.thread, added.prefix, added.envelope});
    ++row.uidnext.value;
    row.modseq = entry.modseq;
    count(row, entry.flags, entry.size, +1);
    AccountRow& account = writing.change_account(row.account);
    account.octets += entry.size;
    ++account.messages;
    writing.note(Note{Note::Kind::arrival, mailbox, entry.uid, entry.flags, entry.modseq});
    return entry.uid;
}

void drop_entry(Writing& writing, MailboxId mailbox, const Entry& entry, std::int64_t undelete_seconds) {
    Mailbox& row = writing.change_mailbox(mailbox);
    const ModSeq modseq = writing.next_modseq(row.account);
    const EmailId email = envelope_table::email(writing.db(), mailbox, entry.uid);
    entry_table::remove(writing.db(), mailbox, entry.uid);
    const bool keep = undelete_seconds > 0;
    const std::int64_t kept = keep ? writing.now() : -writing.now();
    expunged_table::insert(writing.db(), mailbox, modseq, entry.uid, email, entry.message, kept);
    if (!keep) unref_table::add(writing.db(), entry.message);
    row.modseq = modseq;
    count(row, entry.flags, entry.size, -1);
    AccountRow& account = writing.change_account(row.account);
    account.octets -= entry.size;
    --account.messages;
    writing.note(Note{Note::Kind::gone, mailbox, entry.uid, 0, modseq});
}

ThreadId thread_of(Writing& writing, AccountId account, const message::ParsedMessage& parsed, EmailId email) {
    std::vector<std::string_view> ids(parsed.references.begin(), parsed.references.end());
    ids.insert(ids.end(), parsed.in_reply_to.begin(), parsed.in_reply_to.end());
    if (!parsed.message_id.empty()) ids.push_back(parsed.message_id);
    if (ids.size() > threads_looked_up) ids.erase(ids.begin(), ids.end() - threads_looked_up);

    std::optional<ThreadId> thread;
    for (const auto id : ids) {
        thread = thread_table::get(writing.db(), account, hash_of(id));
        if (thread) break;
    }
    if (!thread) thread = ThreadId{email.value};
    for (const auto id : ids) thread_table::add(writing.db(), account, hash_of(id), *thread);
    return *thread;
}

namespace {

/// Frees the slots that no entry uses (DESIGN 4, keyword), but for those that are just being given out.
void free_slots(Writing& writing, MailboxId mailbox, Keywords& keywords, Flags given) {
    const Flags used = entry_table::flags_in_use(writing.db(), mailbox) | given;
    for (std::size_t slot = 0; slot < keywords.names.size(); ++slot) {
        if (keywords.names[slot].empty() || used >> (slot + flag::first_keyword) & 1) continue;
        keyword_table::remove(writing.db(), mailbox, static_cast<int>(slot));
        keywords.names[slot].clear();
    }
}

std::optional<std::size_t> free_slot(const Keywords& keywords) {
    const auto it = std::find(keywords.names.begin(), keywords.names.end(), std::string());
    const auto slot = static_cast<std::size_t>(it - keywords.names.begin());
    if (slot < flag::keyword_slots) return slot;
    return std::nullopt;
}

/// The bit of a keyword, taking a slot when it has none yet; 0: the table is full.
/// @param given  bits that the same change has been given, though no entry has them yet
Flags keyword_bit(Writing& writing, MailboxId mailbox, Keywords& keywords, const std::string& name, Flags given) {
    if (const Flags bit = keywords.bit(name)) return bit;
    auto slot = free_slot(keywords);
    if (!slot) {
        free_slots(writing, mailbox, keywords, given);
        slot = free_slot(keywords);
    }
    if (!slot) return 0;
    keyword_table::set(writing.db(), mailbox, static_cast<int>(*slot), name);
    if (keywords.names.size() <= *slot) keywords.names.resize(*slot + 1);
    keywords.names[*slot] = name;
    writing.note(Note{Note::Kind::keywords, mailbox});
    return keywords.bit(name);
}

} // namespace

Result<Flags> flag_bits(Writing& writing, MailboxId mailbox, const FlagChange& change) {
    Flags bits = change.system & flag::system;
    if (change.keywords.empty()) return bits;
    Keywords keywords = keyword_table::get(writing.db(), mailbox);
    for (const std::string& name : change.keywords) {
        if (change.mode == FlagMode::remove) {
            bits |= keywords.bit(name);
            continue;
        }
        const Flags bit = keyword_bit(writing, mailbox, keywords, name, bits);
        if (bit == 0) return refused(StoreError::limit);
        bits |= bit;
    }
    return bits;
}

Result<Done> charge_allowed(Writing& writing, AccountId account, const Limits& limits, std::int64_t octets,
                            std::int64_t messages) {
    const AccountRow* row = writing.account(account);
    if (!row) return refused(StoreError::not_found);
    if (limits.octets > 0 && row->octets + row->reserved + octets > limits.octets)
        return refused(StoreError::over_quota);
    if (limits.messages > 0 && row->messages + messages > limits.messages) return refused(StoreError::over_quota);
    return Done{};
}

Result<MailboxId> mailbox_for_delivery(Writing& writing, AccountId account, const std::string& name) {
    if (const auto row = mailbox_table::get(writing.db(), account, name)) return row->id;
    auto created = CreateMailbox{account, name, SpecialUse::none}.run(writing);
    if (!created) return refused(created.error());
    return created->id;
}

} // namespace pillarbox::store
