// Which names accounts, mailboxes and domains may have, and how they are written in the store.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pillarbox::store {

namespace limits {
constexpr std::size_t account_name = 64;                 // RFC 5321 4.5.3.1.1: octets of a local part
constexpr std::size_t mailbox_name = 1000;               // octets in UTF-8
constexpr std::size_t mailbox_levels = 32;               // parted by "/"
constexpr std::size_t domain_name = 253, dns_label = 63; // RFC 1035 2.3.4, without the root's dot
} // namespace limits

/// ASCII letters in lower case; everything else as it is.
std::string lower(std::string_view text);

/// An account's name in lower case: [a-z0-9._-]+, a local part that needs no quotes (RFC 5321 4.1.2 Dot-string) and no
/// "-" in front. std::nullopt when it may not be one.
std::optional<std::string> account_name(std::string_view name);

/// A mailbox's name as the store keeps it: NFC (RFC 9051 5.1, Net-Unicode), the first level INBOX in capitals.
/// std::nullopt when it is not UTF-8, has a control character, an empty level, or passes a limit.
std::optional<std::string> mailbox_name(std::string_view name);

/// A domain in lower case A-labels (RFC 5890 2.3.2.1). std::nullopt when it is none.
std::optional<std::string> domain_name(std::string_view name);

} // namespace pillarbox::store
