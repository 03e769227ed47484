// The Content- fields of a part (RFC 2045, RFC 2183, RFC 2557, RFC 3282, RFC 1864).
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pillarbox::message {

class Lexer;

/// A parameter as it goes into the structure: Parameter in structure.h says what its name and value look like.
struct OwnedParameter {
    std::string name, value;
};

/// How many parameters of one field are read, and segments of RFC 2231 among them.
inline constexpr std::size_t max_parameters = 200;

/// What the fields say; defaults where they say nothing.
struct MimeHeader {
    std::string type = "text", subtype = "plain"; ///< lower case
    std::vector<OwnedParameter> parameters;
    std::string encoding = "7bit"; ///< lower case
    std::optional<std::string> id, description, md5, location, disposition;
    std::vector<OwnedParameter> disposition_parameters;
    std::vector<std::string> languages;

    bool is_message() const { return type == "message" && (subtype == "rfc822" || subtype == "global"); }

    /// The parameter of that (lower-case) name, empty if there is none.
    std::string_view parameter(std::string_view name) const;

    /// Octets of all texts.
    std::size_t text_octets() const;
};

/// Reads the fields of a header block.
/// @param in_digest  without Content-Type the part is a message, not a text (RFC 2046 5.1.5)
///
/// A Content-Type that cannot be read counts as text/plain where it is empty or says no more than `text` (RFC
/// 2045 5.2), else as application/octet-stream; but a multipart without subtype is mixed.
MimeHeader read_mime_header(std::string_view block, bool in_digest);

/// Reads `; name=value` as often as it comes, joining what RFC 2231 splits. Tolerant of missing semicolons, and of
/// file names with blanks but without quotes.
std::vector<OwnedParameter> read_parameters(Lexer& lexer);

/// The octets of a percent-encoded text (RFC 2231 4); a percent sign without two digits stands for itself.
std::string percent_decode(std::string_view text);

} // namespace pillarbox::message
