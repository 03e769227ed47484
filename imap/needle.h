// Finds a text in others, whatever the case of its letters (RFC 9051 6.4.4).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace pillarbox::imap {

/// What is looked for. ASCII letters match in either case; a needle with others has both sides
/// folded (Unicode full case folding, form C).
class Needle {
public:
    /// @param text  UTF-8; what is none is looked for octet by octet
    explicit Needle(std::string_view text);

    bool empty() const noexcept { return folded_.empty(); }
    /// Whether texts must be UTF-8 to be searched; else any superset of ASCII will do.
    bool needs_utf8() const noexcept { return !is_ascii_; }
    /// @param text  UTF-8, or octets when needs_utf8() is false
    bool is_in(std::string_view text) const;
    /// So many octets at the end of a piece may be the beginning of a match that the next piece completes.
    std::size_t overlap() const noexcept;

private:
    bool search(std::string_view text) const;
    bool matches(const char* text) const;

    std::string folded_;
    bool is_ascii_ = true;
    bool folds_texts_ = false; // as the needle was: it is UTF-8 with more than ASCII
};

} // namespace pillarbox::imap
