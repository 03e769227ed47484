// The grammar of a command line: one method a rule of RFC 5321 4.1.2 and 4.1.3, named for it.
//
// Works on octets already read, does no input or output, never recurses; every length and count is bounded by Limits.
#pragma once

#include "smtp/address.h"
#include "smtp/limits.h"

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace pillarbox::smtp {

/// The peer's words do not follow the grammar; the session answers `code enhanced text`.
struct SyntaxError : std::runtime_error {
    int code;
    std::string_view enhanced; // a literal
    SyntaxError(int reply_code, std::string_view enhanced_code, const char* text)
        : std::runtime_error(text), code(reply_code), enhanced(enhanced_code) {}
    explicit SyntaxError(const char* text) : SyntaxError(501, "5.5.4", text) {}
};

/// RFC 5322 3.2.3.
bool is_atext(char c);

/// One parameter of MAIL or RCPT: keyword in capitals, value as given. `has_value` tells `X=` (refused) from `X`.
struct Parameter {
    std::string keyword;
    std::string value;
    bool has_value = false;
};

/// Reads a line from left to right; every method takes its rule off the front or throws SyntaxError.
class Parser {
public:
    /// @param line  without CRLF; must outlive the parser. Blanks at its end are dropped (RFC 5321 4.1.1).
    Parser(std::string_view line, const Limits& limits);

    /// The command's name in capitals: letters up to a blank or the end. Empty when there is none.
    std::string verb();
    /// What follows the command's name, without the blanks before it.
    std::string_view rest();
    /// A word, in any case: `FROM:` of `MAIL FROM:`. Throws SyntaxError(message) when it is not there.
    void word(std::string_view expected, const char* message);
    /// Blanks that may stand here though the grammar has none: after `FROM:`, as some clients write.
    void blanks();
    /// End of line, or SyntaxError.
    void end();
    bool at_end() const { return rest_.empty(); }

    /// `<>` or a path; the source route is dropped (RFC 5321 4.1.1.3, appendix C).
    Address reverse_path();
    /// A path, or `<postmaster>` alone (RFC 5321 4.1.1.3).
    Address forward_path();
    /// HELO and EHLO: a domain or an address literal.
    std::string greeting_name();
    /// `SP keyword=value` up to the end of the line; each keyword at most once.
    std::vector<Parameter> parameters();

    Address mailbox(std::size_t local_part_limit);
    std::string local_part(std::size_t limit);
    std::string dot_string();
    std::string quoted_string();
    std::string domain();
    std::string address_literal();

private:
    enum class Underscore : std::uint8_t { refused, allowed };
    Address path(std::size_t local_part_limit);
    void source_route();
    std::string domain_or_literal();
    std::string host_name(Underscore underscore);
    Parameter parameter();
    char peek() const { return rest_.empty() ? '\0' : rest_.front(); }
    bool take(char c);
    void expect(char c, const char* message);

    std::string_view rest_;
    const Limits& limits_;
};

} // namespace pillarbox::smtp
