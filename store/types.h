// The nouns of the mailstore: ids that do not mix, flags, refusals.
#pragma once

#include "appliance/runtime/result.h"

#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace pillarbox::store {

/// A number that means one thing: ids of different kinds do not mix.
template <class Tag, class Rep>
struct Id {
    Rep value{};
    auto operator<=>(const Id&) const = default;
};

// Account, mailbox, message, spool entry and email ids are birth << 40 | counter and never repeat (DESIGN 4).
using AccountId = Id<struct AccountTag, std::int64_t>;
using MailboxId = Id<struct MailboxTag, std::int64_t>;
using MessageId = Id<struct MessageTag, std::int64_t>; // the stored octets, shared by all copies
using EmailId = Id<struct EmailTag, std::int64_t>;     // EMAILID (RFC 8474): one delivery, kept by COPY and MOVE
using ThreadId = Id<struct ThreadTag, std::int64_t>;
using SpoolId = Id<struct SpoolTag, std::int64_t>;
using VolumeId = Id<struct VolumeTag, std::uint32_t>;
using Uid = Id<struct UidTag, std::uint32_t>;                 // never 0: RFC 9051 2.3.1.1
using UidValidity = Id<struct UidValidityTag, std::uint32_t>; // never 0
using ModSeq = Id<struct ModSeqTag, std::uint64_t>;           // 63 bits: RFC 7162 3.1; one counter per account

/// What a well-behaved client can meet.
enum class StoreError : std::uint8_t {
    not_found,    // no such account, mailbox or message
    exists,       // the name is taken
    bad_name,     // not a name a mailbox or account may have
    cannot,       // the operation makes no sense here (DELETE INBOX)
    read_only,    // opened by EXAMINE, or no right to change
    mailbox_gone, // deleted by another session
    over_quota,
    no_space,     // the volume is below its floor or the disk is full: try again later
    too_large,    // the message, its header or a name exceeds its limit
    limit,        // a count is exhausted: keywords of a mailbox, mailboxes of an account
    has_children, // RFC 5530 HASCHILDREN
    unavailable   // the volume is closed after a failure
};
std::string_view to_string(StoreError error);

template <class T>
using Result = runtime::Result<T, StoreError>;
using runtime::Done;
using runtime::refused;

/// Flags of an entry: bits 0-7 are system flags, bits 8-62 keyword slots of the mailbox.
using Flags = std::uint64_t;
namespace flag {
constexpr Flags seen = 1, answered = 2, flagged = 4, deleted = 8, draft = 16;
constexpr Flags system = 0xff;
constexpr int first_keyword = 8, keyword_slots = 55;
} // namespace flag

/// The keywords of a mailbox, by slot (bit - flag::first_keyword); "" is a free slot. Immutable once shared.
struct Keywords {
    std::vector<std::string> names;
    /// The bit of a keyword (case-insensitive), 0 when the mailbox does not know it.
    Flags bit(std::string_view name) const;
};

enum class FlagMode : std::uint8_t { add, remove, replace };

/// What STORE asks for. Keywords go by name: slots are the mailbox's business.
struct FlagChange {
    FlagMode mode = FlagMode::add;
    Flags system = 0;
    std::vector<std::string> keywords;
};

/// SPECIAL-USE attributes (RFC 6154) of a mailbox.
enum class SpecialUse : std::uint8_t { none, drafts, sent, junk, trash, archive };
std::string_view to_string(SpecialUse use); // "\\Drafts"; "" for none

} // namespace pillarbox::store

template <class Tag, class Rep>
struct std::hash<pillarbox::store::Id<Tag, Rep>> {
    std::size_t operator()(const pillarbox::store::Id<Tag, Rep>& id) const noexcept {
        return std::hash<Rep>{}(id.value);
    }
};
