// Tests of SEARCH that look into a message (RFC 9051 6.4.4).
#include "imap/message_search.h"

#include "store/message/blob.h"
#include "store/message/charset.h"
#include "store/message/date.h"
#include "store/message/encoded_word.h"
#include "store/message/envelope.h"
#include "store/message/header.h"
#include "store/message/structure.h"
#include "store/message/transfer.h"

#include <algorithm>

namespace pillarbox::imap {
namespace {

constexpr std::uint64_t piece = 256 * 1024;

// Most values hold no encoded word and no 8-bit octet: what is unfolded is what they say.
bool text_has(std::string_view raw, const Needle& needle) {
    const bool plain = raw.find("=?") == std::string_view::npos && !needle.needs_utf8();
    return needle.is_in(plain ? message::unfold(raw) : message::decode_words(raw));
}

bool value_has(const message::HeaderField& field, const Needle& needle) {
    return needle.empty() || text_has(field.value, needle);
}

/// Whether some field, name and all, holds the text.
bool header_has(std::string_view header, const Needle& needle) {
    message::HeaderFields fields(header);
    while (const auto field = fields.next()) {
        if (text_has(field->whole, needle)) return true;
    }
    return false;
}

} // namespace

void SearchedMessage::load() {
    if (loaded_) return;
    loaded_ = true;
    prefix_ = snapshot_.prefix(mailbox_, entry_.uid);
    const auto row = snapshot_.header(entry_.message);
    if (!row) throw message::BlobError("message without a header row");
    header_ = row->data;
    structure_ = row->structure;
}

const store::BodyReader* SearchedMessage::body() {
    if (!body_) body_ = snapshot_.body(entry_.message);
    return body_.get();
}

std::optional<std::int64_t> SearchedMessage::sent_day() {
    load();
    const auto field = message::find_field(header_, "Date");
    if (!field) return std::nullopt;
    const auto date = message::parse_date(field->value);
    if (!date) return std::nullopt;
    return message::local_day(*date);
}

bool SearchedMessage::has_field(std::string_view name, const Needle& needle) {
    load();
    for (const std::string_view block : {std::string_view(prefix_), std::string_view(header_)}) {
        message::HeaderFields fields(block);
        while (const auto field = fields.next()) {
            if (message::equal_ignoring_case(field->name, name) && value_has(*field, needle)) return true;
        }
    }
    return false;
}

bool SearchedMessage::text_has(const Needle& needle) {
    load();
    return header_has(prefix_, needle) || header_has(header_, needle) || parts_have(needle, true);
}

bool SearchedMessage::parts_have(const Needle& needle, bool mime_headers) {
    load();
    if (needle.empty()) return true;
    const message::Structure structure = message::decode_structure(structure_);
    for (const message::Part& part : structure.parts) {
        const bool is_root = &part == structure.parts.data();
        const bool in_message = !is_root && structure.parts[part.parent].is_message();
        if ((in_message || (mime_headers && !is_root)) &&
            header_range_has(needle, part.header_offset, part.header_size)) {
            return true;
        }
        if (part.type != "text") continue;
        if (part_has(needle, part.body_offset, part.body_size, part.encoding, message::charset(part))) return true;
    }
    return false;
}

bool SearchedMessage::header_range_has(const Needle& needle, std::uint64_t offset, std::uint64_t size) {
    if (size == 0 || !body()) return false;
    std::string header;
    body()->read(offset, std::min<std::uint64_t>(size, message::max_header_octets), header);
    return header_has(header, needle);
}

// In pieces, each with the end of the one before it.
bool SearchedMessage::part_has(const Needle& needle, std::uint64_t offset, std::uint64_t size,
                               std::string_view encoding, std::string_view charset) {
    if (!body()) return false;
    const auto transfer = message::transfer_encoding(encoding);
    const bool converts = needle.needs_utf8() || !message::is_utf8_charset(charset);
    message::TransferDecoder decoder(transfer);
    message::CharsetDecoder converter(charset);
    std::string octets, decoded, text;
    for (std::uint64_t done = 0; done < size;) {
        const std::uint64_t now = std::min(piece, size - done);
        done += now;
        const bool last = done == size;
        const bool as_it_is = transfer == message::TransferEncoding::identity && !converts;
        octets.clear();
        body()->read(offset + done - now, now, as_it_is ? text : octets);
        if (!as_it_is) {
            decoded.clear();
            std::string& plain = converts ? decoded : text;
            decoder.feed(octets, plain);
            if (last) decoder.finish(plain);
            if (converts) converter.feed(decoded, text);
            if (converts && last) converter.finish(text);
        }
        if (needle.is_in(text)) return true;
        if (text.size() > needle.overlap()) text.erase(0, text.size() - needle.overlap());
    }
    return false;
}

} // namespace pillarbox::imap
