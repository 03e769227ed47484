// Address lists of header fields, as the IMAP envelope shows them (RFC 5322 3.4 and 4.4, RFC 9051 7.5.2).
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pillarbox::message {

/// How many entries of one field are read; what follows is left out.
inline constexpr std::size_t max_addresses = 10'000;

/// One address, or a group marker: a group begins with an entry that has a mailbox (the group's name) but no host, and
/// ends with one that has nothing at all. Quoting is removed, encoded words (RFC 2047) are left as they are.
/// An address whose text lacks a mailbox or a host has an empty string there, since NIL would make it a marker.
struct Address {
    std::optional<std::string> name;    ///< display name, or the comment of `a@b (Name)`
    std::optional<std::string> adl;     ///< source route of RFC 822, like `@a,@b`
    std::optional<std::string> mailbox; ///< local part
    std::optional<std::string> host;    ///< domain, or domain literal with its brackets

    bool starts_group() const { return mailbox && !host; }
    bool ends_group() const { return !mailbox && !host; }
    bool operator==(const Address&) const = default;
};

/// Reads an address list. Never fails: what is no address is read as well as it can be.
/// @param value  a raw field value, folding and all
/// @param limit  at most so many entries, markers included; an open group is always closed by one more
std::vector<Address> parse_addresses(std::string_view value, std::size_t limit = max_addresses);

} // namespace pillarbox::message
