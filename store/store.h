// The mailstore as the rest of the house sees it: accounts, mailboxes, messages, the spool. It speaks mail, not rows.
#pragma once

#include "appliance/runtime/pool.h"
#include "appliance/runtime/task.h"
#include "store/directory.h"
#include "store/failure.h"
#include "store/incoming.h"
#include "store/spool.h"
#include "store/view.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pillarbox::store {

class Volume;

struct StoreSettings {
    std::string folder;        // the data folder: site.db, volume-1/
    Limits enroll{1 << 30, 0}; // defaults of enroll
    std::int64_t undelete_days = 7;
    std::uint64_t floor_octets = 0;    // 0: min(max(256 MiB, 1 %), 2 GiB) free; tests set it
    std::uint32_t iterations = 15'000; // of new passwords (RFC 7677 4)
};

/// Figures for the status page.
struct StoreStatus {
    std::size_t accounts = 0;
    std::uint64_t free_octets = 0, floor_octets = 0;
    bool accepting = true; // false below the floor or with a volume closed
    std::string trouble;   // in words; "" when all is well
    std::size_t spool_length = 0;
    std::uint64_t accepted = 0, delivered = 0, commits = 0;
    double last_commit_ms = 0;
};

/// What accept() hands back.
struct Accepted {
    SpoolId spool;                    // 0 when delivered directly
    std::vector<Delivered> delivered; // as the direct deliveries
};

class Store {
public:
    /// Makes a new, empty store, and its folder where that is missing. Throws StoreFailure when the folder already
    /// holds one, cannot be written, or the domain is none.
    static void create(const std::string& folder, const std::string& domain);
    /// Opens, locks and recovers a store. Throws StoreFailure: not there, held by another process (named by pid),
    /// owned by another user, written by a newer version, damaged.
    Store(const StoreSettings& settings, runtime::Pool& pool);
    /// Finishes what is queued, then closes.
    ~Store();
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;

    // -- who is here
    std::shared_ptr<const Directory> directory() const;
    /// Makes an account with INBOX and the special-use mailboxes. Errors: exists, bad_name, cannot (a password that may
    /// not be one, see may_be_password()), no_space, unavailable.
    runtime::Task<Result<Account>> enroll(std::string name, std::string password, std::optional<Limits> limits);
    /// Takes an account and its mail away; nobody logs in or gets mail from the first moment on. Errors: not_found,
    /// no_space, unavailable (the next start then finishes it).
    runtime::Task<Result<Done>> remove(std::string name);
    /// Log-ins by the old password count no more. Errors: not_found, cannot (as above), no_space, unavailable.
    runtime::Task<Result<Done>> set_password(std::string name, std::string password);
    /// The account when the password is right and it is active. Unknown user and wrong password look and cost the same.
    runtime::Task<std::optional<Account>> authenticate(std::string name, std::string password);
    Usage usage(AccountId account) const; // from memory, as of the last commit
    /// Whether a message of that many octets may be accepted for the account now: over_quota, no_space, unavailable.
    /// Octets may be 0 when the sender did not say.
    Result<Done> may_receive(const Account& account, std::uint64_t octets) const;

    // -- mail in
    std::string new_transaction_id(); // short, unique for ever, fit for Received and the log
    Incoming incoming(const Account& first_recipient);
    /// Spools a message after its finish(). Resumes after COMMIT: what was accepted survives kill -9 and power loss.
    /// Errors: no_space, unavailable.
    runtime::Task<Result<Accepted>> accept(Incoming message, std::shared_ptr<const SpoolEnvelope> envelope,
                                           std::vector<Delivery> direct = {}); // as Spool::accept
    Spool& spool();

    // -- mailboxes of an account; names in any spelling that mailbox_name() takes

    /// Errors: not_found.
    runtime::Task<Result<Opened>> open(AccountId reader, std::string name, bool writable);
    /// Errors: bad_name, exists, limit, no_space, unavailable.
    runtime::Task<Result<Mailbox>> create_mailbox(AccountId account, std::string name,
                                                  SpecialUse use = SpecialUse::none);
    /// Errors: not_found, cannot (INBOX), no_space, unavailable.
    runtime::Task<Result<Done>> delete_mailbox(AccountId account, std::string name);
    /// Inferior names follow; renaming INBOX moves its messages into a new mailbox (RFC 9051 6.3.6).
    /// Errors: bad_name, not_found, exists, cannot, limit, no_space, unavailable.
    runtime::Task<Result<Done>> rename_mailbox(AccountId account, std::string from, std::string to);
    /// The mailbox need not exist (RFC 9051 6.3.7). Errors: bad_name, no_space, unavailable.
    runtime::Task<Result<Done>> subscribe(AccountId account, std::string name, bool on);
    /// Stores a message after its finish(). Errors: not_found, over_quota, limit, no_space, unavailable.
    runtime::Task<Result<Appended>> append(AccountId account, std::string mailbox, Incoming message, FlagChange flags,
                                           std::int64_t internal_date);
    Volume& volume_of(AccountId account);

    StoreStatus status() const;

    struct Impl;

private:
    std::unique_ptr<Impl> impl_;
};

} // namespace pillarbox::store
