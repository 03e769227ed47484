// Where passwords are taken on a connection without TLS (RFC 8314 3.3).
#pragma once

#include <cstdint>

namespace pillarbox::runtime {

class Stream;

/// Whether a log-in is taken on a connection without TLS.
enum class Cleartext : std::uint8_t {
    never,
    loopback, ///< from this machine only: 127.0.0.0/8, ::1
    always
};

/// Whether a password may be sent on this stream as it is now: under TLS always, else by the rule.
bool may_log_in(Cleartext rule, const Stream& stream) noexcept;

} // namespace pillarbox::runtime
