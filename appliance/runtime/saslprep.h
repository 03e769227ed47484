// SASLprep: one spelling for user names and passwords that look the same (RFC 4013, a profile of RFC 3454).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pillarbox::runtime {

/// The prepared string in UTF-8; std::nullopt when the text is not UTF-8, holds a prohibited character or mixes
/// directions (RFC 4013 2.3, 2.4). Code points that Unicode has assigned since are let through, as in queries.
std::optional<std::string> saslprep(std::string_view text);

} // namespace pillarbox::runtime
