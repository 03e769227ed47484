// One log event as a line of text or of JSON (RFC 8259): whatever a peer sent, a line stays one line of valid UTF-8.
#include "appliance/runtime/log_format.h"

#include "appliance/runtime/clock.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>

namespace pillarbox::runtime {

namespace {

constexpr std::size_t value_limit = 1024; // octets of one value; the rest is cut off

/// Length of the valid UTF-8 sequence (RFC 3629) at the start, 0 when there is none.
std::size_t utf8_sequence(std::string_view at) {
    const auto octet = [&](std::size_t i) { return static_cast<unsigned char>(i < at.size() ? at[i] : 0); };
    const unsigned first = octet(0);
    const auto tail = [&](std::size_t i) { return (octet(i) & 0xC0U) == 0x80U; };
    if (first < 0x80) return 1;
    if (first >= 0xC2 && first <= 0xDF) return tail(1) ? 2 : 0;
    if (first >= 0xE0 && first <= 0xEF) {
        if (first == 0xE0 && octet(1) < 0xA0) return 0;
        if (first == 0xED && octet(1) > 0x9F) return 0; // surrogates
        return tail(1) && tail(2) ? 3 : 0;
    }
    if (first >= 0xF0 && first <= 0xF4) {
        if (first == 0xF0 && octet(1) < 0x90) return 0;
        if (first == 0xF4 && octet(1) > 0x8F) return 0;
        return tail(1) && tail(2) && tail(3) ? 4 : 0;
    }
    return 0;
}

/// Appends the value as the inside of a JSON string; text lines quote the same way.
void escape(std::string& out, std::string_view value) {
    const bool cut = value.size() > value_limit;
    if (cut) value = value.substr(0, value_limit);
    while (!value.empty()) {
        const auto c = static_cast<unsigned char>(value.front());
        const std::size_t length = utf8_sequence(value);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += value.front();
        } else if (c < 0x20 || c == 0x7F || length == 0) { // a stray octet is shown as if it were Latin-1
            std::array<char, 8> code{};
            std::snprintf(code.data(), code.size(), "\\u%04x", c);
            out += code.data();
        } else {
            out.append(value, 0, length);
        }
        value.remove_prefix(std::max<std::size_t>(length, 1));
    }
    if (cut) out += "...";
}

bool plain(std::string_view value) {
    return !value.empty() && value.size() <= value_limit && std::all_of(value.begin(), value.end(), [](char c) {
        return c > ' ' && c < 0x7F && c != '"' && c != '\\' && c != '=';
    });
}

std::string timestamp() {
    const std::int64_t milliseconds = unix_milliseconds();
    const std::time_t seconds = milliseconds / 1000;
    std::tm utc{};
    ::gmtime_r(&seconds, &utc);
    std::array<char, 32> text{};
    const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &utc);
    std::array<char, 8> fraction{};
    std::snprintf(fraction.data(), fraction.size(), ".%03dZ", static_cast<int>(milliseconds % 1000));
    return std::string(text.data(), size) + fraction.data();
}

void quote(std::string& out, std::string_view value) {
    out += '"';
    escape(out, value);
    out += '"';
}

void member(std::string& out, std::string_view name, std::string_view value) {
    out += out.empty() ? '{' : ',';
    quote(out, name);
    out += ':';
    quote(out, value);
}

std::string json_line(LogLevel level, std::string_view area, std::string_view session, std::string_view event,
                      std::initializer_list<LogField> fields) {
    std::string line;
    member(line, "time", timestamp());
    member(line, "level", log_level_name(level));
    member(line, "area", area);
    if (!session.empty()) member(line, "session", session);
    member(line, "event", event);
    for (const LogField& field : fields) {
        if (!field.number) {
            member(line, field.name, field.value);
            continue;
        }
        line += ',';
        quote(line, field.name);
        line += ':';
        line += field.value;
    }
    return line + "}\n";
}

std::string text_line(LogLevel level, std::string_view area, std::string_view session, std::string_view event,
                      std::initializer_list<LogField> fields) {
    std::string line = timestamp();
    for (const std::string_view word : {std::string_view(log_level_name(level)), area, session}) {
        if (word.empty()) continue;
        line += ' ';
        line += word;
    }
    line += ' ';
    escape(line, event);
    for (const LogField& field : fields) {
        line += ' ';
        line += field.name;
        line += '=';
        if (plain(field.value)) {
            line += field.value;
        } else {
            quote(line, field.value);
        }
    }
    return line + '\n';
}

} // namespace

const char* log_level_name(LogLevel level) noexcept {
    static constexpr std::array<const char*, 5> names{"failure", "major", "problem", "detail", "all"};
    return names[static_cast<std::size_t>(level)];
}

std::string format_log(bool json, LogLevel level, std::string_view area, std::string_view session,
                       std::string_view event, std::initializer_list<LogField> fields) {
    return json ? json_line(level, area, session, event, fields) : text_line(level, area, session, event, fields);
}

} // namespace pillarbox::runtime
