// Parameters of MIME fields (RFC 2045 5.1), with the continuations and charsets of RFC 2231.
#include "store/message/charset.h"
#include "store/message/header.h"
#include "store/message/lexer.h"
#include "store/message/mime_header.h"

#include <algorithm>

namespace pillarbox::message {
namespace {

constexpr int not_numbered = -1;

// `name*1*=value`, taken apart.
struct Segment {
    std::string name, value;
    int number = not_numbered;
    bool is_extended = false;
};

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    c = static_cast<char>(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// attribute-char of RFC 2231 7, a little narrower
bool stays(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
           c == '_';
}

std::string percent_encode(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto value = static_cast<unsigned char>(c);
        if (stays(c))
            out += c;
        else
            out += {'%', digits[value >> 4], digits[value & 15]};
    }
    return out;
}

// The number at the end of `name*12`, if it is one of RFC 2231 3: no leading zero, and small enough.
int segment_number(std::string_view digits) {
    if (digits.empty() || digits.size() > 3 || (digits.size() > 1 && digits[0] == '0')) return not_numbered;
    int value = 0;
    for (const char c : digits) {
        if (c < '0' || c > '9') return not_numbered;
        value = value * 10 + (c - '0');
    }
    return value;
}

void split_name(Segment& segment) {
    std::string& name = segment.name;
    for (char& c : name)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
    if (name.size() > 1 && name.back() == '*') {
        segment.is_extended = true;
        name.pop_back();
    }
    const std::size_t star = name.rfind('*');
    if (star == name.npos || star == 0) return;
    segment.number = segment_number(std::string_view(name).substr(star + 1));
    if (segment.number != not_numbered) name.resize(star);
}

class ParameterReader {
public:
    explicit ParameterReader(Lexer& lexer) : lexer_(lexer) {}

    std::vector<OwnedParameter> read() {
        while (!lexer_.at_end() && segments_.size() < max_parameters) parameter();
        std::vector<OwnedParameter> out;
        for (std::size_t i = 0; i < segments_.size(); ++i) assemble(i, out);
        return out;
    }

private:
    void parameter() {
        Segment segment;
        lexer_.skip_cfws();
        lexer_.token(segment.name);
        lexer_.skip_cfws();
        if (segment.name.empty() || !lexer_.take('=')) {
            if (segment.name.empty()) lexer_.skip(); // a semicolon, or what has no place here
            return;
        }
        lexer_.skip_cfws();
        split_name(segment);
        value(segment);
        segments_.push_back(std::move(segment));
    }

    void value(Segment& segment) {
        if (lexer_.peek() == '"') return lexer_.quoted_string(segment.value);
        const bool may_have_blanks = segment.name == "filename" || segment.name == "name";
        while (!lexer_.at_end() && lexer_.peek() != ';') {
            const char c = lexer_.peek();
            const bool is_blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
            if (!may_have_blanks && (is_blank || c == '(')) break;
            if (c != '\r' && c != '\n' && c != '\0') segment.value += c;
            lexer_.skip();
        }
        segment.value.resize(segment.value.find_last_not_of(" \t") + 1);
    }

    // Gives out segment i if it is a parameter of its own or the first of several.
    void assemble(std::size_t i, std::vector<OwnedParameter>& out) {
        const Segment& first = segments_[i];
        if (first.number == not_numbered) {
            if (first.is_extended)
                out.push_back({first.name + '*', extended({&first})});
            else
                out.push_back({first.name, first.value});
            return;
        }
        if (first.number != 0 || !is_first_of_number(i)) return;
        std::vector<const Segment*> parts{&first};
        while (const Segment* next = find(first.name, static_cast<int>(parts.size()))) parts.push_back(next);
        const bool is_extended =
            std::any_of(parts.begin(), parts.end(), [](const Segment* s) { return s->is_extended; });
        if (is_extended) {
            out.push_back({first.name + '*', extended(parts)});
            return;
        }
        out.push_back({first.name, {}});
        for (const Segment* part : parts) out.back().value += part->value;
    }

    bool is_first_of_number(std::size_t i) const {
        return find(segments_[i].name, segments_[i].number) == &segments_[i];
    }

    const Segment* find(std::string_view name, int number) const {
        for (const Segment& segment : segments_)
            if (segment.number == number && segment.name == name) return &segment;
        return nullptr;
    }

    // charset'language'percent-encoded, in whatever charset, becomes utf-8'language'percent-encoded.
    static std::string extended(const std::vector<const Segment*>& parts) {
        std::string_view first = parts.front()->value;
        std::string_view charset, language;
        const std::size_t quote = first.find('\'');
        const std::size_t second = quote == first.npos ? first.npos : first.find('\'', quote + 1);
        if (parts.front()->is_extended && second != first.npos) {
            charset = first.substr(0, quote);
            language = first.substr(quote + 1, second - quote - 1);
            first.remove_prefix(second + 1);
        }
        std::string octets;
        for (const Segment* part : parts) {
            const std::string_view text = part == parts.front() ? first : std::string_view(part->value);
            octets += part->is_extended ? percent_decode(text) : std::string(text);
        }
        return "utf-8'" + percent_encode(language) + "'" + percent_encode(to_utf8(octets, charset));
    }

    Lexer& lexer_;
    std::vector<Segment> segments_;
};

} // namespace

std::vector<OwnedParameter> read_parameters(Lexer& lexer) { return ParameterReader(lexer).read(); }

std::string percent_decode(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool has_digits = text[i] == '%' && i + 2 < text.size();
        const int high = has_digits ? hex_value(text[i + 1]) : -1, low = has_digits ? hex_value(text[i + 2]) : -1;
        if (high < 0 || low < 0) {
            out += text[i];
            continue;
        }
        out += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return out;
}

} // namespace pillarbox::message
