// Undoes content transfer encodings: base64 and quoted-printable (RFC 2045 6.7 and 6.8).
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace pillarbox::message {

enum class TransferEncoding : std::uint8_t { identity, quoted_printable, base64, unknown };

/// @param name  of a Content-Transfer-Encoding, any case; 7bit, 8bit, binary and nothing are identity
TransferEncoding transfer_encoding(std::string_view name);

/// Decodes octets that arrive in pieces. Tolerant: in base64, what is no base64 is skipped and padding may stand
/// anywhere; in quoted-printable, an equals sign that begins nothing known stands for itself. An unknown encoding
/// is left as it is.
class TransferDecoder {
public:
    explicit TransferDecoder(TransferEncoding encoding) : encoding_(encoding) {}

    /// Appends what these octets decode to.
    void feed(std::string_view octets, std::string& out);

    /// Appends what was held back, at the end of the part.
    void finish(std::string& out);

private:
    void base64(std::string_view octets, std::string& out);
    void base64_flush(std::string& out);
    void quoted_printable(std::string_view octets, std::string& out);
    std::size_t escape(std::string_view octets, std::size_t at, std::string& out);

    TransferEncoding encoding_;
    std::uint32_t bits_ = 0;
    int digits_ = 0;   // base64 digits in bits_
    std::string held_; // of quoted-printable: `=` and what follows it, or blanks that may be trailing
};

/// Decodes all of it.
std::string decode_transfer(std::string_view octets, TransferEncoding encoding);

} // namespace pillarbox::message
