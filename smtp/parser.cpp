// The grammar of a command line: one method a rule of RFC 5321 4.1.2 and 4.1.3, named for it.
#include "smtp/parser.h"

#include <arpa/inet.h>

#include <algorithm>

namespace pillarbox::smtp {
namespace {

bool is_alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_let_dig(char c) { return is_alpha(c) || is_digit(c); }
bool is_blank(char c) { return c == ' ' || c == '\t'; }
char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }

bool same_letters(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return upper(x) == upper(y); });
}

/// IPv4-address-literal of RFC 5321 4.1.3: Snum 3("." Snum), with leading zeros if the client likes them.
bool is_ipv4(std::string_view text) {
    int numbers = 0;
    while (true) {
        std::size_t digits = 0;
        int value = 0;
        while (digits < text.size() && digits < 4 && is_digit(text[digits]))
            value = value * 10 + (text[digits++] - '0');
        if (digits < 1 || digits > 3 || value > 255 || ++numbers > 4) return false;
        text.remove_prefix(digits);
        if (text.empty()) return numbers == 4;
        if (text.front() != '.') return false;
        text.remove_prefix(1);
    }
}

bool is_ipv6(std::string_view text) {
    in6_addr address;
    return text.size() < INET6_ADDRSTRLEN && inet_pton(AF_INET6, std::string(text).c_str(), &address) == 1;
}

/// General-address-literal: Standardized-tag ":" 1*dcontent.
bool is_general_literal(std::string_view text) {
    const std::size_t colon = text.find(':');
    if (colon == text.npos || colon == 0 || colon + 1 == text.size()) return false;
    const std::string_view tag = text.substr(0, colon);
    if (!is_let_dig(tag.back())) return false;
    return std::all_of(tag.begin(), tag.end(), [](char c) { return is_let_dig(c) || c == '-'; });
}

} // namespace

bool is_atext(char c) {
    return is_let_dig(c) || (c != '\0' && std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos);
}

Parser::Parser(std::string_view line, const Limits& limits) : rest_(line), limits_(limits) {
    while (!rest_.empty() && is_blank(rest_.back())) rest_.remove_suffix(1);
}

std::string Parser::verb() {
    std::string name;
    while (is_alpha(peek())) {
        name += upper(peek());
        rest_.remove_prefix(1);
    }
    if (!rest_.empty() && !is_blank(peek())) name.clear();
    return name;
}

std::string_view Parser::rest() {
    blanks();
    return rest_;
}

void Parser::word(std::string_view expected, const char* message) {
    if (!same_letters(rest_.substr(0, expected.size()), expected)) throw SyntaxError(message);
    rest_.remove_prefix(expected.size());
}

void Parser::blanks() {
    while (is_blank(peek())) rest_.remove_prefix(1);
}

void Parser::end() {
    if (!at_end()) throw SyntaxError("Unexpected text at the end of the command");
}

bool Parser::take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
}

void Parser::expect(char c, const char* message) {
    if (!take(c)) throw SyntaxError(message);
}

Address Parser::reverse_path() {
    if (rest_.substr(0, 2) == "<>") {
        rest_.remove_prefix(2);
        return {};
    }
    return path(limits_.path);
}

Address Parser::forward_path() {
    constexpr std::string_view postmaster = "<postmaster>";
    if (same_letters(rest_.substr(0, postmaster.size()), postmaster)) {
        Address alone{std::string(rest_.substr(1, postmaster.size() - 2)), ""};
        rest_.remove_prefix(postmaster.size());
        return alone;
    }
    return path(limits_.local_part);
}

Address Parser::path(std::size_t local_part_limit) {
    const std::size_t before = rest_.size();
    expect('<', "Address must stand in angle brackets");
    if (peek() == '@') source_route();
    Address address = mailbox(local_part_limit);
    expect('>', "Address must end in an angle bracket");
    if (before - rest_.size() > limits_.path) throw SyntaxError("Path too long");
    return address;
}

/// A-d-l ":" is read for its form and ignored (RFC 5321 appendix C).
void Parser::source_route() {
    do {
        expect('@', "Bad source route");
        domain();
    } while (take(','));
    expect(':', "Bad source route");
}

Address Parser::mailbox(std::size_t local_part_limit) {
    Address address;
    address.local_part = local_part(local_part_limit);
    expect('@', "Address must have an at sign and a domain");
    address.domain = domain_or_literal();
    return address;
}

std::string Parser::local_part(std::size_t limit) {
    const std::size_t before = rest_.size();
    std::string text = peek() == '"' ? quoted_string() : dot_string();
    if (text.empty()) throw SyntaxError("Local part must not be empty");
    if (before - rest_.size() > limit) throw SyntaxError("Local part too long");
    return text;
}

std::string Parser::dot_string() {
    std::string text;
    do {
        if (!text.empty()) text += '.';
        if (!is_atext(peek())) throw SyntaxError("Bad local part");
        while (is_atext(peek())) {
            text += peek();
            rest_.remove_prefix(1);
        }
    } while (take('.'));
    return text;
}

std::string Parser::quoted_string() {
    std::string text;
    expect('"', "Bad local part");
    while (!take('"')) {
        if (peek() == '\\') rest_.remove_prefix(1); // quoted-pairSMTP
        if (at_end() || peek() < 0x20 || peek() > 0x7e) throw SyntaxError("Bad quoted local part");
        text += peek();
        rest_.remove_prefix(1);
    }
    return text;
}

std::string Parser::domain_or_literal() { return peek() == '[' ? address_literal() : domain(); }

std::string Parser::domain() { return host_name(Underscore::refused); }

std::string Parser::greeting_name() {
    // RFC 5321 4.1.2 forbids the underscore here too, but many Windows hosts greet with one, and the name decides
    // nothing: refusing it would only lose mail.
    return peek() == '[' ? address_literal() : host_name(Underscore::allowed);
}

std::string Parser::host_name(Underscore underscore) {
    const auto allowed = [&](char c) {
        return is_let_dig(c) || c == '-' || (c == '_' && underscore == Underscore::allowed);
    };
    std::string name;
    do {
        if (!name.empty()) name += '.';
        std::size_t length = 0;
        while (length < rest_.size() && allowed(rest_[length])) ++length;
        const std::string_view label = rest_.substr(0, length);
        if (label.empty() || label.front() == '-' || label.back() == '-') throw SyntaxError("Bad domain name");
        if (length > limits_.label) throw SyntaxError("Label of the domain name too long");
        name += label;
        rest_.remove_prefix(length);
    } while (take('.'));
    if (name.size() > limits_.domain) throw SyntaxError("Domain name too long");
    return name;
}

std::string Parser::address_literal() {
    expect('[', "Bad address literal");
    std::size_t length = 0;
    const auto dcontent = [](char c) { return c > 0x20 && c < 0x7f && c != '[' && c != '\\' && c != ']'; };
    while (length < rest_.size() && dcontent(rest_[length])) ++length;
    const std::string_view content = rest_.substr(0, length);
    rest_.remove_prefix(length);
    expect(']', "Bad address literal");
    const bool ipv6 = same_letters(content.substr(0, 5), "IPv6:");
    const bool good = ipv6 ? is_ipv6(content.substr(5)) : is_ipv4(content) || is_general_literal(content);
    if (!good || content.size() + 2 > limits_.domain) throw SyntaxError("Bad address literal");
    return '[' + std::string(content) + ']';
}

std::vector<Parameter> Parser::parameters() {
    std::vector<Parameter> all;
    while (!at_end()) {
        if (!is_blank(peek())) throw SyntaxError("Unexpected text after the address");
        blanks();
        Parameter next = parameter();
        const auto same = [&](const Parameter& other) { return other.keyword == next.keyword; };
        if (std::any_of(all.begin(), all.end(), same)) throw SyntaxError("Parameter given twice");
        if (all.size() == limits_.parameters) throw SyntaxError("Too many parameters");
        all.push_back(std::move(next));
    }
    return all;
}

Parameter Parser::parameter() {
    Parameter parameter;
    if (!is_let_dig(peek())) throw SyntaxError("Bad parameter name");
    while (is_let_dig(peek()) || peek() == '-') {
        parameter.keyword += upper(peek());
        rest_.remove_prefix(1);
    }
    if (!take('=')) return parameter;
    parameter.has_value = true;
    while (peek() > 0x20 && peek() < 0x7f && peek() != '=') {
        parameter.value += peek();
        rest_.remove_prefix(1);
    }
    if (parameter.value.empty()) throw SyntaxError("Parameter has no value");
    return parameter;
}

} // namespace pillarbox::smtp
