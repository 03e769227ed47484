// The selected mailbox as the client counts it (RFC 9051 7.4 and 7.5).
#include "imap/selected.h"

#include "imap/flags.h"
#include "imap/parser.h"
#include "imap/wire.h"

#include <algorithm>

namespace pillarbox::imap {
namespace {

void write_line(std::string& out, std::uint64_t number, std::string_view word) {
    out += "* ";
    write_number(out, number);
    out += ' ';
    out += word;
    out += "\r\n";
}

bool is_everything(const SequenceSet& set) {
    const auto [first, last] = set.ranges.size() == 1 ? set.ranges.front() : NumberRange{2, 2};
    return std::min(first, last) == SequenceSet::star && std::max(first, last) <= 1;
}

} // namespace

Selected::Selected(const store::Opened& opened, std::unique_ptr<store::Watch> watch)
    : view_(opened.view), map_(opened.map), keywords_(opened.keywords), position_(opened.position()),
      flags_told_(position_.modseq), recent_from_(opened.row.first_recent), claimed_to_(opened.row.uidnext),
      watch_(std::move(watch)) {}

store::UidSet Selected::resolve(const SequenceSet& set, Numbering numbering) const {
    store::UidSet uids;
    const auto add = [&uids](const store::UidSet& more) {
        for (const store::UidRange range : more.ranges()) uids.add(range.first, range.last);
    };
    if (set.saved_result) add(map_->existing(saved_));
    if (numbering == Numbering::uid) {
        store::UidSet wanted;
        for (const NumberRange range : imap::resolve(set, map_->last().value)) wanted.add(range.first, range.last);
        add(map_->existing(wanted));
        return uids;
    }
    // Strictly, nothing may be asked of an empty mailbox (RFC 9051 9, seq-number); clients ask for 1:* all the same.
    if (map_->size() == 0 && is_everything(set)) return uids;
    if (!within(set, map_->size())) throw SyntaxError("There is no message of that number");
    for (const NumberRange range : imap::resolve(set, map_->size())) add(map_->uids(range.first, range.last));
    return uids;
}

// From the highest down, as then no number changes before it is used.
void Selected::tell_expunged(const store::UidSet& gone, std::string& out) {
    const auto& ranges = gone.ranges();
    for (auto range = ranges.rbegin(); range != ranges.rend(); ++range) {
        const std::uint32_t below = map_->rank(store::Uid{range->first});
        std::uint32_t number = map_->rank(store::Uid{range->last}) + (map_->position(store::Uid{range->last}) != 0);
        for (; number > below; --number) write_line(out, number, "EXPUNGE");
    }
}

void Selected::tell_flags(const store::Changes& changes, bool show_recent, std::string& out) {
    for (const store::MessageFlags& each : changes.flags) {
        if (each.modseq <= flags_told_ || std::ranges::find(own_, each.modseq) != own_.end()) continue;
        const std::uint32_t number = map_->position(each.uid);
        if (number == 0) continue;
        out += "* ";
        write_number(out, number);
        out += " FETCH (UID "; // RFC 9051 7.5.2: unsolicited ones say which message they mean
        write_number(out, each.uid.value);
        out += " FLAGS ";
        write_flags(out, each.flags, *keywords_, show_recent && each.uid >= recent_from_);
        out += ")\r\n";
    }
    flags_told_ = changes.now.modseq;
    own_.clear();
}

void Selected::tell_keywords(const std::shared_ptr<const store::Keywords>& keywords, std::string& out) {
    if (!keywords || keywords->names == keywords_->names) return;
    keywords_ = keywords;
    out += "* FLAGS (";
    write_flag_names(out, ~store::Flags{0}, *keywords_);
    out += ")\r\n";
}

void Selected::tell(const store::Changes& changes, Numbers numbers, bool show_recent, std::string& out) {
    tell_keywords(changes.keywords, out);
    const store::UidSet gone = map_->existing(changes.expunged);
    if (!gone.empty() && numbers == Numbers::in_use) {
        tell_flags(changes, show_recent, out);
        return;
    }
    tell_expunged(gone, out);
    const std::uint32_t known = map_->size() - static_cast<std::uint32_t>(gone.count());
    map_ = changes.map;
    position_ = changes.now;
    if (map_->size() != known) {
        write_line(out, map_->size(), "EXISTS");
        if (show_recent) write_line(out, recent(), "RECENT");
    }
    tell_flags(changes, show_recent, out);
}

} // namespace pillarbox::imap
