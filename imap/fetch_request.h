// What FETCH asks for (RFC 9051 6.4.5).
#pragma once

#include "store/message/header.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pillarbox::imap {

/// Which octets of a message part (RFC 9051 6.4.5.1).
enum class SectionText : std::uint8_t { whole, header, fields, fields_not, text, mime };

/// `<offset.length>`
struct Partial {
    std::uint64_t offset = 0, length = 0;
    bool operator==(const Partial&) const = default;
};

struct FetchItem {
    enum class Kind : std::uint8_t {
        uid,
        flags,
        internal_date,
        size,
        envelope,
        body,
        body_structure,
        section,    // BODY[...] and the RFC822 forms
        binary,     // BINARY[...]: decoded
        binary_size // BINARY.SIZE[...]
    };
    Kind kind = Kind::uid;
    SectionText text = SectionText::whole;
    std::string part;                               ///< "1.2", empty for the message itself
    std::vector<std::string> fields;                ///< of HEADER.FIELDS, as written
    std::optional<message::FieldNames> field_names; ///< the same, to be looked up
    std::optional<Partial> partial;
    bool sets_seen = false;
    std::string label; ///< how the answer names it: `BODY[1.MIME]<0>`
};

struct FetchRequest {
    std::vector<FetchItem> items;
    bool sets_seen = false; ///< holds a BODY[], BINARY[], RFC822 or RFC822.TEXT that is no PEEK

    bool asks(FetchItem::Kind kind) const;
};

} // namespace pillarbox::imap
