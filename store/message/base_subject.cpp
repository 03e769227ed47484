// The base subject (RFC 5256 2.1), by which SORT and THREAD compare.
#include "store/message/charset.h"
#include "store/message/encoded_word.h"
#include "store/message/header.h"

namespace pillarbox::message {
namespace {

bool starts_with(std::string_view text, std::string_view prefix) {
    return equal_ignoring_case(text.substr(0, prefix.size()), prefix);
}

bool ends_with(std::string_view text, std::string_view suffix) {
    return text.size() >= suffix.size() && equal_ignoring_case(text.substr(text.size() - suffix.size()), suffix);
}

// Step 1: blanks and tabs become single blanks.
std::string with_single_blanks(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool is_blank = c == ' ' || c == '\t';
        if (!is_blank)
            out += c;
        else if (!out.empty() && out.back() != ' ')
            out += ' ';
    }
    return out;
}

// subj-blob = "[" *BLOBCHAR "]" *WSP
// @return its length, 0 if there is none
std::size_t blob(std::string_view text) {
    if (!text.starts_with('[')) return 0;
    std::size_t end = text.find_first_of("[]", 1);
    if (end == text.npos || text[end] == '[') return 0;
    for (++end; end < text.size() && text[end] == ' ';) ++end;
    return end;
}

// subj-refwd = ("re" / ("fw" ["d"])) *WSP [subj-blob] ":"
std::size_t reply_or_forward(std::string_view text) {
    std::size_t end = starts_with(text, "re") || starts_with(text, "fw") ? 2 : 0;
    if (end == 0) return 0;
    if (starts_with(text, "fwd")) ++end;
    while (end < text.size() && text[end] == ' ') ++end;
    end += blob(text.substr(end));
    return end < text.size() && text[end] == ':' ? end + 1 : 0;
}

class Stripper {
public:
    explicit Stripper(std::string_view text) : text_(text) {}

    BaseSubject strip() {
        do {
            trailers();
            while (leader() || leading_blob()) {
            }
        } while (forward_brackets());
        return {std::string(text_), stripped_};
    }

private:
    // Step 2: subj-trailer = "(fwd)" / WSP
    void trailers() {
        for (;;) {
            if (text_.ends_with(' '))
                text_.remove_suffix(1);
            else if (ends_with(text_, "(fwd)"))
                text_.remove_suffix(5), stripped_ = true;
            else
                return;
        }
    }

    // Step 3: subj-leader = (*subj-blob subj-refwd) / WSP
    bool leader() {
        if (text_.starts_with(' ')) {
            text_.remove_prefix(1);
            return true;
        }
        std::size_t at = 0;
        while (const std::size_t length = blob(text_.substr(at))) at += length;
        const std::size_t length = reply_or_forward(text_.substr(at));
        if (length == 0) return false;
        text_.remove_prefix(at + length);
        stripped_ = true;
        return true;
    }

    // Step 4: a blob goes if something is left then.
    bool leading_blob() {
        const std::size_t length = blob(text_);
        if (length == 0 || length == text_.size()) return false;
        text_.remove_prefix(length);
        return true;
    }

    // Step 6: subj-fwd = "[fwd:" subject "]"
    bool forward_brackets() {
        if (!starts_with(text_, "[fwd:") || !text_.ends_with(']')) return false;
        text_.remove_prefix(5);
        text_.remove_suffix(1);
        return stripped_ = true;
    }

    std::string_view text_;
    bool stripped_ = false;
};

} // namespace

BaseSubject base_subject(std::string_view subject) {
    // What is beyond four times the bound cannot come into the base subject but by decoding to nothing.
    const std::string decoded = decode_words(subject.substr(0, 4 * max_base_subject));
    const std::string text = with_single_blanks(decoded);
    return Stripper(cut_utf8(text, max_base_subject)).strip();
}

} // namespace pillarbox::message
