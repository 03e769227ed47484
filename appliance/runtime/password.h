// Passwords as SCRAM keeps them: salted, iterated, one-way (RFC 5802 3, RFC 7677), and comparison in constant time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace pillarbox::runtime {

enum class ScramHash : std::uint8_t { sha1, sha256 };

/// What a server keeps of a password: enough to verify it, not enough to log in with.
struct ScramKeys {
    std::string stored_key; // H(ClientKey)
    std::string server_key;
    bool operator==(const ScramKeys&) const = default;
};

/// The keys of a password: PBKDF2 and three HMACs, 2 to 30 ms for 15,000 iterations. Blocks: call it on the pool.
/// @param password  as typed; prepare_password() is applied here
/// @param salt      octets, not base64
ScramKeys scram_keys(ScramHash hash, std::string_view password, std::string_view salt, std::uint32_t iterations);

/// The octets that are hashed: SASLprep (RFC 5802 2.2, RFC 4616 2). A password that SASLprep refuses is taken octet for
/// octet, so that any password works where it is sent as it is (PLAIN, LOGIN).
std::string prepare_password(std::string_view password);

/// HMAC (RFC 2104), as octets.
std::string hmac(ScramHash hash, std::string_view key, std::string_view text);
/// The plain digest, as octets.
std::string digest(ScramHash hash, std::string_view text);

/// Whether both are the same; the time depends on their lengths only.
bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept;

} // namespace pillarbox::runtime
