// The arguments of FETCH: items, sections, partials (RFC 9051 6.4.5 and 9; RFC 3501 6.4.5 for the RFC822 forms).
#include "imap/characters.h"
#include "imap/parser.h"
#include "imap/wire.h"

#include <algorithm>

namespace pillarbox::imap {
namespace {

using Kind = FetchItem::Kind;

FetchItem simple(Kind kind, const char* label) {
    FetchItem item;
    item.kind = kind;
    item.label = label;
    return item;
}

void add_macro(FetchRequest& request, bool envelope, bool body) {
    request.items.push_back(simple(Kind::flags, "FLAGS"));
    request.items.push_back(simple(Kind::internal_date, "INTERNALDATE"));
    request.items.push_back(simple(Kind::size, "RFC822.SIZE"));
    if (envelope) request.items.push_back(simple(Kind::envelope, "ENVELOPE"));
    if (body) request.items.push_back(simple(Kind::body, "BODY"));
}

/// What stands inside the brackets, in the form the answer repeats it.
std::string section_label(const FetchItem& item) {
    constexpr std::string_view texts[] = {"", "HEADER", "HEADER.FIELDS", "HEADER.FIELDS.NOT", "TEXT", "MIME"};
    std::string label = item.part;
    if (!item.part.empty() && item.text != SectionText::whole) label += '.';
    label += texts[static_cast<std::size_t>(item.text)];
    if (item.text != SectionText::fields && item.text != SectionText::fields_not) return label;
    label += " (";
    for (const std::string& field : item.fields) {
        if (label.back() != '(') label += ' ';
        write_astring(label, field, Quoting::ascii);
    }
    return label + ')';
}

} // namespace

bool FetchRequest::asks(FetchItem::Kind kind) const {
    return std::ranges::any_of(items, [kind](const FetchItem& item) { return item.kind == kind; });
}

FetchRequest Parser::fetch_att() {
    FetchRequest request;
    if (accept_word("ALL")) {
        add_macro(request, true, false);
    } else if (accept_word("FAST")) {
        add_macro(request, false, false);
    } else if (accept_word("FULL")) {
        add_macro(request, true, true);
    } else if (accept('(')) {
        do {
            if (request.items.size() == limits::fetch_items) throw SyntaxError("Too many data items");
            request.items.push_back(fetch_item());
        } while (accept(' '));
        expect(')');
    } else {
        request.items.push_back(fetch_item());
    }
    const auto reads = [](const FetchItem& item) { return item.sets_seen; };
    request.sets_seen = std::ranges::any_of(request.items, reads);
    return request;
}

FetchItem Parser::fetch_item() {
    struct Simple {
        std::string_view word;
        Kind kind;
    };
    static constexpr Simple words[] = {
        {"FLAGS", Kind::flags},      {"UID", Kind::uid},           {"INTERNALDATE", Kind::internal_date},
        {"RFC822.SIZE", Kind::size}, {"ENVELOPE", Kind::envelope}, {"BODYSTRUCTURE", Kind::body_structure},
    };
    for (const Simple& entry : words) {
        if (accept_word(entry.word)) return simple(entry.kind, entry.word.data());
    }

    FetchItem item;
    item.kind = Kind::section;
    struct Old {
        std::string_view word;
        SectionText text;
        bool sets_seen;
    };
    static constexpr Old old_forms[] = {{"RFC822.HEADER", SectionText::header, false},
                                        {"RFC822.TEXT", SectionText::text, true},
                                        {"RFC822", SectionText::whole, true}};
    for (const Old& form : old_forms) {
        if (!accept_word(form.word)) continue;
        item.text = form.text;
        item.sets_seen = form.sets_seen;
        item.label = form.word;
        return item;
    }

    if (const bool peeks = accept_word("BODY.PEEK"); peeks || accept_word("BODY")) {
        if (!peeks && peek() != '[') return simple(Kind::body, "BODY");
        section(item);
        item.sets_seen = !peeks;
        item.label = "BODY[" + section_label(item) + ']';
        partial(item);
        return item;
    }
    if (accept_word("BINARY.SIZE")) {
        item.kind = Kind::binary_size;
        section(item);
        item.label = "BINARY.SIZE[" + item.part + ']';
        return item;
    }
    if (const bool peeks = accept_word("BINARY.PEEK"); peeks || accept_word("BINARY")) {
        item.kind = Kind::binary;
        section(item);
        item.sets_seen = !peeks;
        item.label = "BINARY[" + item.part + ']';
        partial(item);
        return item;
    }
    fail("a data item");
}

void Parser::section(FetchItem& item) {
    expect('[');
    if (is_digit(peek())) item.part = section_part();
    const bool texts_allowed = item.kind == Kind::section;
    if (texts_allowed && peek() != ']') {
        if (!item.part.empty()) expect('.');
        section_text(item);
    }
    expect(']');
}

std::string Parser::section_part() {
    std::string part;
    std::size_t depth = 0;
    while (true) {
        if (++depth > limits::part_depth) throw SyntaxError("Part number too deep");
        part += std::to_string(nz_number());
        const bool goes_on = peek() == '.' && at_ + 1 < text_.size() && is_digit(text_[at_ + 1]);
        if (!goes_on) return part;
        expect('.');
        part += '.';
    }
}

void Parser::section_text(FetchItem& item) {
    if (accept_word("HEADER.FIELDS.NOT")) {
        item.text = SectionText::fields_not;
    } else if (accept_word("HEADER.FIELDS")) {
        item.text = SectionText::fields;
    } else if (accept_word("HEADER")) {
        item.text = SectionText::header;
    } else if (accept_word("TEXT")) {
        item.text = SectionText::text;
    } else if (!item.part.empty() && accept_word("MIME")) { // never without a part: RFC 9051 6.4.5.1
        item.text = SectionText::mime;
    } else {
        fail("a section");
    }
    if (item.text != SectionText::fields && item.text != SectionText::fields_not) return;
    space();
    item.fields = header_list();
    const std::vector<std::string_view> names(item.fields.begin(), item.fields.end());
    item.field_names.emplace(names);
}

std::vector<std::string> Parser::header_list() {
    std::vector<std::string> fields;
    expect('(');
    do {
        if (fields.size() == limits::field_names) throw SyntaxError("Too many field names");
        fields.push_back(astring());
    } while (accept(' '));
    expect(')');
    return fields;
}

void Parser::partial(FetchItem& item) {
    if (!accept('<')) return;
    Partial range;
    range.offset = number64();
    expect('.');
    if (peek() == '0') fail("a number above 0");
    range.length = number64();
    expect('>');
    item.partial = range;
    item.label += '<' + std::to_string(range.offset) + '>'; // only where it starts: RFC 9051 7.5.2
}

} // namespace pillarbox::imap
