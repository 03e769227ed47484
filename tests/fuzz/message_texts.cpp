// Fuzzes what reads single fields and texts: addresses, dates, encoded words, subjects, parameters, charsets,
// encodings.
#include "store/message/address.h"
#include "store/message/charset.h"
#include "store/message/date.h"
#include "store/message/encoded_word.h"
#include "store/message/header.h"
#include "store/message/imap_text.h"
#include "store/message/lexer.h"
#include "store/message/mime_header.h"
#include "store/message/mime_parser.h"
#include "store/message/preview.h"
#include "store/message/transfer.h"

#include <cstdint>
#include <cstdlib>

using namespace pillarbox::message;

namespace {

constexpr std::string_view charsets[] = {"us-ascii",    "utf-8",    "iso-8859-8", "shift_jis", "euc-jp",
                                         "iso-2022-jp", "gb18030",  "big5",       "euc-kr",    "utf-7",
                                         "utf-16",      "utf-16le", "koi8-r",     "koi8-u"};

void require(bool holds) {
    if (!holds) std::abort();
}

// Whole and in two pieces, a charset gives the same, and it is valid UTF-8.
void check_charset(std::string_view text, std::string_view charset, std::size_t cut) {
    const std::string whole = to_utf8(text, charset);
    std::string pieces;
    CharsetDecoder decoder(charset);
    decoder.feed(text.substr(0, cut), pieces);
    decoder.feed(text.substr(cut), pieces);
    decoder.finish(pieces);
    require(pieces == whole);
    require(to_utf8(whole, "utf-8") == whole);
}

void check_transfer(std::string_view text, TransferEncoding encoding, std::size_t cut) {
    std::string pieces;
    TransferDecoder decoder(encoding);
    decoder.feed(text.substr(0, cut), pieces);
    decoder.feed(text.substr(cut), pieces);
    decoder.finish(pieces);
    require(pieces == decode_transfer(text, encoding));
}

} // namespace

// The first octet chooses charset and cut.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
    const std::size_t cut = text.empty() ? 0 : data[0] % (text.size() + 1);
    check_charset(text, charsets[data[0] % std::size(charsets)], cut);
    check_transfer(text, TransferEncoding::base64, cut);
    check_transfer(text, TransferEncoding::quoted_printable, cut);

    std::string out;
    append_addresses(out, parse_addresses(text));
    append_string(out, unfold(text));
    if (const auto when = parse_date(text)) require(parse_internal_date(format_internal_date(*when)).has_value());
    parse_internal_date(text);
    parse_imap_day(text);
    const std::string words = decode_words(text);
    require(to_utf8(words, "utf-8") == words);
    base_subject(text);
    Lexer lexer(text);
    read_parameters(lexer);
    read_mime_header(text, false);
    const std::string preview = make_preview({std::string(text), "8bit", "utf-8", data[0] % 2 == 0});
    require(to_utf8(preview, "utf-8") == preview);
    require(select_fields(text, FieldNames({})).size() + exclude_fields(text, FieldNames({})).size() <=
            text.size() + 2);
    return 0;
}
