// Runs a SEARCH program over a mailbox, page by page, on pool threads (RFC 9051 6.4.4).
#pragma once

#include "imap/needle.h"
#include "imap/search_program.h"
#include "imap/selected.h"
#include "store/snapshot.h"
#include "store/uid_map.h"

#include <atomic>
#include <memory>
#include <optional>
#include <vector>

namespace pillarbox::imap {

/// A program made ready for one mailbox: names became bits, sets became UIDs, texts became needles. Shared by threads.
class SearchPlan {
public:
    /// Throws SyntaxError on a sequence number beyond the last.
    SearchPlan(const SearchRequest& request, const Selected& mailbox);

    store::MailboxId mailbox() const noexcept { return mailbox_; }
    SearchCost cost() const noexcept { return cost_; }
    /// Messages that can match at all, all of them known to the client.
    const store::UidSet& candidates() const noexcept { return candidates_; }
    /// Those that match, when numbers alone decide.
    store::UidSet by_numbers() const;
    /// Whether a message matches. Throws BlobError when what is stored cannot be read.
    bool matches(const store::Entry& entry, const store::Keywords& keywords, store::Snapshot& snapshot) const;

private:
    bool test(std::size_t step, const store::Entry& entry, const store::Keywords* keywords,
              class SearchedMessage* message) const;
    bool run(const store::Entry& entry, const store::Keywords* keywords, class SearchedMessage* message) const;
    void narrow();

    const std::vector<SearchStep>& program_;
    SearchCost cost_;
    store::MailboxId mailbox_;
    std::shared_ptr<const store::UidMap> map_;
    store::Uid recent_from_;
    store::UidSet candidates_;
    std::vector<store::UidSet> sets_;    // by step
    std::vector<store::Flags> flags_;    // by step
    std::vector<Needle> needles_;        // those of the steps that have one
    std::vector<std::size_t> needle_of_; // by step
};

/// Goes through some of the candidates.
class Searcher {
public:
    Searcher(const SearchPlan& plan, store::UidSet part) : plan_(plan), left_(std::move(part)) {}

    bool done() const noexcept { return left_.empty(); }
    void search(store::Snapshot& snapshot);
    const store::UidSet& found() const noexcept { return found_; }
    /// Messages looked at; fewer than there were candidates: some are gone.
    std::uint64_t met() const noexcept { return met_; }
    bool met_damage() const noexcept { return damaged_; }

private:
    const SearchPlan& plan_;
    store::UidSet left_, found_;
    std::uint64_t met_ = 0;
    bool damaged_ = false;
    std::vector<store::Entry> batch_;
};

} // namespace pillarbox::imap
