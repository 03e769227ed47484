// What MAIL and RCPT say: their arguments, parsed and checked (RFC 5321 4.1.1.2, 4.1.1.3, RFC 1870, RFC 6152).
#pragma once

#include "smtp/address.h"
#include "smtp/limits.h"

#include <cstdint>
#include <string_view>

namespace pillarbox::smtp {

class Parser;

enum class Body : std::uint8_t { seven_bit, eight_bit_mime }; // RFC 6152 2

/// MAIL FROM:<sender> SIZE= BODY= AUTH=
struct MailCommand {
    Address sender;
    std::uint64_t size = 0; // as declared (RFC 1870 6); 0: not said
    Body body = Body::seven_bit;
};

/// RCPT TO:<recipient>
struct RcptCommand {
    Address recipient;
};

/// @param auth_offered  whether AUTH was announced, so that AUTH= is understood (RFC 4954 5); it is read and, as no
///                      peer is trusted to say for whom it speaks, forgotten.
/// Throws SyntaxError: 501 5.1.7 for the address, 501 5.5.4 for a parameter, 555 5.5.4 for one not known here.
MailCommand parse_mail(Parser& args, bool auth_offered);

/// Throws SyntaxError: 501 5.1.3 for the address, 555 5.5.4 for any parameter: none is known yet.
RcptCommand parse_rcpt(Parser& args);

} // namespace pillarbox::smtp
