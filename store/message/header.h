// Byte-exact access to a stored header block: fields, unfolding, subsets, and where the header ends (RFC 5322 2.2).
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pillarbox::message {

/// The largest header block that is kept: of a message (more is refused) and of a nested part (the rest is skipped).
inline constexpr std::size_t max_header_octets = 256 * 1024;

/// One field of a header block; all views point into the block.
/// A line that is no field (no colon, a blank inside the name) has an empty name and the whole line as its value.
struct HeaderField {
    std::string_view name;  ///< as written, without blanks before the colon (RFC 5322 4.5)
    std::string_view value; ///< after the colon, folding kept, without the final line end
    std::string_view whole; ///< name to final line end, continuation lines included
};

/// The fields of a header block, in order. Takes any octets: bare LF as line end, 8-bit, no final line end.
/// The empty line that ends a header ends the iteration.
class HeaderFields {
public:
    /// @param block  must outlive this object and every field taken from it
    explicit HeaderFields(std::string_view block) : rest_(block) {}

    /// @return the next field, or nothing at the end of the header.
    std::optional<HeaderField> next();

    /// What has not been read: after the last field the empty line, if the block has one, and what follows it.
    std::string_view rest() const { return rest_; }

private:
    std::string_view rest_;
};

/// ASCII letters compare without case, everything else exactly (RFC 9051 6.4.5.1).
bool equal_ignoring_case(std::string_view a, std::string_view b);

/// @return the first field of that name.
std::optional<HeaderField> find_field(std::string_view block, std::string_view name);

/// Takes the line ends out of a raw field value and the blanks off its ends (RFC 5322 2.2.3). NULs are dropped too: no
/// protocol could send them in a string.
std::string unfold(std::string_view value);

/// Names of fields to look for, made once and used on many headers; a look-up costs no more for many names.
class FieldNames {
public:
    explicit FieldNames(std::span<const std::string_view> names);

    /// Whether the name is among them, whatever its case. The empty name never is.
    bool contains(std::string_view name) const;

private:
    std::vector<std::string> names_; // by length, then without case
};

/// The octets of HEADER.FIELDS: the fields with one of these names, byte-exact and in order, then the empty line if
/// the block has one (RFC 9051 6.4.5.1).
std::string select_fields(std::string_view block, const FieldNames& names);

/// The octets of HEADER.FIELDS.NOT: all other lines, then the empty line if the block has one.
std::string exclude_fields(std::string_view block, const FieldNames& names);

/// The same for names that are used once.
inline std::string select_fields(std::string_view block, std::span<const std::string_view> names) {
    return select_fields(block, FieldNames(names));
}
inline std::string exclude_fields(std::string_view block, std::span<const std::string_view> names) {
    return exclude_fields(block, FieldNames(names));
}

/// Finds the end of the header in octets that arrive in pieces. The header is everything up to and including the first
/// empty line, which may end in CRLF or in a bare LF; without one, all is header.
class HeaderSplitter {
public:
    /// @return how many of these octets still belong to the header: all of them until the empty line is complete.
    std::size_t feed(std::string_view octets);

    /// Whether the empty line has been seen; from then on feed() returns 0.
    bool done() const { return state_ == State::done; }

private:
    enum class State : std::uint8_t { line_start, line_start_cr, in_line, done };
    State state_ = State::line_start;
};

/// The size in octets of the header of a whole message: what HeaderSplitter says of it.
std::size_t header_size(std::string_view message);

} // namespace pillarbox::message
