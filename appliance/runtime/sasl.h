// What SASL exchanges are made of, for IMAP and SMTP alike: base64 (RFC 4648 4) and the PLAIN message (RFC 4616).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pillarbox::runtime {

/// The longest line of a SASL exchange, in base64 (RFC 4954 4).
inline constexpr std::size_t longest_sasl_line = 12288;

std::string base64_encode(std::string_view octets);

/// Strict: whole groups of four, padding only at the end, nothing else (RFC 4648 3.2, 3.3).
std::optional<std::string> base64_decode(std::string_view text);

/// What a client says with PLAIN.
struct PlainMessage {
    std::string authorization; ///< whom to act as; empty: the one who logs in
    std::string name;
    std::string password;
};

/// Takes `[authzid] NUL authcid NUL passwd` apart; nothing when it is not that, or name or password is empty.
/// @param message  decoded
std::optional<PlainMessage> parse_plain(std::string_view message);

} // namespace pillarbox::runtime
