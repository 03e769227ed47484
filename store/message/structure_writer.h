// Packs the parts that MimeParser finds into the blob that decode_structure() reads.
#pragma once
#include "store/message/mime_header.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pillarbox::message {

/// A part while it is being found; Part in structure.h says what the members mean.
struct FoundPart {
    MimeHeader mime;
    std::optional<std::string> envelope;
    std::uint64_t header_offset = 0, header_size = 0, body_offset = 0, body_size = 0, lines = 0;
    std::uint32_t children = 0;
};

/// @param parts  in preorder
std::string encode_structure(const std::vector<FoundPart>& parts);

} // namespace pillarbox::message
