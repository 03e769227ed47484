// The selected mailbox as the client counts it: its sequence numbers change only when the client is told.
#pragma once

#include "imap/command.h"
#include "imap/sequence_set.h"
#include "store/view.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace pillarbox::imap {

/// What the numbers of a command are (RFC 9051 6.4.9).
enum class Numbering : std::uint8_t { sequence, uid };

class Selected {
public:
    Selected(const store::Opened& opened, std::unique_ptr<store::Watch> watch);

    const store::View& view() const noexcept { return view_; }
    bool read_only() const noexcept { return !view_.writable(); }
    /// The client's numbering.
    const store::UidMap& map() const noexcept { return *map_; }
    std::shared_ptr<const store::UidMap> shared_map() const noexcept { return map_; }
    const store::Keywords& keywords() const noexcept { return *keywords_; }
    std::shared_ptr<const store::Keywords> shared_keywords() const noexcept { return keywords_; }
    const store::Position& position() const noexcept { return position_; }

    /// The messages of a set that the client knows of. Throws SyntaxError on a sequence number beyond the last.
    store::UidSet resolve(const SequenceSet& set, Numbering numbering) const;
    /// What `$` stands for (RFC 9051 6.4.4.1).
    void save(store::UidSet result) { saved_ = std::move(result); }

    /// From this UID on, messages are recent to this session (RFC 3501 2.3.2).
    store::Uid recent_from() const noexcept { return recent_from_; }
    void claimed_from(store::Uid uid) noexcept { recent_from_ = uid; }
    /// Whether messages arrived that this session, as the first one, was told of.
    bool has_unclaimed() const noexcept { return !read_only() && position_.uidnext > claimed_to_; }
    std::uint32_t recent() const { return map_->size() - map_->rank(recent_from_); }

    /// A change of this session's own that its client knows already.
    void own_change(store::ModSeq modseq) { own_.push_back(modseq); }
    void own_changes(const std::vector<store::ModSeq>& modseqs) {
        own_.insert(own_.end(), modseqs.begin(), modseqs.end());
    }

    /// Takes changes over and writes what the client is to be told of them: EXPUNGE, EXISTS, RECENT, FLAGS, FETCH.
    /// While numbers are in use and a message is gone, only flags are told; the rest waits.
    /// @param show_recent  false: not to a client of IMAP4rev2
    void tell(const store::Changes& changes, Numbers numbers, bool show_recent, std::string& out);

    /// Writes FLAGS when there are keywords the client has not heard of.
    void tell_keywords(const std::shared_ptr<const store::Keywords>& keywords, std::string& out);

private:
    void tell_expunged(const store::UidSet& gone, std::string& out);
    void tell_flags(const store::Changes& changes, bool show_recent, std::string& out);

    store::View view_;
    std::shared_ptr<const store::UidMap> map_;        // shared with the other sessions in this mailbox
    std::shared_ptr<const store::Keywords> keywords_; // likewise
    store::Position position_;                        // the map is of this moment
    store::ModSeq flags_told_;                        // flag changes up to here are told
    store::Uid recent_from_, claimed_to_;
    store::UidSet saved_;
    std::vector<store::ModSeq> own_;
    std::unique_ptr<store::Watch> watch_;
};

} // namespace pillarbox::imap
