// Reads INI text: [section], key = value, comments from a semicolon on.
#include "appliance/ini.h"

#include "appliance/config_error.h"

#include <algorithm>

namespace pillarbox::appliance {

namespace {

constexpr std::size_t longest_line = 4096;
constexpr std::string_view blanks = " \t";

std::string_view trim(std::string_view text) {
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

/// The line without its comment.
std::string_view strip_comment(std::string_view line) {
    for (std::size_t at = 0; at < line.size(); ++at) {
        if (line[at] == ';' && (at == 0 || blanks.find(line[at - 1]) != std::string_view::npos)) {
            return line.substr(0, at);
        }
    }
    return line;
}

class Reader {
public:
    explicit Reader(const std::string& name) : name_(name) {}

    void take(std::string_view line) {
        ++line_;
        check(line);
        line = trim(strip_comment(line));
        if (line.empty()) return;
        if (line.front() == '[') {
            enter_section(line);
        } else {
            add_entry(line);
        }
    }
    std::vector<IniEntry> entries() && { return std::move(entries_); }

private:
    [[noreturn]] void fail(const std::string& what) const {
        throw ConfigError(name_ + ":" + std::to_string(line_) + ": " + what);
    }

    void check(std::string_view line) const {
        if (line.size() > longest_line) fail("the line is longer than " + std::to_string(longest_line) + " octets");
        const bool control =
            std::any_of(line.begin(), line.end(), [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7f; });
        if (control) fail("the line holds a control character");
    }

    void enter_section(std::string_view line) {
        if (line.back() != ']') fail("a section is written [name]");
        section_ = trim(line.substr(1, line.size() - 2));
        if (section_.empty()) fail("a section needs a name");
    }

    void add_entry(std::string_view line) {
        if (line.front() == '#') fail("comments begin with ; not with #");
        const auto equals = line.find('=');
        if (equals == std::string_view::npos) fail("neither [section] nor key = value: " + std::string(line));
        IniEntry entry{section_, std::string(trim(line.substr(0, equals))), std::string(trim(line.substr(equals + 1))),
                       line_};
        if (entry.key.empty()) fail("there is no key before the =");
        if (section_.empty()) fail("the key " + entry.key + " stands before the first [section]");
        for (const auto& other : entries_) {
            if (other.section == section_ && other.key == entry.key) {
                fail("[" + section_ + "] " + entry.key + " is already set in line " + std::to_string(other.line));
            }
        }
        entries_.push_back(std::move(entry));
    }

    const std::string& name_;
    std::string section_;
    std::vector<IniEntry> entries_;
    int line_ = 0;
};

} // namespace

std::vector<IniEntry> read_ini(std::string_view text, const std::string& name) {
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    if (text.substr(0, 3) == byte_order_mark) text.remove_prefix(3);
    Reader reader(name);
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
        reader.take(line);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return std::move(reader).entries();
}

} // namespace pillarbox::appliance
