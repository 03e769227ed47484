// Reads the words of structured header fields: comments, quoted strings, atoms (RFC 5322 3.2 and 4.1).
#pragma once
#include <string>
#include <string_view>

namespace pillarbox::message {

/// Walks over the value of a structured field. Tolerant: an unclosed comment or quoted string ends with the value, and
/// 8-bit octets count as letters (RFC 6532).
class Lexer {
public:
    explicit Lexer(std::string_view text) : text_(text) {}

    bool at_end() const { return at_ == text_.size(); }

    /// The octet at hand, NUL at the end.
    char peek() const { return at_end() ? '\0' : text_[at_]; }

    /// Steps over one octet, if there is one.
    void skip() { at_ += !at_end(); }

    /// Steps over this octet if it is the one at hand.
    bool take(char c);

    /// Steps over blanks, line ends and comments.
    /// @param comment  if given and a comment is met, gets the text of the last one without its quoting
    /// @return whether there were any
    bool skip_cfws(std::string* comment = nullptr);

    /// Appends the rest of a quoted string (RFC 5322 3.2.4) whose opening quote is at hand, without quoting.
    void quoted_string(std::string& out);

    /// Appends the octets up to the next special, blank or control character; none at all if that is at hand.
    /// Specials are those of RFC 5322 3.2.3: ()<>[]:;@\,." - with the dot among them.
    void atom(std::string& out);

    /// Appends the octets up to the next special of RFC 2045 5.1: ()<>@,;:\"/[]?= or blank or control character.
    void token(std::string& out);

    /// Appends an encoded word (RFC 2047 2) if one is at hand, whatever specials it has inside.
    /// @return whether there was one
    bool encoded_word(std::string& out);

    /// Appends a domain literal (RFC 5322 3.4.1) whose opening bracket is at hand, with its brackets.
    void domain_literal(std::string& out);

private:
    void comment(std::string* out);
    void quoted_pair(std::string& out);

    std::string_view text_;
    std::size_t at_ = 0;
};

} // namespace pillarbox::message
