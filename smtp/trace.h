// Trace fields: Received as a message comes in, Return-Path and Delivered-To as it is delivered (RFC 5321 4.4).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace pillarbox::smtp {

/// What is known of a message's way to us.
struct Trace {
    std::string greeting;  // what the client called itself: a domain or an address literal
    std::string address;   // where it connected from
    std::string hostname;  // ours
    std::string id;        // of the transaction
    std::string cipher;    // TLS version and suite; "" without TLS
    std::string recipient; // when there is exactly one (RFC 5321 7.2), else ""
    bool extended = true;  // greeted with EHLO
    bool login = false;    // logged in
    std::int64_t time = 0; // unix seconds
};

/// The protocol's name: SMTP, ESMTP, ESMTPS, ESMTPA, ESMTPSA (RFC 3848).
std::string_view protocol_name(const Trace& trace);

/// `[192.0.2.1]` or `[IPv6:2001:db8::1]` (RFC 5321 4.1.3).
std::string address_literal(std::string_view address);

/// The whole Received field, folded, with its CRLF.
std::string received_field(const Trace& trace);

/// What is put before the stored header of one delivery: Return-Path, then Delivered-To.
/// @param sender  "" for the null reverse-path
std::string delivery_prefix(std::string_view sender, std::string_view recipient);

} // namespace pillarbox::smtp
