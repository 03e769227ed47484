// Numbers of zstd's seekable format (contrib/seekable_format in zstd's source), shared by its writer and its reader.
#pragma once
#include <cstddef>
#include <cstdint>

namespace pillarbox::message {

inline constexpr std::uint32_t table_frame_magic = 0x184D2A5E; ///< of the skippable frame
inline constexpr std::uint32_t table_magic = 0x8F92EAB1;       ///< the last four octets
inline constexpr std::size_t table_header_octets = 8;          ///< magic and size of the skippable frame
inline constexpr std::size_t table_entry_octets = 8;           ///< stored and unpacked octets of a frame
inline constexpr std::size_t table_footer_octets = 9;          ///< number of frames, descriptor, magic

/// The table of so many frames, with the header of its skippable frame.
constexpr std::size_t table_octets(std::size_t frames) {
    return table_header_octets + frames * table_entry_octets + table_footer_octets;
}

} // namespace pillarbox::message
