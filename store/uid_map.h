// The map between sequence numbers and UIDs of one mailbox at one modseq: immutable, shared by its sessions.
//
// UIDs are kept in blocks of 4,096 consecutive numbers, each full, bitmap or list; blocks are shared between versions,
// so that an arrival copies one block and a vector of pointers.
#pragma once

#include "store/uid_set.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace pillarbox::store {

class UidMap {
public:
    UidMap() = default;
    /// From ascending UIDs.
    explicit UidMap(const std::vector<std::uint32_t>& ascending);

    /// How many messages: EXISTS.
    std::uint32_t size() const noexcept { return size_; }
    /// The UID at position 1..size(); Uid{0} outside.
    Uid at(std::uint32_t sequence_number) const;
    /// The sequence number of a UID; 0 when it is not there.
    std::uint32_t position(Uid uid) const;
    /// How many UIDs are below this one (there or not).
    std::uint32_t rank(Uid uid) const;
    Uid last() const { return at(size_); }

    /// The UIDs of a range of sequence numbers, both ends inclusive and clipped to 1..size().
    UidSet uids(std::uint32_t first, std::uint32_t last) const;
    /// Those of the set that exist here.
    UidSet existing(const UidSet& set) const;

    /// A new version with these UIDs added and removed; what is in both is removed. Untouched blocks are shared.
    UidMap with(const std::vector<std::uint32_t>& added_ascending, const UidSet& removed) const;
    /// How many blocks both maps have in common, as objects: what a version costs less than a copy.
    std::size_t shared_blocks(const UidMap& other) const;

private:
    struct Block;
    using Bits = std::array<std::uint64_t, 64>; // one for each UID of a block
    struct Slot {
        std::uint32_t number; // uid / 4096
        std::uint32_t before; // messages in earlier blocks
        std::shared_ptr<const Block> block;
    };
    using SlotIterator = std::vector<Slot>::const_iterator;
    void append(std::uint32_t number, const Bits& bits);
    void append(const Slot& slot);
    SlotIterator slot_from(SlotIterator from, std::uint32_t number) const;
    std::vector<Slot> slots_;
    std::uint32_t size_ = 0;
};

} // namespace pillarbox::store
