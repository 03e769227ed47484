// Feeds the IMAP parser with anything: each rule must take it or throw SyntaxError; names and sets must survive a
// round.
#include "imap/command_reader.h"
#include "imap/list_pattern.h"
#include "imap/mailbox_name.h"
#include "imap/needle.h"
#include "imap/parser.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

using namespace pillarbox::imap;

namespace {

void check(bool holds) {
    if (!holds) std::abort();
}

void parse(unsigned rule, const std::string& text) {
    Parser parser(text);
    try {
        switch (rule) {
        case 0:
            parser.fetch_att();
            break;
        case 1:
            parser.search();
            break;
        case 2:
            parser.list();
            break;
        case 3:
            parser.store_att_flags();
            break;
        case 4:
            parser.status_items();
            break;
        case 5:
            parser.id_params();
            break;
        case 6:
            parser.flag_list();
            break;
        case 7:
            parser.date_time();
            break;
        case 8:
            parser.literal_size();
            break;
        default:
            parser.tag();
            parser.space();
            parser.atom();
            parser.space();
            parser.astring();
        }
        parser.end();
    } catch (const SyntaxError&) {
    }
    check(parser.position() <= text.size());
}

void names(std::string_view text) {
    if (const auto name = decode_name(text, NameCoding::modified_utf7)) {
        const std::string wire = encode_name(*name, NameCoding::modified_utf7);
        check(decode_name(wire, NameCoding::modified_utf7) == name);
        if (const auto pattern = ListPattern::make("", *name)) {
            const bool wild = name->find_first_of("*%") != std::string::npos;
            check(wild || pattern->matches(*name));
        }
    }
    decode_name(text, NameCoding::utf8);
}

void sets(const std::string& text) {
    Parser parser(text);
    try {
        const SequenceSet set = parser.sequence_set();
        const NumberRanges ranges = resolve(set, 1000);
        std::string written;
        write(written, ranges);
        if (written.empty()) return;
        Parser again(written);
        check(resolve(again.sequence_set(), 1000) == ranges);
        again.end();
    } catch (const SyntaxError&) {
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0 || size > limits::command) return 0;
    const std::string text(reinterpret_cast<const char*>(data + 1), size - 1);
    parse(data[0] % 10, text);
    names(text);
    sets(text);
    announced_literal(text);
    const std::size_t half = text.size() / 2;
    const Needle needle(std::string_view(text).substr(half, std::min<std::size_t>(text.size() - half, 40)));
    check(needle.is_in(text) || needle.needs_utf8()); // other scripts are compared in form C
    return 0;
}
