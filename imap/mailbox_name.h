// Mailbox names on the wire and in the store: modified UTF-7 for IMAP4rev1, UTF-8 once IMAP4rev2 is enabled
// (RFC 9051 5.1 and appendix A.1, RFC 5198).
#pragma once

#include "store/names.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace pillarbox::imap {

inline constexpr char delimiter = '/';
inline constexpr std::size_t longest_name = store::limits::mailbox_name; ///< octets of UTF-8

/// How names travel on a connection.
enum class NameCoding : unsigned char { modified_utf7, utf8 };

/// The name as the store knows it: UTF-8 in normalisation form C, `INBOX` as first level in capitals.
/// Whether a mailbox may have it is the store's to say; patterns of LIST pass through here as well.
/// @return nothing when the octets are no such text: wrong coding, a needless shift, more than longest_name octets
std::optional<std::string> decode_name(std::string_view wire, NameCoding coding);

/// The name as clients see it.
std::string encode_name(std::string_view name, NameCoding coding);

} // namespace pillarbox::imap
