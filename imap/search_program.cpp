// Costs of search steps (RFC 9051 6.4.4).
#include "imap/search_program.h"

#include <algorithm>

namespace pillarbox::imap {

SearchCost cost(SearchTest test) {
    if (test >= SearchTest::body) return SearchCost::body;
    if (test >= SearchTest::sent_before) return SearchCost::header;
    if (test >= SearchTest::flag) return SearchCost::entry;
    return SearchCost::numbers;
}

SearchCost SearchRequest::dearest() const {
    SearchCost most = SearchCost::numbers;
    for (const SearchStep& step : program) most = std::max(most, cost(step.test));
    return most;
}

} // namespace pillarbox::imap
