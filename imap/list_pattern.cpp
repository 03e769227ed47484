// LIST patterns, matched by following all possibilities side by side, never one after the other (RFC 9051 6.3.9).
#include "imap/list_pattern.h"

#include "imap/characters.h"
#include "imap/mailbox_name.h"

namespace pillarbox::imap {
namespace {

constexpr std::size_t most_wildcards = 32;

bool is_wildcard(char c) { return c == '*' || c == '%'; }

/// Places in the pattern that the name read so far may have led to, ascending.
using Places = std::vector<std::uint16_t>;

void reach(Places& places, std::string_view pattern, std::size_t place) {
    while (true) {
        if (places.empty() || places.back() < place) places.push_back(static_cast<std::uint16_t>(place));
        // A wildcard may stand for nothing.
        if (place == pattern.size() || !is_wildcard(pattern[place])) return;
        ++place;
    }
}

} // namespace

std::optional<ListPattern> ListPattern::make(std::string_view reference, std::string_view pattern) {
    std::string canonical(reference);
    std::size_t wildcards = 0;
    for (const char c : pattern) {
        if (is_wildcard(c) && !canonical.empty() && canonical.size() > reference.size()) {
            char& before = canonical.back();
            if (before == '*') continue; // `**` and `*%` are `*`
            if (before == '%') {         // `%*` too, `%%` is `%`
                before = c;
                continue;
            }
        }
        wildcards += is_wildcard(c);
        canonical += c;
    }
    for (const char c : reference) wildcards += is_wildcard(c);
    if (wildcards > most_wildcards || canonical.size() > longest_name + most_wildcards) return std::nullopt;
    return ListPattern(std::move(canonical));
}

bool ListPattern::matches(std::string_view name) const {
    // INBOX is the same name in any case (RFC 9051 5.1).
    const bool inbox = name.substr(0, 5) == "INBOX" && (name.size() == 5 || name[5] == delimiter);
    Places now, next;
    reach(now, pattern_, 0);
    for (std::size_t i = 0; i < name.size() && !now.empty(); ++i) {
        next.clear();
        for (const std::size_t place : now) {
            if (place == pattern_.size()) continue;
            const char expected = pattern_[place];
            if (expected == '*' || (expected == '%' && name[i] != delimiter)) {
                reach(next, pattern_, place);
            } else if (expected == name[i] || (inbox && i < 5 && to_upper(expected) == name[i])) {
                reach(next, pattern_, place + 1);
            }
        }
        std::swap(now, next);
    }
    return !now.empty() && now.back() == pattern_.size();
}

} // namespace pillarbox::imap
