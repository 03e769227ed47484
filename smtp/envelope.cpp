// What MAIL and RCPT say: their arguments, parsed and checked (RFC 5321 4.1.1.2, 4.1.1.3, RFC 1870, RFC 6152).
#include "smtp/envelope.h"

#include "smtp/parser.h"

#include <charconv>
#include <limits>

namespace pillarbox::smtp {
namespace {

/// size-value = 1*20DIGIT (RFC 1870 4). What does not fit 64 bits is larger than any limit.
std::uint64_t size_value(const std::string& text) {
    std::uint64_t size = 0;
    const char* const end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, size);
    if (text.size() > 20 || stopped != end || error == std::errc::invalid_argument) {
        throw SyntaxError("SIZE must be a number of at most 20 digits");
    }
    return error == std::errc::result_out_of_range ? std::numeric_limits<std::uint64_t>::max() : size;
}

Body body_value(std::string text) {
    for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    if (text == "7BIT") return Body::seven_bit;
    if (text == "8BITMIME") return Body::eight_bit_mime;
    throw SyntaxError("BODY must be 7BIT or 8BITMIME");
}

int hex_digit(char c) { // capitals only: RFC 3461 4
    if (c >= '0' && c <= '9') return c - '0';
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/// AUTH= holds a mailbox in xtext (RFC 3461 4), or `<>`.
void check_auth_value(const std::string& text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '+') continue;
        if (i + 2 >= text.size() || hex_digit(text[i + 1]) < 0 || hex_digit(text[i + 2]) < 0) {
            throw SyntaxError("AUTH must hold an address in xtext");
        }
        i += 2;
    }
}

[[noreturn]] void unknown_parameter() { throw SyntaxError(555, "5.5.4", "Parameter not recognized"); }

void apply(MailCommand& mail, const Parameter& parameter, bool auth_offered) {
    const bool known =
        parameter.keyword == "SIZE" || parameter.keyword == "BODY" || (parameter.keyword == "AUTH" && auth_offered);
    if (!known) unknown_parameter();
    if (!parameter.has_value) throw SyntaxError("Parameter has no value");
    if (parameter.keyword == "SIZE") mail.size = size_value(parameter.value);
    if (parameter.keyword == "BODY") mail.body = body_value(parameter.value);
    if (parameter.keyword == "AUTH") check_auth_value(parameter.value);
}

/// Reads an address by one of the parser's rules; what is wrong with it is said with the status code of its role.
template <class Rule>
Address address(Parser& args, Rule rule, std::string_view enhanced) {
    try {
        return (args.*rule)();
    } catch (const SyntaxError& error) {
        throw SyntaxError(501, enhanced, error.what());
    }
}

} // namespace

MailCommand parse_mail(Parser& args, bool auth_offered) {
    MailCommand mail;
    args.blanks();
    args.word("FROM:", "Say MAIL FROM:<address>");
    args.blanks();
    mail.sender = address(args, &Parser::reverse_path, "5.1.7"); // RFC 3463 3.2
    const auto parameters = args.parameters();
    for (const Parameter& parameter : parameters) apply(mail, parameter, auth_offered);
    return mail;
}

RcptCommand parse_rcpt(Parser& args) {
    RcptCommand rcpt;
    args.blanks();
    args.word("TO:", "Say RCPT TO:<address>");
    args.blanks();
    rcpt.recipient = address(args, &Parser::forward_path, "5.1.3"); // RFC 3463 3.2
    if (!args.parameters().empty()) unknown_parameter();
    return rcpt;
}

} // namespace pillarbox::smtp
