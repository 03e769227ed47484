// Flags between the client's words and the store's bits (RFC 9051 2.3.2).
#include "imap/flags.h"

#include <algorithm>
#include <iterator>

namespace pillarbox::imap {
namespace {

struct SystemFlag {
    store::Flags bit;
    std::string_view name;
};
constexpr SystemFlag system_flags[] = {{store::flag::answered, "\\Answered"},
                                       {store::flag::flagged, "\\Flagged"},
                                       {store::flag::deleted, "\\Deleted"},
                                       {store::flag::seen, "\\Seen"},
                                       {store::flag::draft, "\\Draft"}};

} // namespace

store::Flags system_flag(std::string_view name) {
    const auto* found = std::ranges::find(system_flags, name, &SystemFlag::name);
    return found == std::end(system_flags) ? 0 : found->bit;
}

store::FlagChange flag_change(store::FlagMode mode, const FlagList& flags) {
    store::FlagChange change;
    change.mode = mode;
    for (const std::string& name : flags.system) change.system |= system_flag(name);
    change.keywords = flags.keywords;
    return change;
}

void write_flag_names(std::string& out, store::Flags flags, const store::Keywords& keywords) {
    bool first = true;
    const auto word = [&](std::string_view name) {
        if (!first) out += ' ';
        first = false;
        out += name;
    };
    for (const SystemFlag& each : system_flags) {
        if (flags & each.bit) word(each.name);
    }
    store::Flags left = flags >> store::flag::first_keyword;
    for (std::size_t slot = 0; left != 0; ++slot, left >>= 1) {
        if ((left & 1) && slot < keywords.names.size() && !keywords.names[slot].empty()) word(keywords.names[slot]);
    }
}

void write_flags(std::string& out, store::Flags flags, const store::Keywords& keywords, bool recent) {
    out += '(';
    write_flag_names(out, flags, keywords);
    if (recent) out += out.back() == '(' ? "\\Recent" : " \\Recent";
    out += ')';
}

} // namespace pillarbox::imap
