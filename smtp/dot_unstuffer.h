// The mail data after DATA: takes out the dots of transparency and finds the end (RFC 5321 4.1.1.4, 4.5.2).
//
// Only CRLF.CRLF ends the data. A CR or LF on its own never begins a line, so no two servers can disagree with us about
// where a message ends ("SMTP smuggling"); such data is read to its true end and then refused (RFC 5321 2.3.8).
#pragma once

#include <cstdint>
#include <string_view>

namespace pillarbox::smtp {

/// A state machine over octets that arrive in pieces of any size. It copies nothing.
class DotUnstuffer {
public:
    /// Takes octets from the front of `in` and returns the run of message octets among them (a view into `in`, or into
    /// static storage). Call until `in` is empty or done() says so; then what is left in `in` follows the message.
    /// A run may be empty while `in` still has octets.
    std::string_view next(std::string_view& in);

    /// Whether CRLF.CRLF has been seen.
    bool done() const noexcept { return state_ == State::done; }
    /// Whether a CR without LF or an LF without CR was seen (RFC 5321 2.3.8).
    bool bare_line_end() const noexcept { return bare_line_end_; }
    /// Whether a NUL was seen: neither 7bit nor 8bit data may hold one (RFC 2045 2.7, 2.8).
    bool nul() const noexcept { return nul_; }

private:
    enum class State : std::uint8_t { line_start, text, text_cr, dot, dot_cr, done };
    std::string_view run(std::string_view& in);
    void inspect(std::string_view text);

    State state_ = State::line_start; // the CRLF of the DATA command counts as the one before the data
    bool bare_line_end_ = false;
    bool nul_ = false;
};

} // namespace pillarbox::smtp
