// Words and small rules of the IMAP grammar (RFC 9051 9).
#include "imap/parser.h"

#include "imap/characters.h"

#include "store/message/date.h"

#include <limits>

namespace pillarbox::imap {

void Parser::fail(const std::string& expected) const {
    throw SyntaxError("Expected " + expected + " at octet " + std::to_string(at_ + 1));
}

template <class Predicate>
std::string_view Parser::take_while(Predicate allowed, const char* what) {
    const std::size_t start = at_;
    while (!at_end() && allowed(text_[at_])) ++at_;
    if (at_ == start) fail(what);
    return std::string_view(text_).substr(start, at_ - start);
}

std::string_view Parser::tag() {
    const auto taken = take_while([](char c) { return is_astring_char(c) && c != '+'; }, "a tag");
    if (taken.size() > limits::tag) throw SyntaxError("Tag too long");
    return taken;
}

std::string_view Parser::atom() { return take_while(is_atom_char, "an atom"); }

std::string Parser::astring() {
    if (peek() == '"' || peek() == '{') return string();
    return std::string(take_while(is_astring_char, "a string"));
}

std::string Parser::string() {
    if (peek() == '"') return quoted();
    if (peek() == '{') return std::string(literal());
    fail("a string");
}

std::optional<std::string> Parser::nstring() {
    if (accept_word("NIL")) return std::nullopt;
    return string();
}

std::string Parser::quoted() {
    expect('"');
    std::string value;
    while (!accept('"')) {
        if (at_end() || peek() == '\r' || peek() == '\n' || peek() == '\0') fail("a closing quote");
        if (accept('\\') && peek() != '"' && peek() != '\\') fail("a quote or backslash");
        value += text_[at_++];
    }
    return value;
}

// The octets are there: the command reader saw to that. NUL may stand in no literal but a literal8 (RFC 9051 9).
std::string_view Parser::literal() {
    expect('{');
    const std::uint64_t size = digits(std::numeric_limits<std::uint32_t>::max(), "a literal's size");
    accept('+');
    expect('}');
    expect('\r');
    expect('\n');
    if (size > text_.size() - at_) fail("a whole literal");
    const auto octets = std::string_view(text_).substr(at_, static_cast<std::size_t>(size));
    if (octets.find('\0') != std::string_view::npos) throw SyntaxError("A literal may not hold NUL");
    at_ += octets.size();
    return octets;
}

LiteralSize Parser::literal_size() {
    LiteralSize size;
    size.binary = accept('~');
    expect('{');
    size.octets = number64();
    size.synchronizing = !accept('+');
    expect('}');
    return size;
}

std::uint64_t Parser::digits(std::uint64_t largest, const char* what) {
    const std::size_t start = at_;
    const auto text = take_while(is_digit, what);
    std::uint64_t value = 0;
    for (const char c : text) {
        const auto digit = static_cast<std::uint64_t>(c - '0');
        if (value > (largest - digit) / 10) {
            at_ = start;
            fail(std::string(what) + " that is not so large");
        }
        value = value * 10 + digit;
    }
    return value;
}

std::uint32_t Parser::number() {
    return static_cast<std::uint32_t>(digits(std::numeric_limits<std::uint32_t>::max(), "a number"));
}

// 63 bits: RFC 9051 9, number64
std::uint64_t Parser::number64() { return digits(std::numeric_limits<std::int64_t>::max(), "a number"); }

std::uint32_t Parser::nz_number() {
    if (peek() == '0') fail("a number above 0");
    return number();
}

void Parser::space() { expect(' '); }

void Parser::expect(char c) {
    if (accept(c)) return;
    fail(c == ' ' ? "a space" : c == '\r' || c == '\n' ? "a line end" : std::string(1, c));
}

bool Parser::accept(char c) {
    if (at_end() || text_[at_] != c) return false;
    ++at_;
    return true;
}

bool Parser::accept_word(std::string_view word) {
    const auto here = rest();
    if (!equal_ignoring_case(here.substr(0, word.size()), word)) return false;
    if (here.size() > word.size() && is_word_char(here[word.size()])) return false;
    at_ += word.size();
    return true;
}

void Parser::end() {
    if (!at_end()) fail("the end of the command");
}

std::uint32_t Parser::sequence_number() { return accept('*') ? SequenceSet::star : nz_number(); }

SequenceSet Parser::sequence_set() {
    SequenceSet set;
    do {
        if (accept('$')) { // only as the last element: RFC 9051 9, seq-last-command
            set.saved_result = true;
            break;
        }
        const std::uint32_t first = sequence_number();
        const std::uint32_t last = accept(':') ? sequence_number() : first;
        set.ranges.push_back({first, last});
    } while (accept(','));
    return set;
}

std::string Parser::flag_keyword() {
    const auto word = atom();
    if (word.size() > limits::keyword) throw SyntaxError("Keyword too long");
    return std::string(word);
}

void Parser::flag(FlagList& list) {
    if (list.system.size() + list.keywords.size() == limits::flags) throw SyntaxError("Too many flags");
    if (!accept('\\')) {
        list.keywords.push_back(flag_keyword());
        return;
    }
    for (const char* name : {"Seen", "Answered", "Flagged", "Deleted", "Draft"}) {
        if (!accept_word(name)) continue;
        list.system.push_back(std::string("\\") + name);
        return;
    }
    // Clients that copy mail between servers send it back; it cannot be set (RFC 3501 2.3.2).
    if (!accept_word("Recent")) fail("a flag this server knows");
}

FlagList Parser::flag_list() {
    FlagList list;
    expect('(');
    if (accept(')')) return list;
    do flag(list);
    while (accept(' '));
    expect(')');
    return list;
}

StoreRequest Parser::store_att_flags() {
    StoreRequest request;
    if (accept('+')) {
        request.mode = StoreRequest::Mode::add;
    } else if (accept('-')) {
        request.mode = StoreRequest::Mode::remove;
    }
    request.silent = accept_word("FLAGS.SILENT");
    if (!request.silent && !accept_word("FLAGS")) fail("FLAGS");
    space();
    if (peek() == '(') {
        request.flags = flag_list();
    } else {
        do flag(request.flags);
        while (accept(' '));
    }
    return request;
}

std::int64_t Parser::date() {
    const std::size_t start = at_;
    const std::string text = astring();
    if (const auto day = message::parse_imap_day(text)) return *day;
    at_ = start;
    fail("a date like 1-Feb-1994");
}

std::int64_t Parser::date_time() {
    const std::size_t start = at_;
    const std::string text = quoted();
    if (const auto when = message::parse_internal_date(text)) return when->unix_seconds;
    at_ = start;
    fail("a date and time like \"17-Jul-1996 02:44:25 -0700\"");
}

std::vector<std::pair<std::string, std::optional<std::string>>> Parser::id_params() {
    std::vector<std::pair<std::string, std::optional<std::string>>> pairs;
    if (accept_word("NIL")) return pairs;
    expect('(');
    if (accept(')')) return pairs;
    do {
        if (pairs.size() == limits::id_pairs) throw SyntaxError("Too many fields");
        std::string field = string();
        if (field.size() > limits::id_field) throw SyntaxError("Field name too long");
        space();
        auto value = nstring();
        if (value && value->size() > limits::id_value) throw SyntaxError("Field value too long");
        pairs.emplace_back(std::move(field), std::move(value));
    } while (accept(' '));
    expect(')');
    return pairs;
}

} // namespace pillarbox::imap
