// The jobs of mail.db: everything that changes it. One room each (job_*.cpp).
#pragma once

#include "store/directory.h"
#include "store/prepared.h"
#include "store/rows.h"
#include "store/spool.h"
#include "store/view.h"
#include "store/writing.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pillarbox::store {

// -- job_account.cpp

/// Gives an account its counters, INBOX and the special-use mailboxes, all subscribed. Done already: no change.
struct CreateAccount {
    using Value = Done;
    AccountId account;
    Result<Value> run(Writing& writing);
};

/// Buries all mailboxes of an account and removes its counters; the collector empties them. Done already: no change.
struct RemoveAccount {
    using Value = Done;
    AccountId account;
    Result<Value> run(Writing& writing);
};

// -- job_mailbox.cpp; names are checked and INBOX is in capitals before they get here

/// Makes a mailbox and the superiors it lacks (RFC 9051 6.3.4). Errors: exists, limit.
struct CreateMailbox {
    using Value = Mailbox;
    AccountId account;
    std::string name;
    SpecialUse use = SpecialUse::none;
    Result<Value> run(Writing& writing);
};

/// Errors: not_found, cannot (INBOX).
struct DeleteMailbox {
    using Value = Done;
    AccountId account;
    std::string name;
    Result<Value> run(Writing& writing);
};

/// Inferiors follow; INBOX gives its messages away and stays (RFC 9051 6.3.6). Errors: not_found, exists, bad_name.
struct RenameMailbox {
    using Value = Done;
    AccountId account;
    std::string from, to;
    Result<Value> run(Writing& writing);
};

struct Subscribe {
    using Value = Done;
    AccountId account;
    std::string name;
    bool on = true;
    Result<Value> run(Writing& writing);
};

/// Takes \Recent: messages from the UID it yields on are recent to the caller alone (RFC 3501 2.3.2).
struct ClaimRecent {
    using Value = Uid;
    MailboxId mailbox;
    Result<Value> run(Writing& writing);
};

// -- job_accept.cpp

/// Spools a message: message, header, body, spool rows and reservation, in one transaction (DESIGN 2.2). With direct
/// deliveries, one for each recipient, these take the place of spool rows and reservation: one commit in all (2.3).
/// Errors: those of delivery, only with direct ones.
struct Accept {
    struct Value {
        SpoolId spool; // 0 when delivered directly
        MessageId message;
        std::vector<Delivered> delivered; // as direct
    };
    std::shared_ptr<Prepared> message;
    std::shared_ptr<const SpoolEnvelope> envelope;
    std::vector<Delivery> direct;
    Result<Value> run(Writing& writing);
    std::size_t octets() const noexcept { return message->octets(); }
    void committed() noexcept { message->keep(); }
};

// -- job_deliver.cpp

/// Delivers to one mailbox and takes the recipient out of the spool. Errors: not_found (delivered already, no account).
struct Deliver {
    using Value = Delivered;
    Delivery delivery;
    Result<Value> run(Writing& writing);
    std::size_t octets() const noexcept { return 1024; }
};

/// Puts a recipient off.
struct Postpone {
    using Value = Done;
    SpoolId spool;
    std::uint32_t n;
    std::int64_t next_try; // unix seconds
    std::string reason;
    Result<Value> run(Writing& writing);
};

/// Takes a recipient out of the spool undelivered and releases the message. Errors: not_found.
struct Discard {
    using Value = Done;
    SpoolId spool;
    std::uint32_t n;
    MessageId message;
    Result<Value> run(Writing& writing);
};

// -- job_append.cpp

/// Errors: not_found, over_quota, limit.
struct Append {
    using Value = Appended;
    AccountId account;
    std::string mailbox;
    std::shared_ptr<Prepared> message;
    FlagChange flags;
    std::int64_t internal_date = 0; // unix seconds
    Limits limits;
    Result<Value> run(Writing& writing);
    std::size_t octets() const noexcept { return message->octets(); }
    void committed() noexcept { message->keep(); }
};

// -- job_flags.cpp

/// One slice: at most `flag_slice` messages of the set, from its start. Errors: mailbox_gone, limit.
struct ChangeFlags {
    struct Value {
        FlagsChanged changed;
        UidSet rest; // not yet done
    };
    MailboxId mailbox;
    UidSet uids;
    FlagChange change;
    std::optional<ModSeq> unchanged_since;
    Result<Value> run(Writing& writing);
};

// -- job_copy.cpp

/// Errors: mailbox_gone, not_found (target), over_quota, limit.
struct Copy {
    using Value = Copied;
    MailboxId source, target;
    UidSet uids;
    bool move = false;
    Limits limits; // of the target's account
    Result<Value> run(Writing& writing);
};

// -- job_expunge.cpp

/// One slice of the messages of the set that have \Deleted. Errors: mailbox_gone.
struct Expunge {
    struct Value {
        Expunged expunged;
        UidSet rest;
    };
    MailboxId mailbox;
    UidSet uids;
    std::int64_t undelete_seconds = 0;
    Result<Value> run(Writing& writing);
};

// -- shared by jobs (job_shared.cpp)

constexpr std::size_t slice_rows = 50'000; // STORE and EXPUNGE above it run in slices (DESIGN 4)
constexpr std::int64_t mailboxes_per_account = 10'000;

/// Stores the octets of a message with that many references; yields its id.
MessageId store_message(Writing& writing, Prepared& message, std::int64_t refs, std::string_view origin);
/// Puts a delivery of a stored message into its mailbox, made when missing. Errors: not_found (account), bad_name,
/// limit.
Result<Delivered> deliver_entry(Writing& writing, const Delivery& delivery, MessageId message,
                                const message::ParsedMessage& parsed);
/// What a new entry is made of.
struct NewEntry {
    MessageId message;
    std::int64_t size = 0; // of the stored message; the prefix comes on top
    Flags flags = 0;
    std::int64_t internal_date = 0;
    std::string_view prefix;
    std::string_view envelope;
    EmailId email;
    ThreadId thread;
};
/// Adds it to a mailbox: entry, envelope, counters, quota, note. The mailbox must exist.
Uid add_entry(Writing& writing, MailboxId mailbox, const NewEntry& entry);
/// Takes an entry away: rows, counters, quota, note; its tombstone keeps the reference, or with
/// undelete_seconds 0 releases it.
void drop_entry(Writing& writing, MailboxId mailbox, const Entry& entry, std::int64_t undelete_seconds);
/// The thread a message belongs to, by its Message-ID and References; a new one is named after the email.
ThreadId thread_of(Writing& writing, AccountId account, const message::ParsedMessage& parsed, EmailId email);
/// The bits of a change in that mailbox, giving slots to new keywords. Errors: limit.
Result<Flags> flag_bits(Writing& writing, MailboxId mailbox, const FlagChange& change);
/// over_quota when the account cannot take that much more.
Result<Done> charge_allowed(Writing& writing, AccountId account, const Limits& limits, std::int64_t octets,
                            std::int64_t messages);
/// The mailbox of that name, made (with superiors) when it does not exist.
Result<MailboxId> mailbox_for_delivery(Writing& writing, AccountId account, const std::string& name);

} // namespace pillarbox::store
