// The MIME structure of a message, as stored and as IMAP numbers it (RFC 2045, RFC 2046, RFC 9051 6.4.5.1 and 7.5.2).
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pillarbox::message {

/// A parameter of Content-Type or Content-Disposition, name in lower case. Continuations are joined; what was in
/// RFC 2231 encoding has a name that ends in `*` and the value `utf-8''percent%20encoded`: parameter_text() reads both.
struct Parameter {
    std::string_view name, value;
    bool operator==(const Parameter&) const = default;
};

/// One part. Offsets count from the first octet after the header of the whole message.
/// The parts of a message/rfc822 (or message/global) part are one: the root of the message inside.
struct Part {
    std::string_view type = "text", subtype = "plain"; ///< lower case
    std::span<const Parameter> parameters;
    std::optional<std::string_view> id, description, md5, location; ///< unfolded values of the Content- fields
    std::string_view encoding = "7bit";                             ///< lower case
    std::optional<std::string_view> disposition;                    ///< lower case
    std::span<const Parameter> disposition_parameters;
    std::span<const std::string_view> languages;
    std::optional<std::string_view> envelope; ///< of a message part: FETCH ENVELOPE's text for the message inside

    std::uint64_t header_offset = 0, header_size = 0; ///< MIME header with its empty line; of the root: 0, whole header
    std::uint64_t body_offset = 0, body_size = 0;     ///< octets
    std::uint64_t lines = 0;                          ///< of the body; a last line without line end counts
    std::uint32_t children = 0;                       ///< direct ones
    std::uint32_t parent = 0;                         ///< index; the root is its own
    std::uint32_t end = 0;                            ///< index behind the last descendant

    bool is_multipart() const { return type == "multipart"; }
    bool is_message() const { return envelope.has_value(); }
};

/// Bounds of what is taken apart; what lies deeper, or behind the last part, is opaque: the part it is in ends there
/// and has no parts of its own (a multipart or message without parts becomes application/octet-stream).
inline constexpr std::size_t max_depth = 100;                   ///< parts that a part may lie in
inline constexpr std::size_t max_parts = 10'000;                ///< of one message
inline constexpr std::size_t max_boundary_octets = 250;         ///< RFC 2046 5.1.1 says 70
inline constexpr std::size_t max_structure_texts = 1024 * 1024; ///< octets of names, parameters, nested envelopes

/// All parts of a message in preorder, the root first: never empty. Views point into the blob it was decoded from.
struct Structure {
    std::vector<Part> parts;
    std::vector<Parameter> parameters;
    std::vector<std::string_view> languages;

    Structure() = default;
    Structure(Structure&&) = default;
    Structure& operator=(Structure&&) = default;
    Structure(const Structure&) = delete; // the parts' spans point into the vectors
    Structure& operator=(const Structure&) = delete;
};

/// Takes a stored structure apart without copying texts. Throws BlobError when it is not one that MimeParser wrote.
/// @param blob  must outlive the result
Structure decode_structure(std::string_view blob);

/// Finds a part by its IMAP number like `2.1.3` (RFC 9051 6.4.5.1): in a message that is not multipart, number 1 is the
/// whole body; numbers go on inside message parts.
/// @return nullptr when there is none, or the text is no part number.
const Part* find_part(const Structure& structure, std::string_view number);

/// What of a part is asked for.
enum class Section {
    body,   ///< BODY[1.2], the part's body; with no number: not defined
    mime,   ///< BODY[1.2.MIME]
    header, ///< BODY[HEADER], BODY[2.HEADER]: the header of the message (inside part 2)
    text,   ///< BODY[TEXT], BODY[2.TEXT]: the body of the message (inside part 2)
};

/// Where the octets of a section are.
struct SectionRange {
    bool in_header = false; ///< in the header of the whole message, else behind it
    std::uint64_t offset = 0, size = 0;
    bool operator==(const SectionRange&) const = default;
};

/// @param number  part number; empty for HEADER and TEXT of the message itself
/// @return nothing when there is no such part, or header and text are asked of a part that is no message.
std::optional<SectionRange> section_range(const Structure& structure, std::string_view number, Section section);

/// The value of a parameter in UTF-8, from `name*` in RFC 2231 encoding or else from `name` (whose RFC 2047 encoded
/// words, against the rules but common, are decoded).
/// @param name  lower case
std::optional<std::string> parameter_text(std::span<const Parameter> parameters, std::string_view name);

/// The charset parameter of a text part, `us-ascii` when there is none.
std::string_view charset(const Part& part);

} // namespace pillarbox::message
