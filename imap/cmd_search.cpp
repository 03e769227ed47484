// SEARCH and UID SEARCH (RFC 9051 6.4.4; RFC 3501 6.4.4, RFC 4731, RFC 5182).
#include "appliance/runtime/pool.h"
#include "imap/gathering.h"
#include "imap/parser.h"
#include "imap/searcher.h"
#include "imap/session.h"
#include "store/message/charset.h"
#include "store/volume.h"

#include <algorithm>
#include <deque>

namespace pillarbox::imap {

using runtime::Task;

namespace {

/// Brings the texts of the program to UTF-8. False: nobody here knows that charset.
bool convert(SearchRequest& request) {
    if (request.charset.empty()) return true; // UTF-8 in IMAP4rev2, US-ASCII before: the same here
    if (!message::knows_charset(request.charset)) return false;
    if (message::is_utf8_charset(request.charset)) return true;
    for (SearchStep& step : request.program) step.text = message::to_utf8(step.text, request.charset);
    return true;
}

/// The result in the numbers the client asked for.
NumberRanges numbers(const store::UidSet& found, const Selected& selected, Numbering numbering) {
    NumberRanges all;
    for (const store::UidRange range : found.ranges()) {
        if (numbering == Numbering::uid) {
            all.push_back({range.first, range.last});
            continue;
        }
        // UIDs without a gap have sequence numbers without a gap.
        const std::uint32_t first = selected.map().position(store::Uid{range.first});
        const std::uint32_t last = first + (range.last - range.first);
        if (!all.empty() && all.back().last + 1 == first) {
            all.back().last = last;
        } else {
            all.push_back({first, last});
        }
    }
    return all;
}

std::string search_line(const NumberRanges& found) {
    std::string line = "* SEARCH";
    for (const NumberRange range : found) {
        for (std::uint64_t number = range.first; number <= range.last; ++number) {
            line += ' ';
            write_number(line, number);
        }
    }
    return line += "\r\n";
}

std::string esearch_line(const Session& session, const SearchReturn& result, const NumberRanges& found,
                         Numbering numbering) {
    std::string line = "* ESEARCH (TAG ";
    write_string(line, session.tag(), Quoting::ascii);
    line += numbering == Numbering::uid ? ") UID" : ")";
    const auto number = [&line](std::string_view name, std::uint64_t value) {
        line += name;
        write_number(line, value);
    };
    if (result.min && !found.empty()) number(" MIN ", found.front().first);
    if (result.max && !found.empty()) number(" MAX ", found.back().last);
    if (result.all && !found.empty()) {
        line += " ALL ";
        write(line, found);
    }
    if (result.count) number(" COUNT ", count(found));
    return line += "\r\n";
}

/// What `$` becomes (RFC 9051 6.4.4.1, table 4).
store::UidSet to_save(const SearchReturn& result, const store::UidSet& found) {
    if (found.empty() || result.all || result.count || !(result.min || result.max)) return found;
    store::UidSet saved;
    if (result.min) saved.add(store::Uid{found.ranges().front().first});
    if (result.max) saved.add(store::Uid{found.ranges().back().last});
    return saved;
}

Task<void> run_searcher(store::Volume& volume, Searcher& searcher, runtime::Lane lane) {
    Searcher* const target = &searcher;
    auto look = [target](store::Snapshot& snapshot) { target->search(snapshot); };
    while (!searcher.done()) co_await volume.read(look, lane);
}

/// Looks through the mailbox with as many threads as long searches may have.
Task<void> run(Session& session, SearchJob& job) {
    const bool is_long = job.plan().cost() > SearchCost::entry;
    const auto lane = is_long ? runtime::Lane::long_work : runtime::Lane::read;
    store::Volume& volume = session.selected().view().volume();
    const std::size_t share = is_long ? std::max(1u, volume.pool().threads() / 2) : 1;
    std::deque<Searcher> searchers;
    Gathering all(session.stream().loop());
    for (std::size_t i = 0; i < std::min(share, job.parts()); ++i) {
        searchers.emplace_back(job);
        all.add(run_searcher(volume, searchers.back(), lane));
    }
    co_await all.done();
}

Task<Completion> search(Session& session, Parser& args, Numbering numbering) {
    args.space();
    SearchRequest request = args.search();
    args.end();
    const SearchReturn& result = request.result;
    if (!convert(request)) {
        if (result.save) session.selected().save({});
        co_return no("BADCHARSET (US-ASCII UTF-8)", "That charset is not known");
    }
    const SearchPlan plan(request, session.selected());
    store::UidSet found;
    Completion done = ok("SEARCH completed");
    if (plan.cost() == SearchCost::numbers) {
        found = plan.by_numbers();
    } else {
        SearchJob job(plan);
        co_await run(session, job);
        found = job.found();
        if (job.missed_some()) done.code = "EXPUNGEISSUED";
    }
    if (result.save) session.selected().save(to_save(result, found));
    if (result.only_save()) co_return done;

    const NumberRanges answer = numbers(found, session.selected(), numbering);
    if (result.given || session.rev2()) {
        SearchReturn wanted = result;
        wanted.all |= !result.given; // RFC 9051 6.4.4: no option means ALL
        session.write(esearch_line(session, wanted, answer, numbering));
    } else {
        session.write(search_line(answer));
    }
    co_await session.stream().drain();
    co_return done;
}

} // namespace

Task<Completion> cmd_search(Session& session, Parser& args) { return search(session, args, Numbering::sequence); }
Task<Completion> cmd_uid_search(Session& session, Parser& args) { return search(session, args, Numbering::uid); }

} // namespace pillarbox::imap
