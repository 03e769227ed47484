// An address of the envelope (RFC 5321 4.1.2, Mailbox), and the sender's form of it, which may be null.
#pragma once

#include <string>

namespace pillarbox::smtp {

/// A mailbox name as SMTP carries it. Both parts empty: the null reverse-path `<>`. Only the domain empty: a local part
/// alone, which RFC 5321 4.1.1.3 allows for postmaster.
struct Address {
    std::string local_part; // what it means: quotes and backslashes taken off; case kept
    std::string domain;     // as given; an address literal keeps its brackets

    bool null() const noexcept { return local_part.empty() && domain.empty(); }
    /// `local@domain` with the least quoting that works (RFC 5321 4.1.2); "" for the null path.
    std::string text() const;
    bool operator==(const Address&) const = default;
};

} // namespace pillarbox::smtp
