// The stored parts of the message a FETCH is writing, each read when it is first needed.
#pragma once

#include "imap/fetch_section.h"
#include "imap/fetch_writer.h"
#include "store/message/blob.h"
#include "store/snapshot.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace pillarbox::imap {

class FetchWriter::Source {
public:
    /// @param row  the envelope row when a scan has it at hand
    Source(store::Snapshot& snapshot, store::MailboxId mailbox, const store::Entry& entry,
           const store::EnvelopeRow* row)
        : snapshot_(snapshot), mailbox_(mailbox), entry_(entry), has_row_(row != nullptr) {
        if (!row) return;
        prefix_ = row->prefix;
        envelope_ = row->data;
    }

    store::Snapshot& snapshot() noexcept { return snapshot_; }
    const store::Entry& entry() const noexcept { return entry_; }

    /// The blob for decode_envelope(); empty when there is none.
    std::string_view envelope() {
        load_row();
        return envelope_;
    }

    const MessageParts& parts() {
        if (parts_) return *parts_;
        load_row();
        const auto row = snapshot_.header(entry_.message);
        if (!row) throw message::BlobError("message without a header row");
        MessageParts parts;
        parts.prefix = prefix_;
        parts.header = row->data;
        parts.structure = row->structure;
        const auto size = static_cast<std::uint64_t>(entry_.size);
        const std::uint64_t before = parts.prefix.size() + parts.header.size();
        if (size < before) throw message::BlobError("message smaller than its header");
        parts.body_size = size - before;
        parts_ = parts;
        return *parts_;
    }

    const store::BodyReader& body() {
        if (!body_) body_ = snapshot_.body(entry_.message);
        if (!body_) throw message::BlobError("message without a body row");
        return *body_;
    }

    /// Appends exactly these octets of the body.
    void read(std::uint64_t offset, std::uint64_t octets, std::string& out) {
        if (octets == 0) return;
        const std::size_t before = out.size();
        body().read(offset, octets, out);
        if (out.size() - before != octets) throw message::BlobError("body shorter than it should be");
    }

private:
    void load_row() {
        if (has_row_) return;
        has_row_ = true;
        snapshot_.envelopes(mailbox_, store::UidSet(entry_.uid), [this](const store::EnvelopeRow& row) {
            owned_prefix_ = row.prefix;
            owned_envelope_ = row.data;
            return false;
        });
        prefix_ = owned_prefix_;
        envelope_ = owned_envelope_;
    }

    store::Snapshot& snapshot_;
    store::MailboxId mailbox_;
    const store::Entry& entry_;
    bool has_row_;
    std::string_view prefix_, envelope_;
    std::string owned_prefix_, owned_envelope_;
    std::optional<MessageParts> parts_;
    std::unique_ptr<store::BodyReader> body_;
};

/// BINARY was asked of a part whose encoding nobody knows.
struct UnknownEncoding {};

} // namespace pillarbox::imap
