// The durable spool: what was accepted and not yet delivered. The rows are in mail.db; this is their queue in memory.
#pragma once

#include "appliance/runtime/task.h"
#include "store/types.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pillarbox::store {

class Db;
class Volume;
struct Prepared;

/// An envelope recipient as accepted.
struct SpoolRecipient {
    std::string address; // as given in RCPT, without <>
    AccountId account;   // local: whose; value 0: remote
    std::string orcpt;   // RFC 3461; "" none
    std::uint8_t notify = 0;
};

/// What comes with a message into the spool.
struct SpoolEnvelope {
    std::string sender; // "" is the null reverse-path
    std::vector<SpoolRecipient> recipients;
    std::string transaction; // id of the transaction, as in Received and the log
    std::string origin;      // versioned blob: client, HELO, TLS, AUTH (see smtp/)
    std::string envid;
    std::uint8_t ret = 0;
    std::uint32_t flags = 0; // 8BITMIME, SMTPUTF8, REQUIRETLS bits
};

/// One recipient a worker has claimed. The row stays until delivery removes it, so a crash only delivers it again.
struct Claimed {
    SpoolId spool;
    std::uint32_t n = 0; // recipient number within the entry
    MessageId message;
    std::shared_ptr<const Prepared> prepared; // nullptr after a restart: the message is read from the store
    std::shared_ptr<const SpoolEnvelope> envelope;
    const SpoolRecipient& recipient() const { return envelope->recipients[n]; }
    std::uint32_t tries = 0;
};

/// Where a delivery goes and what is put before the header.
struct Delivery {
    Claimed claim;
    AccountId account;
    std::string mailbox = "INBOX"; // created when it does not exist
    std::string prefix;            // Return-Path, Delivered-To: header lines with CRLF, at most 2 KiB
    Flags flags = 0;
};

struct Delivered {
    MailboxId mailbox;
    std::string name; // of the mailbox
    UidValidity uidvalidity;
    Uid uid;
    EmailId email;
};

/// The spool of one volume. Thread-safe.
class Spool {
public:
    explicit Spool(Volume& volume);
    ~Spool();

    struct Entry {
        SpoolId spool; // 0 when delivered directly
        MessageId message;
        std::vector<Delivered> delivered; // as the direct deliveries; empty when spooled
    };
    /// Spools a finished message and queues its recipients; resumes after COMMIT. Errors: no_space, unavailable.
    /// @param direct  one for each recipient when nothing has to run before delivery: done in the same transaction
    ///                (DESIGN 2.3). Where one of them is refused, the message is spooled instead.
    runtime::Task<Result<Entry>> accept(std::shared_ptr<Prepared> message,
                                        std::shared_ptr<const SpoolEnvelope> envelope,
                                        std::vector<Delivery> direct = {});

    /// Waits until recipients are due and takes at most that many. Empty once stop() was called.
    runtime::Task<std::vector<Claimed>> claim(std::size_t most);
    /// Delivers each in one transaction: entry, envelope, counters, quota, removal of the recipient's row. All are
    /// posted before the first is waited for; results in the order given.
    /// Errors: not_found (account gone, or delivered before), no_space, unavailable. What failed is still claimed.
    runtime::Task<std::vector<Result<Delivered>>> deliver(std::vector<Delivery> deliveries);
    /// Gives a claim back: tried again after that many seconds, with the reason kept in its row.
    runtime::Task<void> retry_later(Claimed claim, std::int64_t seconds, std::string reason);
    /// Takes a recipient out that nothing can be delivered to any more.
    runtime::Task<void> discard(Claimed claim);

    /// Recipients not yet delivered, claimed ones included.
    std::size_t length() const;
    /// Recipients delivered to since the start.
    std::uint64_t delivered() const;
    /// Lets every claim() return empty.
    void stop();

    /// At start: queues what the rows hold.
    void load(Db& db);
    /// Now and then: queues what was put off and is due.
    void release_due();

    struct Impl;

private:
    Volume& volume_;
    std::unique_ptr<Impl> impl_;
};

} // namespace pillarbox::store
