// The collector: gives up what the undelete window, tombstones and references no longer hold, a slice at a time.
#pragma once

#include "store/table_entry.h"
#include "store/types.h"

#include <cstdint>
#include <string>
#include <vector>

namespace pillarbox::store {

class BodyFolder;
class Writing;

/// Runs in the writer's idle moments, inside its transaction.
class Collector {
public:
    Collector(BodyFolder& bodies, std::int64_t undelete_seconds)
        : bodies_(bodies), undelete_seconds_(undelete_seconds) {}

    /// One slice of work; false when there was none.
    bool slice(Writing& writing);
    /// After its COMMIT: unlinks the files that nothing needs.
    void committed();

private:
    bool release_messages(Writing& writing);
    bool empty_tombstone(Writing& writing);
    bool prune_expunged(Writing& writing);
    bool forget_files(Writing& writing);
    bool give_pages_back(Writing& writing);

    BodyFolder& bodies_;
    std::int64_t undelete_seconds_;
    std::vector<std::string> unlinking_, unlinked_;
    expunged_table::Kept walked_{}; // how far the walk over tombstones has come
    std::int64_t next_walk_ = 0;    // unix seconds: an hour after the last one was through
};

} // namespace pillarbox::store
