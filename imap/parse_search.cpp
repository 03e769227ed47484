// The arguments of SEARCH, turned into a flat program while they are read (RFC 9051 6.4.4 and 9).
//
// Keys nest (NOT, OR, parentheses); the open ones are kept on a stack of bounded height. A key that is complete is a
// fragment of the program whose jumps are relative, so fragments can be put in order of cost and joined.
#include "imap/characters.h"
#include "imap/parser.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace pillarbox::imap {
namespace {

struct Fragment {
    std::vector<SearchStep> steps;
    SearchCost dearest = SearchCost::numbers;
};

Fragment single(SearchStep step) {
    Fragment fragment;
    fragment.dearest = cost(step.test);
    fragment.steps.push_back(std::move(step));
    return fragment;
}

void append_steps(Fragment& to, Fragment&& from) {
    to.dearest = std::max(to.dearest, from.dearest);
    std::ranges::move(from.steps, std::back_inserter(to.steps));
}

Fragment inverted(Fragment fragment) {
    fragment.steps.push_back({SearchTest::invert, 0, {}, {}, {}});
    return fragment;
}

/// All of them (jump_if_false) or one of them (jump_if_true), the cheapest first; the rest is skipped once it is known.
Fragment joined(std::vector<Fragment> parts, SearchTest jump) {
    std::ranges::stable_sort(parts, {}, &Fragment::dearest);
    std::size_t left = parts.size() - 1;
    for (const Fragment& part : parts) left += part.steps.size();
    Fragment all;
    all.steps.reserve(left);
    for (std::size_t i = 0; i < parts.size(); ++i) {
        left -= parts[i].steps.size();
        append_steps(all, std::move(parts[i]));
        if (i + 1 == parts.size()) break;
        --left; // the jump itself
        all.steps.push_back({jump, static_cast<std::int64_t>(left), {}, {}, {}});
    }
    return all;
}

SearchStep step(SearchTest test, std::string text = {}) { return {test, 0, {}, std::move(text), {}}; }

struct FlagWord {
    std::string_view word;
    const char* flag;
    bool set;
};
constexpr FlagWord flag_words[] = {
    {"ANSWERED", "\\Answered", true},  {"UNANSWERED", "\\Answered", false}, {"DELETED", "\\Deleted", true},
    {"UNDELETED", "\\Deleted", false}, {"DRAFT", "\\Draft", true},          {"UNDRAFT", "\\Draft", false},
    {"FLAGGED", "\\Flagged", true},    {"UNFLAGGED", "\\Flagged", false},   {"SEEN", "\\Seen", true},
    {"UNSEEN", "\\Seen", false},
};

constexpr std::string_view address_words[] = {"BCC", "CC", "FROM", "SUBJECT", "TO"};

struct DateWord {
    std::string_view word;
    SearchTest test;
};
constexpr DateWord date_words[] = {{"BEFORE", SearchTest::before},  {"ON", SearchTest::on},
                                   {"SINCE", SearchTest::since},    {"SENTBEFORE", SearchTest::sent_before},
                                   {"SENTON", SearchTest::sent_on}, {"SENTSINCE", SearchTest::sent_since}};

/// Keys that stand for more than one test, or for the contrary of one.
std::optional<Fragment> flag_key(std::string_view word) {
    for (const FlagWord& entry : flag_words) {
        if (!equal_ignoring_case(word, entry.word)) continue;
        Fragment fragment = single(step(SearchTest::flag, entry.flag));
        return entry.set ? fragment : inverted(std::move(fragment));
    }
    if (equal_ignoring_case(word, "OLD")) return inverted(single(step(SearchTest::recent)));
    if (!equal_ignoring_case(word, "NEW")) return std::nullopt;
    // RFC 3501 6.4.4: RECENT UNSEEN
    std::vector<Fragment> both;
    both.push_back(single(step(SearchTest::recent)));
    both.push_back(inverted(single(step(SearchTest::flag, "\\Seen"))));
    return joined(std::move(both), SearchTest::jump_if_false);
}

} // namespace

/// The keys that wait for those inside them.
class Parser::SearchKeys {
public:
    enum class Kind : std::uint8_t { list, parenthesis, negation, alternative };

    void open(Kind kind) {
        if (open_.size() > limits::search_depth) throw SyntaxError("Search keys nested too deeply");
        open_.push_back({kind, {}});
    }

    /// Puts a complete key where it belongs, and closes what it completes.
    void add(Fragment key) {
        while (true) {
            Open& top = open_.back();
            if (top.kind == Kind::negation) {
                key = inverted(std::move(key));
            } else {
                top.parts.push_back(std::move(key));
                if (top.kind != Kind::alternative || top.parts.size() < 2) return;
                key = joined(std::move(top.parts), SearchTest::jump_if_true);
            }
            open_.pop_back();
        }
    }

    bool in_parenthesis() const { return open_.back().kind == Kind::parenthesis; }
    void close_parenthesis() {
        Fragment inner = joined(std::move(open_.back().parts), SearchTest::jump_if_false);
        open_.pop_back();
        add(std::move(inner));
    }

    bool all_closed() const { return open_.size() == 1; }
    std::vector<SearchStep> program() {
        return joined(std::move(open_.front().parts), SearchTest::jump_if_false).steps;
    }

private:
    struct Open {
        Kind kind = Kind::list;
        std::vector<Fragment> parts;
    };
    std::vector<Open> open_{Open{}};
};

SearchReturn Parser::search_return() {
    SearchReturn result;
    result.given = true;
    space();
    expect('(');
    if (accept(')')) {
        result.all = true; // RFC 9051 6.4.4: no option means ALL
        return result;
    }
    do {
        if (accept_word("MIN")) {
            result.min = true;
        } else if (accept_word("MAX")) {
            result.max = true;
        } else if (accept_word("ALL")) {
            result.all = true;
        } else if (accept_word("COUNT")) {
            result.count = true;
        } else if (accept_word("SAVE")) {
            result.save = true;
        } else {
            fail("a result option");
        }
    } while (accept(' '));
    expect(')');
    return result;
}

SearchStep Parser::text_key(SearchTest test, std::string header) {
    space();
    SearchStep key = step(test, astring());
    key.name = std::move(header);
    return key;
}

SearchStep Parser::date_key(SearchTest test) {
    space();
    SearchStep key = step(test);
    key.number = date();
    return key;
}

// A key that tests one thing.
SearchStep Parser::search_test(std::string_view word) {
    const auto is = [word](std::string_view name) { return equal_ignoring_case(word, name); };
    if (is("ALL")) return step(SearchTest::all);
    if (is("RECENT")) return step(SearchTest::recent);
    for (const std::string_view name : address_words) {
        if (is(name)) return text_key(SearchTest::header, std::string(name));
    }
    for (const DateWord& entry : date_words) {
        if (is(entry.word)) return date_key(entry.test);
    }
    if (is("BODY")) return text_key(SearchTest::body, {});
    if (is("TEXT")) return text_key(SearchTest::text, {});
    if (is("HEADER")) {
        space();
        std::string name = astring();
        return text_key(SearchTest::header, std::move(name));
    }
    if (is("LARGER") || is("SMALLER")) {
        SearchStep key = step(is("LARGER") ? SearchTest::larger : SearchTest::smaller);
        space();
        key.number = static_cast<std::int64_t>(number64());
        return key;
    }
    if (is("KEYWORD") || is("UNKEYWORD")) {
        space();
        return step(SearchTest::keyword, flag_keyword());
    }
    if (is("UID")) {
        space();
        SearchStep key = step(SearchTest::uid);
        key.set = sequence_set();
        return key;
    }
    at_ -= word.size();
    fail("a search key");
}

// One key, or the beginning of one that holds others.
// @return whether a key is complete
bool Parser::search_key(SearchKeys& keys) {
    if (accept('(')) {
        keys.open(SearchKeys::Kind::parenthesis);
        return false;
    }
    if (is_digit(peek()) || peek() == '*' || peek() == '$') {
        SearchStep key = step(SearchTest::sequence);
        key.set = sequence_set();
        keys.add(single(std::move(key)));
        return true;
    }
    const auto word = take_while(is_letter, "a search key");
    const bool negation = equal_ignoring_case(word, "NOT");
    if (negation || equal_ignoring_case(word, "OR")) {
        keys.open(negation ? SearchKeys::Kind::negation : SearchKeys::Kind::alternative);
        space();
        return false;
    }
    if (auto fragment = flag_key(word)) {
        keys.add(std::move(*fragment));
        return true;
    }
    Fragment key = single(search_test(word));
    keys.add(equal_ignoring_case(word, "UNKEYWORD") ? inverted(std::move(key)) : std::move(key));
    return true;
}

SearchRequest Parser::search() {
    SearchRequest request;
    if (accept_word("RETURN")) {
        request.result = search_return();
        space();
    }
    if (accept_word("CHARSET")) {
        space();
        request.charset = astring();
        space();
    }
    SearchKeys keys;
    std::size_t read = 0;
    while (true) {
        if (++read > limits::search_keys) throw SyntaxError("Too many search keys");
        if (!search_key(keys)) continue;
        while (keys.in_parenthesis() && accept(')')) keys.close_parenthesis();
        if (keys.all_closed() && at_end()) break;
        space();
    }
    request.program = keys.program();
    return request;
}

} // namespace pillarbox::imap
