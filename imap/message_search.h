// Tests of SEARCH that look into a message: header fields, dates, texts (RFC 9051 6.4.4).
#pragma once

#include "imap/needle.h"
#include "store/snapshot.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace pillarbox::imap {

/// One message under search; what is needed of it is read once. On a pool thread, while its snapshot lives.
class SearchedMessage {
public:
    SearchedMessage(store::Snapshot& snapshot, store::MailboxId mailbox, const store::Entry& entry)
        : snapshot_(snapshot), mailbox_(mailbox), entry_(entry) {}

    /// The day of its Date field on the writer's clock, in days since 1970-01-01; nothing without one.
    std::optional<std::int64_t> sent_day();
    /// Whether a field of that name holds the text, encoded words decoded; an empty needle asks for the field alone.
    bool has_field(std::string_view name, const Needle& needle);
    /// Whether some text part holds it, transfer encoding and charset undone (headers of messages inside count).
    bool body_has(const Needle& needle) { return parts_have(needle, false); }
    /// The same, and all header fields, MIME's included.
    bool text_has(const Needle& needle);

private:
    void load();
    void load_prefix();
    bool parts_have(const Needle& needle, bool mime_headers);
    bool part_has(const Needle& needle, std::uint64_t offset, std::uint64_t size, std::string_view encoding,
                  std::string_view charset);
    bool header_range_has(const Needle& needle, std::uint64_t offset, std::uint64_t size);
    const store::BodyReader* body();

    store::Snapshot& snapshot_;
    store::MailboxId mailbox_;
    const store::Entry& entry_;
    bool loaded_ = false, prefix_loaded_ = false;
    std::string prefix_, header_, structure_;
    std::unique_ptr<store::BodyReader> body_;
};

} // namespace pillarbox::imap
