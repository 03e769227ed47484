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

/// Most parts are UTF-8; the table of charsets is for the others.
bool is_utf8_already(std::string_view charset) {
    return charset == "utf-8" || charset == "us-ascii" || charset == "UTF-8" || message::is_utf8_charset(charset);
}

/// The text of a part, undone of its encodings as far as the search needs it.
class PartText {
public:
    PartText(message::TransferEncoding transfer, bool needs_utf8, std::string_view charset) {
        if (transfer != message::TransferEncoding::identity) decoder_.emplace(transfer);
        if (needs_utf8 || !is_utf8_already(charset)) converter_.emplace(charset);
    }

    /// Appends what the octets [offset, offset + size) of the body say.
    void read(const store::BodyReader& body, std::uint64_t offset, std::uint64_t size, bool last, std::string& text) {
        octets_.clear();
        decoded_.clear();
        const bool decodes = decoder_.has_value(), converts = converter_.has_value();
        body.read(offset, size, decodes || converts ? octets_ : text);
        if (decodes) {
            std::string& plain = converts ? decoded_ : text;
            decoder_->feed(octets_, plain);
            if (last) decoder_->finish(plain);
        }
        if (!converts) return;
        converter_->feed(decodes ? decoded_ : octets_, text);
        if (last) converter_->finish(text);
    }

private:
    std::optional<message::TransferDecoder> decoder_;
    std::optional<message::CharsetDecoder> converter_;
    std::string octets_, decoded_;
};

} // namespace

void SearchedMessage::load() {
    if (loaded_) return;
    loaded_ = true;
    const auto row = snapshot_.header(entry_.message);
    if (!row) throw message::BlobError("message without a header row");
    header_ = row->data;
    structure_ = row->structure;
}

void SearchedMessage::load_prefix() {
    if (!prefix_loaded_) prefix_ = snapshot_.prefix(mailbox_, entry_.uid);
    prefix_loaded_ = true;
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
    load_prefix();
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
    load_prefix();
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
    PartText part(message::transfer_encoding(encoding), needle.needs_utf8(), charset);
    std::string text;
    for (std::uint64_t done = 0; done < size;) {
        const std::uint64_t octets = std::min(piece, size - done);
        part.read(*body(), offset + done, octets, done + octets == size, text);
        done += octets;
        if (needle.is_in(text)) return true;
        if (text.size() > needle.overlap()) text.erase(0, text.size() - needle.overlap());
    }
    return false;
}

} // namespace pillarbox::imap
