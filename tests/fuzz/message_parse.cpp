// Fuzzes the parsing of messages: any octets, cut anywhere, give one result, and ranges that lie in the message.
#include "store/message/envelope.h"
#include "store/message/imap_text.h"
#include "store/message/parse.h"
#include "store/message/structure.h"

#include <cstdint>
#include <cstdlib>

using namespace pillarbox::message;

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

ParsedMessage parse_in_pieces(std::string_view text, std::size_t piece, std::string& body) {
    MessageSink sink([&body](std::string_view octets) { body += octets; });
    for (std::size_t at = 0; at < text.size(); at += piece) sink.feed(text.substr(at, piece));
    return sink.finish();
}

void check_structure(const ParsedMessage& message, std::string_view body) {
    const Structure structure = decode_structure(message.structure);
    for (const Part& part : structure.parts) {
        const Part& parent = structure.parts[part.parent];
        require(part.body_offset + part.body_size <= body.size() && part.lines <= part.body_size);
        require(part.body_offset + part.body_size <= parent.body_offset + parent.body_size);
        if (&part == &parent) continue;
        require(part.header_offset >= parent.body_offset);
        require(part.header_offset + part.header_size == part.body_offset);
    }
    std::string out;
    append_body(out, structure, true);
    for (const char* number : {"1", "2", "1.1", "1.2", "2.1.1"})
        for (const Section section : {Section::body, Section::mime, Section::header, Section::text})
            section_range(structure, number, section);
}

} // namespace

// The first octet says how the rest is cut.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
    std::string body, again;
    const ParsedMessage whole = parse_message(text, &body);
    const ParsedMessage pieces = parse_in_pieces(text, 1 + data[0] % 16U, again);
    require(whole.header + body == text);
    require(body == again && whole.header == pieces.header);
    require(whole.structure == pieces.structure && whole.envelope == pieces.envelope);
    require(whole.preview == pieces.preview && whole.digest == pieces.digest);
    require(decode_envelope(whole.envelope).imap.ends_with(')'));
    check_structure(whole, body);
    return 0;
}
