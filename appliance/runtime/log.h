// The log: one event a line, as text or JSON, written by a thread of its own so that no loop waits for a disk.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace pillarbox::runtime {

/// How much is said: each level includes those before it.
enum class LogLevel : std::uint8_t { failure, major, problem, detail, all };

/// One name=value of a line. Values are escaped; never put a secret or message content here.
struct LogField {
    std::string_view name;
    std::string value;
    bool number = false; // JSON writes it without quotes
    LogField(std::string_view field, std::string text) : name(field), value(std::move(text)) {}
    LogField(std::string_view field, std::string_view text) : name(field), value(text) {}
    LogField(std::string_view field, const char* text) : name(field), value(text) {}
    template <std::integral N>
    LogField(std::string_view field, N count) : name(field), value(std::to_string(count)), number(true) {}
};

struct LogSettings {
    LogLevel level = LogLevel::major;
    bool json = false;
    std::string file = "-"; // "-": standard error
};

/// Puts settings in force; also reopens the file (after SIGHUP). Throws std::runtime_error when it cannot be opened.
void configure_log(const LogSettings& settings);
LogLevel log_level() noexcept;
inline bool logs(LogLevel level) noexcept { return level <= log_level(); }

/// 2026-11-21T03:40:30.123Z major smtp S17 accepted id=... size=...
/// @param area     "smtp", "imap", "store", "delivery", "server" ...
/// @param session  "" or the session's id
/// @param event    what happened, in a word or a short phrase
void log(LogLevel level, std::string_view area, std::string_view session, std::string_view event,
         std::initializer_list<LogField> fields = {});

/// Waits until everything said so far is written.
void flush_log();
/// The latest lines of `failure` and `problem` (`major` ones tell what goes well), whatever level is written, oldest
/// first, at most count, as text, each ended by LF; for the status page.
std::string recent_problems(std::size_t count);

} // namespace pillarbox::runtime
