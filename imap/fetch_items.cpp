// The data items of a FETCH response (RFC 9051 7.5.2).
#include "imap/fetch_source.h"
#include "imap/fetch_writer.h"
#include "imap/flags.h"
#include "imap/wire.h"
#include "store/message/date.h"
#include "store/message/envelope.h"
#include "store/message/imap_text.h"
#include "store/message/structure.h"

#include <algorithm>
#include <stdexcept>

namespace pillarbox::imap {
namespace {

using Kind = FetchItem::Kind;

constexpr std::size_t piece = 256 * 1024;        // of a literal, at a time
constexpr std::size_t encoded_piece = 64 * 1024; // likewise, while it is decoded

/// What a part decodes to.
struct Decoded {
    std::uint64_t octets = 0;
    bool has_nul = false;
};

} // namespace

void FetchWriter::write_item(const FetchItem& item, Source& source, FetchPage& page) {
    std::string& out = page.out;
    out += item.label;
    out += ' ';
    switch (item.kind) {
    case Kind::envelope:
        if (source.envelope().empty()) throw message::BlobError("message without an envelope row");
        out += message::decode_envelope(source.envelope()).imap;
        return;
    case Kind::body:
    case Kind::body_structure:
        message::append_body(out, message::decode_structure(source.parts().structure),
                             item.kind == Kind::body_structure);
        return;
    case Kind::section:
        write_section(item, source, out);
        return;
    case Kind::binary:
    case Kind::binary_size:
        write_binary(item, source, out);
        return;
    default:
        write_plain_item(item, current_->entry, source.snapshot(), out);
    }
}

/// What the entry itself says.
void FetchWriter::write_plain_item(const FetchItem& item, const store::Entry& entry, store::Snapshot& snapshot,
                                   std::string& out) {
    switch (item.kind) {
    case Kind::uid:
        write_number(out, entry.uid.value);
        return;
    case Kind::flags:
        write_flags(entry, snapshot, out);
        return;
    case Kind::size:
        write_number(out, static_cast<std::uint64_t>(entry.size));
        return;
    case Kind::internal_date:
        out += '"';
        out += message::format_internal_date({entry.internal_date, 0});
        out += '"';
        return;
    default:
        throw std::logic_error("no item of an entry");
    }
}

void FetchWriter::write_flags(const store::Entry& entry, store::Snapshot& snapshot, std::string& out) {
    static const store::Keywords none;
    const bool has_keywords = (entry.flags & ~store::flag::system) != 0;
    if (has_keywords && !keywords_) keywords_ = snapshot.keywords(context_.mailbox);
    const bool recent = context_.recent_from.value != 0 && entry.uid >= context_.recent_from;
    imap::write_flags(out, entry.flags, has_keywords ? *keywords_ : none, recent);
}

void FetchWriter::write_section(const FetchItem& item, Source& source, std::string& out) {
    const MessageParts& parts = source.parts();
    const bool reads = !item.part.empty() && !item.fields.empty();
    auto octets = locate(item, parts, reads ? &source.body() : nullptr, scratch_);
    if (!octets) {
        out += "NIL";
        return;
    }
    if (item.partial) octets->cut(*item.partial);
    if (octets->size() == 0) {
        out += "\"\"";
        return;
    }
    write_literal_size(out, octets->size());
    out += octets->first;
    out += octets->second;
    if (octets->body_size == 0) return;
    Literal& literal = current_->literal.emplace(Literal{});
    literal.offset = octets->body_offset;
    literal.left = octets->body_size;
    go_on_literal(source, out);
}

void FetchWriter::write_binary(const FetchItem& item, Source& source, std::string& out) {
    if (item.part.empty()) { // the whole message, which has no encoding
        if (item.kind == Kind::binary_size) {
            write_number(out, static_cast<std::uint64_t>(current_->entry.size));
        } else {
            write_section(item, source, out);
        }
        return;
    }
    const auto part = content(item.part, source.parts());
    if (!part) {
        out += item.kind == Kind::binary_size ? "0" : "NIL";
        return;
    }
    if (part->encoding == message::TransferEncoding::unknown) throw UnknownEncoding{};
    write_decoded(item, *part, source, out);
}

// The size stands before the octets, so what is decoded is decoded twice: to count, and to send.
void FetchWriter::write_decoded(const FetchItem& item, const PartContent& part, Source& source, std::string& out) {
    Decoded total;
    ContentDecoder counter(part);
    for (std::uint64_t done = 0; done < part.size;) {
        const std::uint64_t octets = std::min<std::uint64_t>(encoded_piece, part.size - done);
        scratch_.clear();
        decoded_.clear();
        source.read(part.offset + done, octets, scratch_);
        counter.feed(scratch_, decoded_);
        done += octets;
        if (done == part.size) counter.finish(decoded_);
        total.octets += decoded_.size();
        total.has_nul |= decoded_.find('\0') != std::string::npos;
    }
    if (item.kind == Kind::binary_size) {
        write_number(out, total.octets);
        return;
    }
    const Partial range = item.partial.value_or(Partial{0, total.octets});
    const std::uint64_t skip = std::min(range.offset, total.octets);
    const std::uint64_t octets = std::min(range.length, total.octets - skip);
    if (octets == 0) {
        out += "\"\"";
        return;
    }
    if (total.has_nul) out += '~'; // literal8: RFC 9051 7.5.2
    write_literal_size(out, octets);
    Literal& literal = current_->literal.emplace(Literal{});
    literal.offset = part.offset;
    literal.left = part.size;
    literal.decoder.emplace(part);
    literal.skip = skip;
    literal.decoded_left = octets;
    go_on_literal(source, out);
}

void FetchWriter::go_on_literal(Source& source, std::string& out) {
    Literal& literal = *current_->literal;
    if (literal.decoder) {
        go_on_decoding(source, out);
        return;
    }
    const std::uint64_t octets = std::min<std::uint64_t>(piece, literal.left);
    source.read(literal.offset, octets, out);
    literal.offset += octets;
    literal.left -= octets;
    if (literal.left == 0) current_->literal.reset();
}

void FetchWriter::go_on_decoding(Source& source, std::string& out) {
    Literal& literal = *current_->literal;
    const std::size_t enough = out.size() + piece;
    while (literal.decoded_left > 0 && out.size() < enough) {
        if (literal.left == 0) throw message::BlobError("part decoded to less than before");
        const std::uint64_t octets = std::min<std::uint64_t>(encoded_piece, literal.left);
        scratch_.clear();
        decoded_.clear();
        source.read(literal.offset, octets, scratch_);
        literal.decoder->feed(scratch_, decoded_);
        literal.offset += octets;
        literal.left -= octets;
        if (literal.left == 0) literal.decoder->finish(decoded_);
        const auto skipped = std::min<std::uint64_t>(literal.skip, decoded_.size());
        literal.skip -= skipped;
        const auto taken = std::min<std::uint64_t>(literal.decoded_left, decoded_.size() - skipped);
        out.append(decoded_, static_cast<std::size_t>(skipped), static_cast<std::size_t>(taken));
        literal.decoded_left -= taken;
    }
    if (literal.decoded_left == 0) current_->literal.reset();
}

} // namespace pillarbox::imap
