// Reading: one consistent look at a volume, on a pool thread, for at most about 20 ms.
#pragma once

#include "store/rows.h"
#include "store/uid_set.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pillarbox::store {

class Db;
class BodyFolder;

/// A header row with its octets.
struct StoredHeader {
    std::string data, structure, preview;
};

/// The stored octets after a message's header. Reads ranges; a compressed body is unpacked frame by frame.
/// Valid while its Snapshot lives.
class BodyReader {
public:
    virtual ~BodyReader() = default;
    virtual std::uint64_t size() const = 0;
    /// Appends octets [offset, offset + length), clipped to the body, to out. Throws message::BlobError when
    /// what is stored is damaged, std::system_error when it cannot be read.
    virtual void read(std::uint64_t offset, std::uint64_t length, std::string& out) const = 0;
};

/// A read transaction on one volume. Handed to the function given to Volume::read(); page long work and come again:
/// `expired()` says when the 20 ms are over.
class Snapshot {
public:
    Snapshot(Db& db, BodyFolder& bodies);
    ~Snapshot();
    bool expired() const;

    std::optional<Mailbox> mailbox(MailboxId id);
    std::optional<Mailbox> mailbox(AccountId account, std::string_view name); // INBOX in any case
    /// All mailboxes of an account that exist, by name.
    std::vector<Mailbox> mailboxes(AccountId account);
    std::vector<std::string> subscriptions(AccountId account);
    Keywords keywords(MailboxId mailbox);
    std::optional<Usage> usage(AccountId account);

    /// Entries of the set, ascending; the function returns false to stop.
    void entries(MailboxId mailbox, const UidSet& uids, const std::function<bool(const Entry&)>& each);
    /// Envelope rows of the set, ascending.
    void envelopes(MailboxId mailbox, const UidSet& uids, const std::function<bool(const EnvelopeRow&)>& each);
    std::optional<Entry> entry(MailboxId mailbox, Uid uid);
    /// The prefix of one entry ("" when it has none).
    std::string prefix(MailboxId mailbox, Uid uid);
    std::optional<HeaderRow> header(MessageId message);
    std::unique_ptr<BodyReader> body(MessageId message);
    /// Lowest UID without \Seen; Uid{0} when all are seen.
    Uid first_unseen(MailboxId mailbox);
    /// UIDs expunged after that modseq; meaningful while since >= mailbox.floor.
    UidSet expunged_since(MailboxId mailbox, ModSeq since);

    Db& db() noexcept { return db_; } // for the rooms of store/ only

private:
    Db& db_;
    BodyFolder& bodies_;
    std::int64_t until_ns_;
    std::optional<StoredHeader> header_buffer_;
};

} // namespace pillarbox::store
