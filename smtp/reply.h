// A reply of the server: code, enhanced status code and text (RFC 5321 4.2, RFC 2034, RFC 3463).
#pragma once

#include <string>
#include <string_view>

namespace pillarbox::smtp {

/// What the server answers to one command.
struct Reply {
    int code;             // 200-559
    std::string enhanced; // "5.1.1"; "" in greetings, answers to HELO and EHLO, and 3yz replies (RFC 2034 4)
    std::string text;     // lines parted by '\n'; may hold the peer's words: wire() makes them harmless

    Reply(int reply_code, std::string_view enhanced_code, std::string words);

    /// Whether the command was refused, for now or for good.
    bool refused() const noexcept { return code >= 400; }

    /// The octets to send: one line or several, each with its CRLF and at most 512 octets (RFC 5321 4.5.3.1.5).
    /// What is not printable ASCII becomes "?", so that no peer can make us say more than one reply.
    std::string wire() const;
};

} // namespace pillarbox::smtp
