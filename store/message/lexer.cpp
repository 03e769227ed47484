// The words of structured header fields (RFC 5322 3.2).
#include "store/message/lexer.h"

#include <array>

namespace pillarbox::message {
namespace {

using CharTable = std::array<bool, 256>;

constexpr CharTable word_table(std::string_view specials) {
    CharTable table{};
    for (std::size_t c = 33; c < 256; ++c) table[c] = c != 127;
    for (const char c : specials) table[static_cast<unsigned char>(c)] = false;
    return table;
}

constexpr CharTable atom_chars = word_table("()<>[]:;@\\,.\"");
constexpr CharTable token_chars = word_table("()<>@,;:\\\"/[]?=");

// An encoded word is at most 75 octets long (RFC 2047 2); some senders overdo it. A bound keeps a field full of false
// beginnings cheap.
constexpr std::size_t longest_encoded_word = 300;

bool has(const CharTable& table, char c) { return table[static_cast<unsigned char>(c)]; }

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

bool is_dropped(char c) { return c == '\r' || c == '\n' || c == '\0'; }

} // namespace

bool Lexer::take(char c) {
    if (at_end() || text_[at_] != c) return false;
    ++at_;
    return true;
}

void Lexer::quoted_pair(std::string& out) {
    ++at_; // the backslash
    if (at_end()) return;
    if (!is_dropped(text_[at_])) out += text_[at_];
    ++at_;
}

// Comments nest; a count of open parentheses takes the place of recursion.
void Lexer::comment(std::string* out) {
    std::string text;
    int depth = 0;
    do {
        const char c = text_[at_];
        if (c == '\\') {
            quoted_pair(text);
            continue;
        }
        depth += c == '(' ? 1 : c == ')' ? -1 : 0;
        const bool is_outer = (c == '(' && depth == 1) || depth == 0;
        if (out != nullptr && !is_outer && !is_dropped(c)) text += c;
        ++at_;
    } while (depth > 0 && !at_end());
    if (out != nullptr) *out = std::move(text);
}

bool Lexer::skip_cfws(std::string* text) {
    const std::size_t begin = at_;
    while (!at_end()) {
        if (text_[at_] == '(')
            comment(text);
        else if (is_blank(text_[at_]))
            ++at_;
        else
            break;
    }
    return at_ != begin;
}

void Lexer::quoted_string(std::string& out) {
    ++at_;
    while (!at_end() && text_[at_] != '"') {
        if (text_[at_] == '\\') {
            quoted_pair(out);
            continue;
        }
        if (!is_dropped(text_[at_])) out += text_[at_];
        ++at_;
    }
    skip();
}

void Lexer::atom(std::string& out) {
    const std::size_t begin = at_;
    while (!at_end() && has(atom_chars, text_[at_])) ++at_;
    out += text_.substr(begin, at_ - begin);
}

void Lexer::token(std::string& out) {
    const std::size_t begin = at_;
    while (!at_end() && has(token_chars, text_[at_])) ++at_;
    out += text_.substr(begin, at_ - begin);
}

bool Lexer::encoded_word(std::string& out) {
    const std::string_view rest = text_.substr(at_, longest_encoded_word);
    if (!rest.starts_with("=?")) return false;
    std::size_t end = 2;
    while (end < rest.size() && has(token_chars, rest[end])) ++end; // charset, perhaps with a language
    if (end + 3 > rest.size() || rest[end] != '?' || rest[end + 2] != '?') return false;
    for (end += 3; end < rest.size() && !is_blank(rest[end]) && rest[end] != '"'; ++end) {
        if (rest[end] != '?' || end + 1 == rest.size() || rest[end + 1] != '=') continue;
        out += rest.substr(0, end + 2);
        at_ += end + 2;
        return true;
    }
    return false;
}

void Lexer::domain_literal(std::string& out) {
    const std::size_t begin = out.size();
    while (!at_end() && text_[at_] != ']') {
        const char c = text_[at_];
        if (c == '\\') {
            quoted_pair(out);
            continue;
        }
        if (!is_blank(c) && c != '\0') out += c;
        ++at_;
    }
    skip();
    if (out.size() > begin) out += ']';
}

} // namespace pillarbox::message
