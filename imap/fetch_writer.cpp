// Writes FETCH responses page by page: which messages, and where a page ends. The items are in fetch_items.cpp.
#include "imap/fetch_writer.h"

#include "imap/fetch_source.h"
#include "imap/wire.h"

#include <algorithm>

namespace pillarbox::imap {
namespace {

using Kind = FetchItem::Kind;

constexpr std::size_t page_octets = 256 * 1024;

const FetchItem& uid_item() {
    static const FetchItem item = [] {
        FetchItem uid;
        uid.label = "UID";
        return uid;
    }();
    return item;
}

bool is_section(Kind kind) { return kind == Kind::section || kind == Kind::binary || kind == Kind::binary_size; }

/// Ranges between which the map knows no message become one: fewer visits to the database, the same messages.
store::UidSet joined(const store::UidSet& uids, const store::UidMap& map) {
    store::UidSet joined;
    store::UidRange open{0, 0};
    std::uint32_t next_rank = 0;
    for (const store::UidRange range : uids.ranges()) {
        const std::uint32_t rank = map.rank(store::Uid{range.first});
        if (open.first != 0 && rank == next_rank) {
            open.last = range.last;
        } else {
            if (open.first != 0) joined.add(open.first, open.last);
            open = range;
        }
        next_rank = rank + (range.last - range.first) + 1;
    }
    if (open.first != 0) joined.add(open.first, open.last);
    return joined;
}

} // namespace

FetchWriter::FetchWriter(const FetchRequest& request, Context context, store::UidSet uids)
    : context_(std::move(context)), left_(joined(uids, *context_.map)), expected_(uids.count()) {
    if (context_.with_uid && !request.asks(Kind::uid)) items_.push_back(&uid_item());
    for (const FetchItem& item : request.items) {
        items_.push_back(&item);
        reads_bodies_ |= is_section(item.kind);
        needs_envelope_ |= is_section(item.kind) || item.kind == Kind::envelope;
        needs_entry_ |= item.kind != Kind::uid && item.kind != Kind::envelope;
    }
    needs_entry_ |= !needs_envelope_;
    needs_row_ = needs_envelope_ || request.asks(Kind::body) || request.asks(Kind::body_structure);
    marks_ = request.sets_seen;
    tells_flags_ = request.asks(Kind::flags);
}

bool FetchWriter::full(const FetchPage& page) const { return page.out.size() >= page_octets; }

void FetchWriter::write(store::Snapshot& snapshot, FetchPage& page) {
    keywords_.reset();
    if (current_) {
        const store::Entry entry = current_->entry;
        Source source(snapshot, context_.mailbox, entry, nullptr);
        current_->in_parts = true;
        go_on(source, page);
    }
    while (!current_ && !left_.empty() && !full(page)) {
        write_batch(snapshot, page);
        if (snapshot.expired()) break;
    }
    if (done()) trouble_.expunged = met_ < expected_;
}

void FetchWriter::write_batch(store::Snapshot& snapshot, FetchPage& page) {
    if (!needs_entry_) {
        write_from_envelopes(snapshot, page);
        return;
    }
    if (!needs_row_) {
        write_plain(snapshot, page);
        return;
    }
    // Bodies fill a page quickly: not many entries are read in advance of them.
    const std::size_t most = reads_bodies_ ? 64 : 4096;
    batch_.clear();
    snapshot.entries(context_.mailbox, left_, [&](const store::Entry& entry) {
        batch_.push_back(entry);
        return batch_.size() < most;
    });
    if (batch_.empty()) {
        left_ = store::UidSet();
        return;
    }
    write_from_entries(snapshot, page);
}

// Flags, sizes and dates of many messages: nothing but the entry is looked at, and nothing is kept of it.
void FetchWriter::write_plain(store::Snapshot& snapshot, FetchPage& page) {
    bool stopped = false;
    store::Uid last{};
    snapshot.entries(context_.mailbox, left_, [&](const store::Entry& entry) {
        last = entry.uid;
        begin_response(entry.uid, page.out);
        bool first = true;
        for (const FetchItem* item : items_) {
            if (!first) page.out += ' ';
            first = false;
            page.out += item->label;
            page.out += ' ';
            write_plain_item(*item, entry, snapshot, page.out);
        }
        page.out += ")\r\n";
        ++met_;
        stopped = full(page) || ((met_ & 255) == 0 && snapshot.expired());
        return !stopped;
    });
    left_ = stopped ? left_.from(store::Uid{last.value + 1}) : store::UidSet();
}

void FetchWriter::begin_response(store::Uid uid, std::string& out) {
    const bool guessed = context_.map->at(last_number_ + 1) == uid;
    last_number_ = guessed ? last_number_ + 1 : context_.map->position(uid);
    out += "* ";
    write_number(out, last_number_);
    out += " FETCH (";
}

// Entries and envelope rows come in the same order: two scans side by side.
void FetchWriter::write_from_entries(store::Snapshot& snapshot, FetchPage& page) {
    static const store::EnvelopeRow no_row{}; // the scan under way must not be begun again to look for it
    std::size_t next = 0;
    bool goes_on = true;
    if (needs_envelope_) {
        snapshot.envelopes(context_.mailbox, left_, [&](const store::EnvelopeRow& row) {
            while (goes_on && next < batch_.size() && batch_[next].uid < row.uid) {
                goes_on = write_message(snapshot, batch_[next++], &no_row, page);
            }
            if (goes_on && next < batch_.size() && batch_[next].uid == row.uid) {
                goes_on = write_message(snapshot, batch_[next++], &row, page);
            }
            return goes_on && next < batch_.size();
        });
    }
    while (goes_on && next < batch_.size()) goes_on = write_message(snapshot, batch_[next++], nullptr, page);
    left_ = left_.from(store::Uid{batch_[next - 1].uid.value + 1});
}

void FetchWriter::write_from_envelopes(store::Snapshot& snapshot, FetchPage& page) {
    store::Uid last{};
    snapshot.envelopes(context_.mailbox, left_, [&](const store::EnvelopeRow& row) {
        store::Entry entry;
        entry.uid = last = row.uid;
        return write_message(snapshot, entry, &row, page);
    });
    const bool goes_on = full(page) || snapshot.expired();
    left_ = goes_on && last.value != 0 ? left_.from(store::Uid{last.value + 1}) : store::UidSet();
}

// @return whether the page takes more
bool FetchWriter::write_message(store::Snapshot& snapshot, const store::Entry& entry, const store::EnvelopeRow* row,
                                FetchPage& page) {
    ++met_;
    current_.emplace(Current{});
    current_->entry = entry;
    Source source(snapshot, context_.mailbox, current_->entry, row);
    go_on(source, page);
    return !current_ && !full(page) && !((met_ & 31) == 0 && snapshot.expired());
}

void FetchWriter::go_on(Source& source, FetchPage& page) {
    try {
        write_items(source, page);
    } catch (const message::BlobError&) {
        if (current_->in_parts) throw; // part of it is sent: nothing can make that good
        trouble_.damaged = true;
        give_up(page);
    } catch (const UnknownEncoding&) {
        if (current_->in_parts) throw message::BlobError("undecodable part behind a long one");
        trouble_.unknown_encoding = true;
        give_up(page);
    }
}

void FetchWriter::write_items(Source& source, FetchPage& page) {
    Current& current = *current_;
    if (!current.began) begin_message(page);
    if (current.literal) go_on_literal(source, page.out);
    while (!current.literal && current.item < items_.size()) {
        if (full(page)) return;
        if (current.item > 0) page.out += ' ';
        write_item(*items_[current.item++], source, page);
    }
    if (!current.literal) end_message(page, source);
}

void FetchWriter::begin_message(FetchPage& page) {
    Current& current = *current_;
    current.began = true;
    current.begin = page.out.size();
    begin_response(current.entry.uid, page.out);
    if (!marks_ || !context_.may_mark || (current.entry.flags & store::flag::seen)) return;
    current.entry.flags |= store::flag::seen;
    current.marked = true;
    page.marked.push_back({current.entry.uid, current.entry.flags, current.entry.modseq});
}

void FetchWriter::end_message(FetchPage& page, Source& source) {
    if (current_->marked && !tells_flags_) { // RFC 9051 6.4.5: what changed should be told
        page.out += " FLAGS ";
        write_flags(current_->entry, source.snapshot(), page.out);
    }
    page.out += ")\r\n";
    current_.reset();
}

void FetchWriter::give_up(FetchPage& page) {
    page.out.resize(current_->begin);
    if (current_->marked) page.marked.pop_back();
    current_.reset();
}

} // namespace pillarbox::imap
