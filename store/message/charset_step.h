// What the decoders of single charsets share.
#pragma once
#include "store/message/charset.h"

#include <cstddef>
#include <cstdint>

namespace pillarbox::message {

inline constexpr std::uint32_t replacement = 0xFFFD;
inline constexpr int no_character = -1;

/// How many octets were used and what they mean (no_character: nothing). Nothing of both: more octets are needed.
struct CharsetDecoder::Step {
    std::size_t octets;
    int code_point;
};

inline bool between(unsigned char c, int first, int last) { return c >= first && c <= last; }

} // namespace pillarbox::message
