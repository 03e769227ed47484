// What a port is for: the differences between the listeners, as data (RFC 5321, RFC 6409, RFC 8314).
#pragma once

#include <string_view>

namespace pillarbox::smtp {

/// How sessions of one listener differ from those of another.
struct Role {
    std::string_view name;
    bool login;         // AUTH is offered, and mail is taken from those who logged in only (RFC 6409 4.3)
    bool own_sender;    // MAIL FROM must be an address of the account, or null (RFC 6409 6.1)
    bool complete_mail; // a missing Date or Message-ID is added (RFC 6409 8.2, 8.3)
};

inline constexpr Role mx{"mx", false, false, false};                // port 25
inline constexpr Role submission{"submission", true, true, true};   // port 587, STARTTLS
inline constexpr Role submissions{"submissions", true, true, true}; // port 465, TLS from the first octet

} // namespace pillarbox::smtp
