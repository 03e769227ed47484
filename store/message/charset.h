// Turns texts of any charset that mail uses into UTF-8 (RFC 2045, RFC 2978).
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace pillarbox::message {

struct KnownCharset;

/// Whether texts in this charset can be read. Aliases and any case are understood.
bool knows_charset(std::string_view name);

/// Whether the octets of this charset are UTF-8 as they are: us-ascii, utf-8 and none at all.
bool is_utf8_charset(std::string_view name);

/// Appends a code point; what is none becomes U+FFFD.
void append_utf8(std::string& out, std::uint32_t code_point);

/// Cuts a UTF-8 text to at most so many octets without splitting a character.
std::string_view cut_utf8(std::string_view text, std::size_t octets);

/// Decodes octets that arrive in pieces. What it appends is always valid UTF-8: octets that mean nothing become U+FFFD.
/// Of us-ascii and of an unknown charset, what is no valid UTF-8 is read as windows-1252, the most likely meaning.
class CharsetDecoder {
public:
    explicit CharsetDecoder(std::string_view charset);

    void feed(std::string_view octets, std::string& out);

    /// Appends what was held back, at the end of the text.
    void finish(std::string& out);

private:
    struct Step;
    bool has_plain_ascii() const;
    bool is_direct(unsigned char c) const;
    Step step(const unsigned char* p, std::size_t n);
    Step utf8(const unsigned char* p, std::size_t n) const;
    Step lenient(const unsigned char* p, std::size_t n) const;
    Step single_octet(unsigned char octet) const;
    Step double_octet(const unsigned char* p, std::size_t n) const;
    Step euc_jp(const unsigned char* p, std::size_t n) const;
    Step iso_2022_jp(const unsigned char* p, std::size_t n);
    Step gb18030(const unsigned char* p, std::size_t n) const;
    Step utf7(unsigned char c);
    Step utf16(const unsigned char* p, std::size_t n);

    enum class Mode : std::uint8_t { ascii, katakana, kanji, unknown, base64, base64_first };

    const KnownCharset* charset_;
    std::string held_;                 // the beginning of a character
    std::uint32_t bits_ = 0;           // UTF-7
    int bit_count_ = 0;                // UTF-7
    std::uint32_t high_surrogate_ = 0; // UTF-7
    bool is_big_endian_ = true;        // UTF-16
    bool is_first_ = true;             // UTF-16: a byte order mark may come
    Mode mode_ = Mode::ascii;
};

/// Decodes all of it.
std::string to_utf8(std::string_view octets, std::string_view charset);

} // namespace pillarbox::message
