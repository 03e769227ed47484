// Texts in header fields: encoded words (RFC 2047) and the base subject (RFC 5256 2.1).
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace pillarbox::message {

/// Decodes encoded words to UTF-8, wherever they stand; blanks between two of them vanish (RFC 2047 6.2). A character
/// that is split between two words of one charset is put together. What is outside of them and no UTF-8 is read as
/// windows-1252; what looks like an encoded word but is none stays.
/// @param value  raw or unfolded; line ends are dropped
std::string decode_words(std::string_view value);

/// A subject without what replies and forwards put around it.
struct BaseSubject {
    std::string text;                 ///< UTF-8, letters as written, blanks made single
    bool is_reply_or_forward = false; ///< whether something went that says so
};

/// How much of a subject counts for the base subject, in octets of UTF-8: a bound on the work.
inline constexpr std::size_t max_base_subject = 1024;

/// @param subject  raw field value, still encoded
BaseSubject base_subject(std::string_view subject);

} // namespace pillarbox::message
