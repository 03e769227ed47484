// Encoded words (RFC 2047).
#include "store/message/encoded_word.h"
#include "store/message/charset.h"
#include "store/message/header.h"
#include "store/message/transfer.h"

#include <optional>

namespace pillarbox::message {
namespace {

constexpr std::string_view blanks = " \t\r\n";

// Longer ones are no encoded words: a bound for what a stray `=?` may swallow.
constexpr std::size_t longest_word = 2000;

struct Word {
    std::string_view charset, text;
    bool is_base64 = false;
    std::size_t end = 0; // offset behind it
};

// The Q encoding of RFC 2047 4.2: quoted-printable with `_` for a space, and no soft line breaks.
std::string decode_q(std::string_view text) {
    std::string spaced(text);
    for (char& c : spaced)
        if (c == '_') c = ' ';
    spaced += '.'; // keeps spaces at the end
    std::string out = decode_transfer(spaced, TransferEncoding::quoted_printable);
    out.pop_back();
    return out;
}

std::string decode_text(const Word& word) {
    return word.is_base64 ? decode_transfer(word.text, TransferEncoding::base64) : decode_q(word.text);
}

class WordDecoder {
public:
    explicit WordDecoder(std::string_view value) : value_(value) {}

    std::string decode() {
        std::size_t plain = 0; // where undecoded text begins
        for (std::size_t at = value_.find("=?"); at != value_.npos; at = value_.find("=?", at)) {
            const auto word = word_at(at);
            if (!word) {
                at += 2;
                continue;
            }
            const std::string_view between = value_.substr(plain, at - plain);
            if (plain == 0 || between.find_first_not_of(blanks) != between.npos) flush(), outside(between);
            append(*word);
            plain = at = word->end;
        }
        flush();
        outside(value_.substr(plain));
        return std::move(out_);
    }

private:
    // The encoded word at `at`, where `=?` stands.
    std::optional<Word> word_at(std::size_t at) {
        const std::size_t charset = at + 2;
        std::size_t mark = charset;
        while (mark < value_.size() && mark - charset < 80 && value_[mark] > ' ' && value_[mark] != '?') ++mark;
        if (mark == charset || mark + 2 >= value_.size() || value_[mark] != '?' || value_[mark + 2] != '?') return {};
        const char encoding = static_cast<char>(value_[mark + 1] | 0x20);
        if (encoding != 'b' && encoding != 'q') return {};
        const std::size_t text = mark + 3;
        // Ends are looked for once, however many beginnings there are.
        if (end_ != value_.npos && end_ < text) end_ = value_.find("?=", text);
        if (end_ == value_.npos || end_ - at > longest_word) return {};
        Word word;
        const std::string_view name = value_.substr(charset, mark - charset);
        word.charset = name.substr(0, name.find('*')); // a language may follow (RFC 2231 5)
        word.text = value_.substr(text, end_ - text);
        word.is_base64 = encoding == 'b';
        word.end = end_ + 2;
        return word;
    }

    void append(const Word& word) {
        if (!equal_ignoring_case(word.charset, charset_)) flush();
        charset_ = word.charset;
        pending_ += decode_text(word);
    }

    // Converts what adjacent words of one charset gave, all at once.
    void flush() {
        std::string text = to_utf8(pending_, charset_);
        for (char& c : text)
            if (c == '\r' || c == '\n' || c == '\0') c = ' ';
        out_ += text;
        pending_.clear();
        charset_ = {};
    }

    void outside(std::string_view text) {
        std::string raw;
        for (const char c : text)
            if (c != '\r' && c != '\n' && c != '\0') raw += c;
        out_ += to_utf8(raw, "us-ascii");
    }

    std::string_view value_;
    std::size_t end_ = 0;
    std::string_view charset_;
    std::string pending_, out_;
};

} // namespace

std::string decode_words(std::string_view value) { return WordDecoder(value).decode(); }

} // namespace pillarbox::message
