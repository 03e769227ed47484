// Sets of message numbers as clients write them: `2,4:7,9,12:*` and `$` (RFC 9051 9, sequence-set).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pillarbox::imap {

/// Numbers first..last, both included; first <= last once resolved.
struct NumberRange {
    std::uint32_t first = 0;
    std::uint32_t last = 0;
    bool operator==(const NumberRange&) const = default;
};

/// Ascending ranges that neither overlap nor touch.
using NumberRanges = std::vector<NumberRange>;

/// A set as written: UIDs or sequence numbers, which of them the command knows.
struct SequenceSet {
    static constexpr std::uint32_t star = 0; ///< stands for `*`, as no number is 0

    std::vector<NumberRange> ranges; ///< in the client's order; ends may be star and may stand the wrong way round
    bool saved_result = false;       ///< `$` is part of it (RFC 9051 6.4.4.1)

    bool operator==(const SequenceSet&) const = default;
};

/// Puts `*` in, orders and joins.
/// @param largest  what `*` means; 0: the mailbox is empty, and what contains `*` names nothing
/// The saved result is not part of the answer: the session adds it.
NumberRanges resolve(const SequenceSet& set, std::uint32_t largest);

/// Whether a set of sequence numbers stays within the mailbox; a command with one that does not gets BAD
/// (RFC 9051 9, seq-number).
bool within(const SequenceSet& set, std::uint32_t exists);

/// Sorts ranges, and joins those that overlap or touch.
void normalise(NumberRanges& ranges);

/// How many numbers they hold.
std::uint64_t count(const NumberRanges& ranges);

bool contains(const NumberRanges& ranges, std::uint32_t number);

/// Appends a number behind all others of ascending ranges.
void append(NumberRanges& ranges, std::uint32_t number);

/// Writes `2:4,7` (RFC 9051 9, uid-set); nothing for an empty set.
void write(std::string& out, const NumberRanges& ranges);

} // namespace pillarbox::imap
