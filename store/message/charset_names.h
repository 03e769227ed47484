// The charsets that texts can be read in, by all their names.
#pragma once
#include <cstdint>
#include <string_view>

namespace Poco {
class TextEncoding;
}

namespace pillarbox::message {

/// A charset and how it is read.
struct KnownCharset {
    enum class Kind : std::uint8_t {
        lenient, ///< UTF-8, else windows-1252
        utf8,
        single,       ///< one octet a character
        double_octet, ///< one or two octets
        koi8_r,
        koi8_u,
        euc_jp,
        iso_2022_jp,
        gb18030,
        utf7,
        utf16,    ///< by byte order mark, else big endian
        utf16_le, ///< little endian
    };
    std::string_view name;
    Kind kind;
    const Poco::TextEncoding& (*encoding)(); ///< POCO's, for single and double_octet
};

/// @return nullptr for a charset that nothing is known of.
const KnownCharset* find_charset(std::string_view name);

/// The charset of texts that name none.
const KnownCharset& lenient_charset();

/// POCO's windows-1252, windows-932 and windows-936, on which others stand.
const Poco::TextEncoding& windows_1252();
const Poco::TextEncoding& windows_932();
const Poco::TextEncoding& windows_936();

} // namespace pillarbox::message
