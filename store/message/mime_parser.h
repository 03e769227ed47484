// Finds the parts of a message while it arrives (RFC 2046 5.1), without recursion and in bounded memory.
#pragma once
#include <memory>
#include <string>
#include <string_view>

namespace pillarbox::message {

/// The beginning of the first text in a message, for its preview: the first text/plain or text/html part that is
/// neither an attachment nor blank.
struct FirstText {
    std::string octets; ///< still in its transfer encoding; up to 32 KiB
    std::string encoding, charset;
    bool is_html = false;
};

/// Takes the octets behind the header of a message in pieces of any size. Tolerant: of lines with bare LF, missing end
/// boundaries, boundaries inside of part headers. The bounds of structure.h hold.
class MimeParser {
public:
    /// @param header  the whole header of the message; needed during the call only
    explicit MimeParser(std::string_view header);
    ~MimeParser();
    MimeParser(MimeParser&&) noexcept;
    MimeParser& operator=(MimeParser&&) noexcept;

    void feed(std::string_view octets);

    /// Ends the message.
    /// @return the versioned blob for decode_structure()
    std::string finish();

    /// To be asked after finish().
    FirstText take_first_text();

private:
    class Machine;
    std::unique_ptr<Machine> machine_;
};

} // namespace pillarbox::message
