// What SEARCH asks for (RFC 9051 6.4.4), as a flat program: tests and jumps, nothing to recurse into.
#pragma once

#include "imap/sequence_set.h"

#include <cstdint>
#include <string>
#include <vector>

namespace pillarbox::imap {

/// One step. Tests leave true or false behind; the others act on what the test before them left.
enum class SearchTest : std::uint8_t {
    // acting on the value
    invert,
    jump_if_false, // over `number` steps
    jump_if_true,
    // numbers only
    all,
    recent,
    sequence,
    uid,
    // the entry's row is enough
    flag,    // a system flag, by name in `text`
    keyword, // by name in `text`
    before,  // internal date; `number` is a day since 1970-01-01
    on,
    since,
    larger,
    smaller,
    // needs the header
    sent_before,
    sent_on,
    sent_since,
    header, // field `name` contains `text`; BCC, CC, FROM, SUBJECT and TO are this as well
    // needs the body
    body,
    text
};

struct SearchStep {
    SearchTest test = SearchTest::all;
    std::int64_t number = 0;
    std::string name;
    std::string text;
    SequenceSet set;
};

/// What a step costs, so that cheap ones go first.
enum class SearchCost : std::uint8_t { numbers, entry, header, body };
SearchCost cost(SearchTest test);

/// RETURN options (RFC 9051 6.4.4; RFC 4731, RFC 5182).
struct SearchReturn {
    bool given = false; ///< there was a RETURN: the answer is an ESEARCH even for rev1
    bool min = false, max = false, all = false, count = false, save = false;
    bool only_save() const { return save && !min && !max && !all && !count; }
};

struct SearchRequest {
    SearchReturn result;
    std::string charset; ///< as given; empty: none was
    std::vector<SearchStep> program;
    SearchCost dearest() const;
};

} // namespace pillarbox::imap
