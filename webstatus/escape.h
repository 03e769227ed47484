// Text from outside made safe for HTML.
#pragma once

#include <string>
#include <string_view>

namespace pillarbox::webstatus {

/// The text as it stands in an HTML element or a quoted attribute: markup characters become references, what is no
/// UTF-8 and control characters (but line ends) become U+FFFD. The result is valid UTF-8 whatever comes in.
std::string escape_html(std::string_view text);

/// Its counterpart without markup, for JSON: valid UTF-8, nothing else changed.
std::string valid_utf8(std::string_view text);

} // namespace pillarbox::webstatus
