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

/// The candidates of a search in parts, for several threads to take one after the other.
class SearchJob {
public:
    explicit SearchJob(const SearchPlan& plan);

    const SearchPlan& plan() const noexcept { return plan_; }
    std::size_t parts() const noexcept { return parts_.size(); }
    /// All that was found, once every searcher is done.
    store::UidSet found() const;
    /// Messages that were candidates and not there any more.
    bool missed_some() const noexcept { return met_ < plan_.candidates().count(); }

private:
    friend class Searcher;
    struct Part {
        store::UidSet left, found; // of one searcher's alone once it has taken the part
    };
    const SearchPlan& plan_;
    std::vector<Part> parts_;
    std::atomic<std::size_t> next_{0};
    std::atomic<std::uint64_t> met_{0};
};

/// Takes parts of a job and goes through them, a page at a time. One thread at a time.
class Searcher {
public:
    explicit Searcher(SearchJob& job) : job_(job) {}

    bool done() const noexcept { return done_; }
    void search(store::Snapshot& snapshot);

private:
    void search_part(SearchJob::Part& part, const store::Keywords& keywords, store::Snapshot& snapshot);

    SearchJob& job_;
    SearchJob::Part* part_ = nullptr; // in hand
    bool done_ = false;
    std::vector<store::Entry> batch_;
};

} // namespace pillarbox::imap
