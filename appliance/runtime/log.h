// The log: one event a line, as text or JSON, written by a thread of its own so that no loop waits for a disk.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

namespace pillarbox::runtime {

/// How much is said: each level includes those before it.
enum class LogLevel : std::uint8_t { failure, major, problem, detail, all };

/// One name=value of a line. Values are escaped; never put a secret or message content here.
struct LogField {
    std::string_view name;
    std::string value;
    LogField(std::string_view field, std::string text) : name(field), value(std::move(text)) {}
    LogField(std::string_view field, std::string_view text) : name(field), value(text) {}
    LogField(std::string_view field, const char* text) : name(field), value(text) {}
    LogField(std::string_view field, std::int64_t number) : name(field), value(std::to_string(number)) {}
    LogField(std::string_view field, std::uint64_t number) : name(field), value(std::to_string(number)) {}
    LogField(std::string_view field, int number) : name(field), value(std::to_string(number)) {}
    LogField(std::string_view field, unsigned number) : name(field), value(std::to_string(number)) {}
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
/// The latest lines at `problem` or worse, oldest first, at most count; for the status page.
std::string recent_problems(std::size_t count);

} // namespace pillarbox::runtime
