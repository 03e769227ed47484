// Runs a SEARCH program over a mailbox (RFC 9051 6.4.4).
#include "imap/searcher.h"

#include "imap/flags.h"
#include "imap/message_search.h"
#include "store/message/blob.h"

#include <algorithm>

namespace pillarbox::imap {
namespace {

constexpr std::int64_t seconds_a_day = 86400;

// The internal date is shown in UTC, so its day is UTC's.
std::int64_t day_of(std::int64_t seconds) {
    return seconds >= 0 ? seconds / seconds_a_day : (seconds + 1) / seconds_a_day - 1;
}

bool has_needle(SearchTest test) {
    return test == SearchTest::header || test == SearchTest::body || test == SearchTest::text;
}

} // namespace

SearchPlan::SearchPlan(const SearchRequest& request, const Selected& mailbox)
    : program_(request.program), cost_(request.dearest()), mailbox_(mailbox.view().mailbox()),
      map_(mailbox.shared_map()), recent_from_(mailbox.recent_from()), sets_(program_.size()), flags_(program_.size()),
      needle_of_(program_.size()) {
    for (std::size_t i = 0; i < program_.size(); ++i) {
        const SearchStep& step = program_[i];
        if (step.test == SearchTest::sequence) sets_[i] = mailbox.resolve(step.set, Numbering::sequence);
        if (step.test == SearchTest::uid) sets_[i] = mailbox.resolve(step.set, Numbering::uid);
        if (step.test == SearchTest::flag) flags_[i] = system_flag(step.text);
        if (!has_needle(step.test)) continue;
        needle_of_[i] = needles_.size();
        needles_.emplace_back(step.text);
    }
    candidates_ = map_->uids(1, map_->size());
    narrow();
}

// Sets come first in the program: as long as all of it depends on them, only their messages need be looked at.
void SearchPlan::narrow() {
    for (std::size_t i = 0; i < program_.size(); i += 2) {
        const bool is_set = program_[i].test == SearchTest::sequence || program_[i].test == SearchTest::uid;
        const bool is_last = i + 1 == program_.size();
        if (!is_set) return;
        if (!is_last) {
            const SearchStep& jump = program_[i + 1];
            const bool ends = i + 2 + static_cast<std::size_t>(jump.number) == program_.size();
            if (jump.test != SearchTest::jump_if_false || !ends) return;
        }
        candidates_ = candidates_.intersected(sets_[i]);
    }
}

bool SearchPlan::test(std::size_t at, const store::Entry& entry, const store::Keywords* keywords,
                      SearchedMessage* message) const {
    const SearchStep& step = program_[at];
    switch (step.test) {
    case SearchTest::all:
        return true;
    case SearchTest::recent:
        return entry.uid >= recent_from_;
    case SearchTest::sequence:
    case SearchTest::uid:
        return sets_[at].contains(entry.uid);
    case SearchTest::flag:
        return (entry.flags & flags_[at]) != 0;
    case SearchTest::keyword:
        return (entry.flags & keywords->bit(step.text)) != 0;
    case SearchTest::before:
        return day_of(entry.internal_date) < step.number;
    case SearchTest::on:
        return day_of(entry.internal_date) == step.number;
    case SearchTest::since:
        return day_of(entry.internal_date) >= step.number;
    case SearchTest::larger:
        return entry.size > step.number;
    case SearchTest::smaller:
        return entry.size < step.number;
    case SearchTest::sent_before:
        return message->sent_day().value_or(step.number) < step.number;
    case SearchTest::sent_on:
        return message->sent_day() == step.number;
    case SearchTest::sent_since:
        return message->sent_day().value_or(step.number - 1) >= step.number;
    case SearchTest::header:
        return message->has_field(step.name, needles_[needle_of_[at]]);
    case SearchTest::body:
        return message->body_has(needles_[needle_of_[at]]);
    case SearchTest::text:
        return message->text_has(needles_[needle_of_[at]]);
    case SearchTest::invert:
    case SearchTest::jump_if_false:
    case SearchTest::jump_if_true:
        break;
    }
    return false;
}

bool SearchPlan::run(const store::Entry& entry, const store::Keywords* keywords, SearchedMessage* message) const {
    bool value = true;
    for (std::size_t at = 0; at < program_.size(); ++at) {
        const SearchStep& step = program_[at];
        switch (step.test) {
        case SearchTest::invert:
            value = !value;
            break;
        case SearchTest::jump_if_false:
            if (!value) at += static_cast<std::size_t>(step.number);
            break;
        case SearchTest::jump_if_true:
            if (value) at += static_cast<std::size_t>(step.number);
            break;
        default:
            value = test(at, entry, keywords, message);
        }
    }
    return value;
}

store::UidSet SearchPlan::by_numbers() const {
    store::UidSet found;
    store::Entry entry;
    for (const store::UidRange range : candidates_.ranges()) {
        for (std::uint64_t uid = range.first; uid <= range.last; ++uid) {
            entry.uid = store::Uid{static_cast<std::uint32_t>(uid)};
            if (run(entry, nullptr, nullptr)) found.add(entry.uid);
        }
    }
    return found;
}

bool SearchPlan::matches(const store::Entry& entry, const store::Keywords& keywords, store::Snapshot& snapshot) const {
    SearchedMessage message(snapshot, mailbox_, entry);
    return run(entry, &keywords, &message);
}

SearchJob::SearchJob(const SearchPlan& plan) : plan_(plan) {
    // Where entries alone decide, one thread reads them quickest.
    const std::uint32_t most = plan.cost() <= SearchCost::entry ? 16384 : 256;
    std::uint32_t room = 0;
    for (const store::UidRange range : plan.candidates().ranges()) {
        for (std::uint64_t first = range.first; first <= range.last;) {
            if (room == 0) {
                parts_.emplace_back();
                room = most;
            }
            const auto last = std::min<std::uint64_t>(range.last, first + room - 1);
            parts_.back().left.add(static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(last));
            room -= static_cast<std::uint32_t>(last - first + 1);
            first = last + 1;
        }
    }
}

store::UidSet SearchJob::found() const {
    store::UidSet all;
    for (const Part& part : parts_) {
        for (const store::UidRange range : part.found.ranges()) all.add(range.first, range.last);
    }
    return all;
}

void Searcher::search(store::Snapshot& snapshot) {
    const store::Keywords keywords = snapshot.keywords(job_.plan_.mailbox());
    do {
        if (!part_) {
            const std::size_t next = job_.next_++;
            done_ = next >= job_.parts_.size();
            if (done_) return;
            part_ = &job_.parts_[next];
        }
        search_part(*part_, keywords, snapshot);
        if (part_->left.empty()) part_ = nullptr;
    } while (!snapshot.expired());
}

// Entries are read ahead of the tests, as those look into other tables.
void Searcher::search_part(SearchJob::Part& part, const store::Keywords& keywords, store::Snapshot& snapshot) {
    const SearchPlan& plan = job_.plan_;
    batch_.clear();
    snapshot.entries(plan.mailbox(), part.left, [this](const store::Entry& entry) {
        batch_.push_back(entry);
        return true;
    });
    for (const store::Entry& entry : batch_) {
        ++job_.met_;
        try {
            if (plan.matches(entry, keywords, snapshot)) part.found.add(entry.uid);
        } catch (const message::BlobError&) {
            // What cannot be read holds no text; FETCH tells of the damage.
        }
        if (plan.cost() <= SearchCost::entry || !snapshot.expired()) continue;
        part.left = part.left.from(store::Uid{entry.uid.value + 1});
        if (!part.left.empty()) return;
    }
    part.left = store::UidSet();
}

} // namespace pillarbox::imap
