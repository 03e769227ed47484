// Reads one command with its literals (RFC 9051 4.3 and 9, RFC 7888).
#include "imap/command_reader.h"

#include "imap/characters.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace pillarbox::imap {
namespace {

using runtime::Line;
using runtime::Stream;
using runtime::Task;

/// Whether the literal at the end of this first line is a message: APPEND's mailbox is one only straight behind the
/// command's name, and no other argument before the message can be a literal (RFC 9051 6.3.12).
bool announces_message(std::string_view text) {
    const std::size_t name = text.find(' ');
    if (name == std::string_view::npos) return false;
    const std::size_t arguments = text.find(' ', name + 1);
    if (arguments == std::string_view::npos) return false;
    if (!equal_ignoring_case(text.substr(name + 1, arguments - name - 1), "APPEND")) return false;
    const bool is_mailbox = arguments + 1 < text.size() && text[arguments + 1] == '{' &&
                            text.find("}\r\n", arguments) == std::string_view::npos;
    return !is_mailbox;
}

CommandText refused(CommandText::Outcome outcome, std::string text, const char* reason) {
    CommandText command;
    command.outcome = outcome;
    command.text = text.substr(0, limits::tag + 2);
    command.reason = reason;
    return command;
}

} // namespace

std::optional<LiteralSize> announced_literal(std::string_view line) {
    if (line.empty() || line.back() != '}') return std::nullopt;
    const std::size_t open = line.rfind('{');
    if (open == std::string_view::npos) return std::nullopt;
    std::string_view inside = line.substr(open + 1, line.size() - open - 2);
    LiteralSize size;
    size.binary = open > 0 && line[open - 1] == '~';
    if (!inside.empty() && inside.back() == '+') {
        size.synchronizing = false;
        inside.remove_suffix(1);
    }
    if (inside.empty() || !std::ranges::all_of(inside, is_digit)) return std::nullopt;
    const auto parsed = std::from_chars(inside.data(), inside.data() + inside.size(), size.octets);
    if (parsed.ec != std::errc{}) size.octets = std::numeric_limits<std::uint64_t>::max();
    return size;
}

Task<void> skip(Stream& stream, std::uint64_t octets) {
    while (octets > 0) {
        const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(octets, limits::command));
        const auto taken = co_await stream.read_some(most);
        octets -= taken.size();
    }
}

// The lines after a literal may announce more of them.
Task<bool> refuse_message(Stream& stream, LiteralSize size) {
    std::uint64_t budget = most_skipped;
    while (!size.synchronizing) {
        if (size.octets > budget) co_return false;
        budget -= size.octets;
        co_await skip(stream, size.octets);
        const Line line = co_await stream.read_line(limits::command);
        if (line.too_long) co_return false;
        const auto next = announced_literal(line.text);
        if (!next) co_return true;
        size = *next;
    }
    co_return true;
}

Task<CommandText> read_command(Stream& stream) {
    using Outcome = CommandText::Outcome;
    CommandText command;
    std::string& text = command.text;
    while (true) {
        const std::size_t room = limits::command - text.size();
        Line line = co_await stream.read_line(room);
        if (line.too_long) {
            // Whether it ended with a literal, whose octets would then pass for commands, cannot be known any more.
            text += line.text;
            co_return refused(Outcome::lost, std::move(text), "Command line too long");
        }
        text += line.text;
        stream.set_deadline(command_wait);
        const auto literal = announced_literal(line.text);
        if (!literal) co_return command;
        if (announces_message(text)) {
            command.message = literal;
            co_return command;
        }
        if (literal->octets > limits::command || text.size() + 2 + literal->octets > limits::command) {
            const bool known = co_await refuse_message(stream, *literal);
            const auto outcome = known ? Outcome::refused : Outcome::lost;
            co_return refused(outcome, std::move(text), "[TOOBIG] Command too long");
        }
        if (literal->synchronizing) stream.write("+ OK\r\n");
        const std::string octets = co_await stream.read_exactly(static_cast<std::size_t>(literal->octets));
        text += "\r\n";
        text += octets;
    }
}

} // namespace pillarbox::imap
