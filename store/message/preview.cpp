// Previews (RFC 8970): decode, strip HTML in one pass, cut at 200 characters.
#include "store/message/preview.h"
#include "store/message/charset.h"
#include "store/message/header.h"
#include "store/message/mime_parser.h"
#include "store/message/transfer.h"

#include <algorithm>

namespace pillarbox::message {
namespace {

// The names of elements whose content is no text to read.
constexpr std::string_view silent_elements[] = {"style", "script", "title"};

struct Reference {
    std::string_view name, text;
};
constexpr Reference references[] = {{"amp", "&"},    {"lt", "<"},     {"gt", ">"},     {"quot", "\""}, {"apos", "'"},
                                    {"nbsp", " "},   {"zwnj", ""},    {"zwj", ""},     {"shy", ""},    {"mdash", "—"},
                                    {"ndash", "–"},  {"rsquo", "’"},  {"lsquo", "‘"},  {"rdquo", "”"}, {"ldquo", "“"},
                                    {"hellip", "…"}, {"copy", "©"},   {"euro", "€"},   {"auml", "ä"},  {"ouml", "ö"},
                                    {"uuml", "ü"},   {"Auml", "Ä"},   {"Ouml", "Ö"},   {"Uuml", "Ü"},  {"szlig", "ß"},
                                    {"eacute", "é"}, {"egrave", "è"}, {"agrave", "à"}, {"ccedil", "ç"}};
constexpr std::size_t longest_reference = 10;

constexpr std::size_t piece_octets = 1024;

// Collects characters until there are enough, with single spaces between words.
class Text {
public:
    bool is_full() const { return characters_ >= max_preview_characters; }

    void space() { space_pending_ = !out_.empty(); }

    // One character of valid UTF-8 at the front of `text`.
    // @return its octets
    std::size_t character(std::string_view text) {
        const auto lead = static_cast<unsigned char>(text[0]);
        const std::size_t n = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        if (lead <= 0x20 || lead == 0x7F || text.substr(0, 2) == "\xC2\xA0")
            space(); // U+00A0 too
        else if (!is_invisible(text.substr(0, n)))
            visible(text.substr(0, n));
        return std::min(n, text.size());
    }

    std::string take() { return std::move(out_); }

private:
    // Senders fill previews with these: soft hyphen, zero-width characters, byte order mark, grapheme joiner.
    static bool is_invisible(std::string_view c) {
        constexpr std::string_view invisible[] = {"\xC2\xAD",     "\xE2\x80\x8B", "\xE2\x80\x8C", "\xE2\x80\x8D",
                                                  "\xE2\x81\xA0", "\xEF\xBB\xBF", "\xCD\x8F"};
        return std::find(std::begin(invisible), std::end(invisible), c) != std::end(invisible);
    }

    void visible(std::string_view c) {
        if (space_pending_ && characters_ + 1 < max_preview_characters) {
            out_ += ' ';
            ++characters_;
        } else if (space_pending_) {
            characters_ = max_preview_characters; // no room for the word behind it
            return;
        }
        space_pending_ = false;
        out_ += c;
        ++characters_;
    }

    std::string out_;
    std::size_t characters_ = 0;
    bool space_pending_ = false;
};

class HtmlStripper {
public:
    HtmlStripper(std::string_view html, Text& text) : html_(html), text_(text) {}

    void strip() {
        while (at_ < html_.size() && !text_.is_full()) {
            if (html_[at_] == '<')
                tag();
            else if (html_[at_] == '&')
                reference();
            else
                at_ += text_.character(html_.substr(at_));
        }
    }

private:
    void tag() {
        const std::string_view rest = html_.substr(at_);
        if (rest.starts_with("<!--")) return skip_to("-->");
        const bool is_tag =
            rest.size() > 1 && (is_letter(rest[1]) || rest[1] == '/' || rest[1] == '!' || rest[1] == '?');
        if (!is_tag) {
            at_ += text_.character(rest);
            return;
        }
        const std::string_view name = rest.substr(1, name_octets(rest.substr(1)));
        for (const std::string_view silent : silent_elements)
            if (equal_ignoring_case(name, silent)) return skip_element(silent);
        if (!is_inline(name)) text_.space();
        skip_to(">");
    }

    void skip_to(std::string_view mark) {
        const std::size_t found = html_.find(mark, at_);
        at_ = found == html_.npos ? html_.size() : found + mark.size();
    }

    // Over everything up to the end tag.
    void skip_element(std::string_view name) {
        while (at_ < html_.size()) {
            skip_to("</");
            if (equal_ignoring_case(html_.substr(at_, name.size()), name)) return skip_to(">");
        }
    }

    void reference() {
        const std::string_view rest = html_.substr(at_ + 1, longest_reference);
        const std::size_t end = rest.find(';');
        const std::string_view name = rest.substr(0, end);
        if (end == rest.npos || !(name.starts_with('#') ? number(name.substr(1)) : named(name))) {
            at_ += text_.character("&");
            return;
        }
        at_ += end + 2;
    }

    bool named(std::string_view name) {
        const auto found = std::find_if(std::begin(references), std::end(references),
                                        [&](const Reference& reference) { return reference.name == name; });
        if (found == std::end(references)) return false;
        if (!found->text.empty()) text_.character(found->text);
        return true;
    }

    bool number(std::string_view digits) {
        const bool is_hex = digits.starts_with('x') || digits.starts_with('X');
        std::uint32_t value = 0;
        if (is_hex) digits.remove_prefix(1);
        if (digits.empty()) return false;
        for (const char c : digits) {
            const char low = static_cast<char>(c | 0x20);
            const bool is_digit = c >= '0' && c <= '9';
            if (!is_digit && !(is_hex && low >= 'a' && low <= 'f')) return false;
            value = value * (is_hex ? 16 : 10) + static_cast<std::uint32_t>(is_digit ? c - '0' : low - 'a' + 10);
        }
        std::string character;
        append_utf8(character, value);
        text_.character(character);
        return true;
    }

    static bool is_letter(char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; }

    static std::size_t name_octets(std::string_view text) {
        std::size_t n = text.starts_with('/');
        while (n < text.size() && (is_letter(text[n]) || (text[n] >= '0' && text[n] <= '9'))) ++n;
        return n;
    }

    // Elements that do not part words.
    static bool is_inline(std::string_view name) {
        if (name.starts_with('/')) name.remove_prefix(1);
        for (const std::string_view known :
             {"a", "b", "i", "u", "em", "strong", "span", "font", "small", "big", "code"})
            if (equal_ignoring_case(name, known)) return true;
        return false;
    }

    std::string_view html_;
    Text& text_;
    std::size_t at_ = 0;
};

} // namespace

std::string make_preview(const FirstText& first) {
    const std::string octets = decode_transfer(first.octets, transfer_encoding(first.encoding));
    Text text;
    if (first.is_html) {
        const std::string utf8 = to_utf8(octets, first.charset);
        HtmlStripper(utf8, text).strip();
        return text.take();
    }
    // Mostly the first piece is enough.
    CharsetDecoder decoder(first.charset);
    for (std::size_t at = 0; at < octets.size() && !text.is_full(); at += piece_octets) {
        std::string utf8;
        decoder.feed(std::string_view(octets).substr(at, piece_octets), utf8);
        if (at + piece_octets >= octets.size()) decoder.finish(utf8);
        for (std::size_t i = 0; i < utf8.size() && !text.is_full();)
            i += text.character(std::string_view(utf8).substr(i));
    }
    return text.take();
}

} // namespace pillarbox::message
