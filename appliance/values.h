// The words that values of settings are written in: sizes, numbers, choices, addresses to listen on.
//
// Each function takes the text as it stands in the file, without blanks around it, and throws BadValue.
#pragma once

#include "appliance/config_error.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pillarbox::appliance {

/// A decimal number from least to most.
std::uint64_t parse_number(std::string_view text, std::uint64_t least, std::uint64_t most);

/// Octets: a number, or one with K, M, G or T for powers of 1024 ("500M"); at most 8 EiB - 1.
std::uint64_t parse_octets(std::string_view text);
/// The shortest way to write it: 524288000 is "500M".
std::string format_octets(std::uint64_t octets);

/// One of several words, by its position.
std::size_t parse_choice(std::string_view text, const std::vector<std::string_view>& words);

/// Addresses to listen on, "ADDRESS:PORT, [V6]:PORT" or "off" (none). Addresses are numeric: a static binary resolves
/// no names before it serves (DESIGN 1).
std::vector<std::string> parse_listen(std::string_view text);

/// The same, but for addresses that only this machine reaches (127.0.0.0/8, ::1).
std::vector<std::string> parse_loopback_listen(std::string_view text);

/// A host name: letters, digits, hyphens and dots, at most 253 octets (RFC 1123 2.1); empty is allowed.
std::string parse_host(std::string_view text);

/// The seconds an idle client is kept before and after log-in; after is 0 (never ended) or at least 1800
/// (RFC 9051 5.4).
std::pair<std::uint32_t, std::uint32_t> parse_idle_timeout(std::string_view text);

} // namespace pillarbox::appliance
