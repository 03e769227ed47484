// Reads one command with its literals from the stream (RFC 9051 4.3 and 9, RFC 7888).
//
// Only APPEND's message is left unread: it is announced, and the command takes it in as it comes.
#pragma once

#include "appliance/runtime/stream.h"
#include "imap/parser.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pillarbox::imap {

/// A command as it came, or why it cannot be taken.
struct CommandText {
    enum class Outcome : std::uint8_t {
        complete,
        refused, ///< read to its end and dropped, or never sent by the client: BAD, then go on
        lost     ///< where it ends is unknown: BAD, then BYE
    };
    Outcome outcome = Outcome::complete;
    std::string text;   ///< without the last CRLF, literals in place; at least the tag when it was not taken
    std::string reason; ///< for the client
    /// APPEND: the text ends with the announcement of a literal, and its octets are next on the stream.
    std::optional<LiteralSize> message;
};

/// How long a client may let us wait inside a command; between them the settings decide.
inline constexpr std::chrono::seconds command_wait{300};

/// The literal a line announces at its end, if it does (RFC 7888 3).
/// @return octets of UINT64_MAX when the number is too large to be one
std::optional<LiteralSize> announced_literal(std::string_view line);

/// Reads the next command; asks for synchronizing literals with `+`. The deadline is the stream's for the first line
/// and command_wait from then on. Throws what Stream throws.
runtime::Task<CommandText> read_command(runtime::Stream& stream);

/// Reads octets and forgets them.
runtime::Task<void> skip(runtime::Stream& stream, std::uint64_t octets);

/// What of an announced literal that nobody wants is still read to keep the conversation going.
inline constexpr std::uint64_t most_skipped = 64 * 1024 * 1024;

/// Gives up a message that was announced and not taken: with `{n+}` it comes all the same, as does the rest of the
/// command.
/// @return false: more than most_skipped would have to be read; the connection has to end
runtime::Task<bool> refuse_message(runtime::Stream& stream, LiteralSize size);

} // namespace pillarbox::imap
