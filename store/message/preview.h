// The preview of a message (RFC 8970): what its text begins with.
#pragma once
#include <cstddef>
#include <string>

namespace pillarbox::message {

struct FirstText;

/// RFC 8970 3.1: a preview should be at most so many characters long.
inline constexpr std::size_t max_preview_characters = 200;

/// @return the first characters in UTF-8, each run of blanks and line ends made one space; of HTML without tags,
/// scripts,
///         styles and title, the most common character references resolved. Empty when there is nothing to show.
std::string make_preview(const FirstText& text);

} // namespace pillarbox::message
