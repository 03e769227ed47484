// The one table of limits of the SMTP side: every parser state and every count answers to it (RFC 5321 4.5.3).
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace pillarbox::smtp {

/// What a peer may ask of us. A value equal to the limit passes, one more does not. Octets unless said otherwise.
struct Limits {
    std::size_t command_line = 2048; // with CRLF: 512 of RFC 5321 4.5.3.1.4 and what extensions add to it
    std::size_t auth_line = 12288;   // with CRLF: a command or answer of AUTH (RFC 4954 4)
    std::size_t path = 256;          // with its brackets (RFC 5321 4.5.3.1.3)
    std::size_t local_part = 64;     // of a recipient (RFC 5321 4.5.3.1.1); a sender's may fill the path, as the return
                                     // addresses of mailing services do
    std::size_t domain = 255;        // RFC 5321 4.5.3.1.2
    std::size_t label = 63;          // of a domain (RFC 1035 2.3.4)
    std::size_t parameters = 16;     // of one MAIL or RCPT, in number
    std::size_t recipients = 1000;   // of one envelope, in number; at least 100 (RFC 5321 4.5.3.1.8)
    std::uint64_t message = 50 << 20;     // without our trace fields; announced by SIZE (RFC 1870 4)
    std::size_t received_fields = 100;    // more is a loop (RFC 5321 6.3: at least 100)
    unsigned errors = 20;                 // refused commands in one session, before 421
    unsigned login_failures = 5;          // in one session, before 421 (RFC 4954 9)
    unsigned commands_without_mail = 500; // NOOP, RSET, VRFY and their like between two accepted messages
};

/// How long things may take. Waits for the peer are at least what it grants us (RFC 5321 4.5.3.2).
struct Deadlines {
    std::chrono::seconds command{300};          // RFC 5321 4.5.3.2.7
    std::chrono::seconds data_block{180};       // RFC 5321 4.5.3.2.5
    std::chrono::milliseconds login_delay{500}; // after the first failed log-in, doubled with each further one
};

} // namespace pillarbox::smtp
