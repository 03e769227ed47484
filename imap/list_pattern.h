// LIST patterns: `*` matches anything, `%` anything within a level (RFC 9051 6.3.9).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pillarbox::imap {

/// A canonical pattern. Matching takes time in proportion to name length times wildcards.
class ListPattern {
public:
    /// Reference and mailbox pattern, both as the store spells names; the pattern follows the reference as it is.
    /// @return nothing for a pattern no mailbox can match or with more than 32 wildcards; it is to be ignored silently
    static std::optional<ListPattern> make(std::string_view reference, std::string_view pattern);

    bool matches(std::string_view name) const;
    /// Whether it ends in `%`: then levels of hierarchy are meant that are no mailboxes themselves.
    bool asks_for_levels() const { return pattern_.ends_with('%'); }

private:
    explicit ListPattern(std::string canonical) : pattern_(std::move(canonical)) {}
    std::string pattern_;
};

} // namespace pillarbox::imap
