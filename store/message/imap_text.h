// What is stored of a message, in the words of IMAP (RFC 9051 7.5.2 and 9).
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace pillarbox::message {

struct Address;
struct Envelope;
struct Structure;

/// Appends a string: quoted, or a literal when it has 8-bit octets, CR or LF, so that every client can read it whatever
/// it has enabled. NULs are left out: neither form can hold them.
void append_string(std::string& out, std::string_view text);

/// Appends a string, or NIL for nothing.
void append_nstring(std::string& out, const std::optional<std::string_view>& text);

/// Appends a list of addresses, or NIL for an empty one.
void append_addresses(std::string& out, std::span<const Address> addresses);

/// Appends what FETCH ENVELOPE answers.
void append_envelope(std::string& out, const Envelope& envelope);

/// Appends what FETCH BODYSTRUCTURE answers, or without extension data what FETCH BODY does. A multipart without any
/// part shows an empty text part, as the syntax wants one.
void append_body(std::string& out, const Structure& structure, bool with_extension);

} // namespace pillarbox::message
