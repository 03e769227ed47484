// The rows of mail.db as the rest of the house sees them.
#pragma once

#include "store/types.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace pillarbox::store {

/// A mailbox and its counters, as one snapshot saw them.
struct Mailbox {
    MailboxId id;
    AccountId account;
    std::string name; // UTF-8, levels parted by "/"; INBOX in capitals
    UidValidity uidvalidity;
    Uid uidnext;
    ModSeq modseq; // of its last change
    ModSeq listed; // of create, rename, subscribe
    ModSeq floor;  // last pruned tombstone: QRESYNC below it names every missing UID
    Uid first_recent;
    std::int64_t messages = 0, unseen = 0, deleted = 0;
    std::int64_t octets = 0, deleted_octets = 0;
    SpecialUse special_use = SpecialUse::none;
};

/// A message in a mailbox.
struct Entry {
    Uid uid;
    MessageId message;
    Flags flags = 0;
    ModSeq modseq;
    std::int64_t size = 0;          // prefix + message: RFC822.SIZE
    std::int64_t internal_date = 0; // unix seconds
    std::int64_t save_date = 0;     // unix seconds (RFC 8514)
};

/// The envelope row of an entry. Views hold until the statement steps on.
struct EnvelopeRow {
    Uid uid;
    EmailId email;
    ThreadId thread;
    std::string_view prefix; // header lines of this one delivery, shown before the stored header
    std::string_view data;   // message::Envelope, encoded
};

/// The header row of a message. Views hold until the next read of the same snapshot.
struct HeaderRow {
    std::string_view data;      // the whole header, byte-exact, with the empty line
    std::string_view structure; // message::Structure, encoded; offsets count from the first octet after the header
    std::string_view preview;
};

/// Octets and messages of an account. reserved: accepted, not yet delivered.
struct Usage {
    std::int64_t octets = 0, messages = 0, reserved = 0;
};

} // namespace pillarbox::store
