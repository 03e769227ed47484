// Which octets a FETCH section means (RFC 9051 6.4.5.1).
#include "imap/fetch_section.h"

#include "store/message/header.h"
#include "store/message/structure.h"
#include "store/snapshot.h"

#include <algorithm>

namespace pillarbox::imap {
namespace {

/// Takes octets off the front and leaves at most `most`.
template <class T>
T cut_text(T text, std::uint64_t& skip, std::uint64_t& most) {
    const auto dropped = static_cast<std::size_t>(std::min<std::uint64_t>(skip, text.size()));
    skip -= dropped;
    text.remove_prefix(dropped);
    text = text.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(most, text.size())));
    most -= text.size();
    return text;
}

std::string fields_of(std::string_view header, const FetchItem& item) {
    return item.text == SectionText::fields ? message::select_fields(header, *item.field_names)
                                            : message::exclude_fields(header, *item.field_names);
}

message::Section section_of(SectionText text) {
    switch (text) {
    case SectionText::whole:
        return message::Section::body;
    case SectionText::text:
        return message::Section::text;
    case SectionText::mime:
        return message::Section::mime;
    case SectionText::header:
    case SectionText::fields:
    case SectionText::fields_not:
        break;
    }
    return message::Section::header;
}

std::optional<SectionOctets> locate_top(const FetchItem& item, const MessageParts& message, std::string& scratch) {
    SectionOctets octets;
    switch (item.text) {
    case SectionText::whole:
        octets.body_size = message.body_size;
        [[fallthrough]];
    case SectionText::header:
        octets.first = message.prefix;
        octets.second = message.header;
        return octets;
    case SectionText::text:
        octets.body_size = message.body_size;
        return octets;
    case SectionText::fields:
    case SectionText::fields_not:
        scratch = message.prefix.empty() ? std::string() : fields_of(message.prefix, item);
        scratch += fields_of(message.header, item);
        octets.first = scratch;
        return octets;
    case SectionText::mime:
        break;
    }
    return std::nullopt;
}

} // namespace

void SectionOctets::cut(const Partial& partial) {
    std::uint64_t skip = partial.offset, most = partial.length;
    first = cut_text(first, skip, most);
    second = cut_text(second, skip, most);
    skip = std::min(skip, body_size);
    body_offset += skip;
    body_size = std::min(body_size - skip, most);
}

std::optional<SectionOctets> locate(const FetchItem& item, const MessageParts& message, const store::BodyReader* body,
                                    std::string& scratch) {
    if (item.part.empty()) return locate_top(item, message, scratch);
    const message::Structure structure = message::decode_structure(message.structure);
    const auto range = message::section_range(structure, item.part, section_of(item.text));
    if (!range) return std::nullopt;
    SectionOctets octets;
    if (range->in_header) {
        octets.second =
            message.header.substr(static_cast<std::size_t>(range->offset), static_cast<std::size_t>(range->size));
    } else {
        octets.body_offset = range->offset;
        octets.body_size = range->size;
    }
    if (item.text != SectionText::fields && item.text != SectionText::fields_not) return octets;

    std::string header(octets.second);
    if (octets.body_size > 0 && body) {
        body->read(octets.body_offset, std::min<std::uint64_t>(octets.body_size, message::max_header_octets), header);
    }
    scratch = fields_of(header, item);
    SectionOctets fields;
    fields.first = scratch;
    return fields;
}

std::optional<PartContent> content(const std::string& part, const MessageParts& message) {
    const message::Structure structure = message::decode_structure(message.structure);
    const message::Part* found = message::find_part(structure, part);
    if (!found) return std::nullopt;
    PartContent content;
    content.offset = found->body_offset;
    content.size = found->body_size;
    content.is_text = found->type == "text";
    if (!found->is_multipart() && !found->is_message()) content.encoding = message::transfer_encoding(found->encoding);
    return content;
}

void ContentDecoder::feed(std::string_view octets, std::string& out) {
    if (!is_text_) {
        decoder_.feed(octets, out);
        return;
    }
    decoder_.feed(octets, decoded_);
    with_line_ends(out);
}

void ContentDecoder::finish(std::string& out) {
    if (!is_text_) {
        decoder_.finish(out);
        return;
    }
    decoder_.finish(decoded_);
    with_line_ends(out);
}

void ContentDecoder::with_line_ends(std::string& out) {
    for (const char c : decoded_) {
        if (c == '\n' && last_ != '\r') out += '\r';
        out += c;
        last_ = c;
    }
    decoded_.clear();
}

} // namespace pillarbox::imap
