// Tests of the MIME parser: structure and ranges, the examples of the RFCs, limits, cuts anywhere.
#include "store/message/header.h"
#include "store/message/imap_text.h"
#include "store/message/mime_parser.h"
#include "store/message/structure.h"
#include "tests/message/octets.h"

#include <doctest/doctest.h>
#include <vector>

using namespace pillarbox::message;
using namespace pillarbox::message::tests;

namespace {

// A message, its structure and its octets behind the header.
struct Parsed {
    explicit Parsed(std::string_view text, std::size_t piece = std::string_view::npos)
        : message(text), header(std::string_view(message).substr(0, header_size(message))),
          body(std::string_view(message).substr(header.size())) {
        MimeParser parser(header);
        for (std::size_t at = 0; at < body.size(); at += std::min(piece, body.size()))
            parser.feed(body.substr(at, piece));
        blob = parser.finish();
        first_text = parser.take_first_text();
        structure = decode_structure(blob);
    }

    std::string message;
    std::string_view header, body;
    std::string blob;
    FirstText first_text;
    Structure structure;

    std::string range(std::string_view number, Section section) const {
        const auto range = section_range(structure, number, section);
        if (!range) return "(none)";
        return std::string((range->in_header ? header : body).substr(range->offset, range->size));
    }
    std::string imap(bool with_extension) const {
        std::string out;
        append_body(out, structure, with_extension);
        return out;
    }
};

// type/subtype of each part in preorder, its descendants in brackets
std::string shape(const Structure& structure) {
    std::string out;
    std::vector<std::uint32_t> ends;
    for (std::uint32_t i = 0; i < structure.parts.size(); ++i) {
        const Part& part = structure.parts[i];
        out += (i > 0 && out.back() != '[' ? " " : "") + std::string(part.type) + "/" + std::string(part.subtype);
        if (part.children > 0) out += '[', ends.push_back(part.end);
        for (; !ends.empty() && ends.back() == i + 1; ends.pop_back()) out += ']';
    }
    return out;
}

std::string shape(std::string_view message) { return shape(Parsed(message).structure); }

// The same message cut anywhere gives the same result.
void check_cuts(std::string_view message) {
    const Parsed whole(message);
    for (std::size_t cut = 0; cut <= whole.body.size(); ++cut) {
        MimeParser parser(whole.header);
        parser.feed(whole.body.substr(0, cut));
        parser.feed(whole.body.substr(cut));
        CHECK((parser.finish() == whole.blob));
        CHECK((parser.take_first_text().octets == whole.first_text.octets));
    }
    const Parsed single(message, 1);
    CHECK((single.blob == whole.blob));
    CHECK((single.first_text.octets == whole.first_text.octets));
}

constexpr std::string_view rfc2046 = // RFC 2046 5.1.1
    "From: Nathaniel Borenstein <nsb@bellcore.com>\r\n"
    "To: Ned Freed <ned@innosoft.com>\r\n"
    "Date: Sun, 21 Mar 1993 23:56:48 -0800 (PST)\r\n"
    "Subject: Sample message\r\n"
    "MIME-Version: 1.0\r\n"
    "Content-type: multipart/mixed; boundary=\"simple boundary\"\r\n"
    "\r\n"
    "This is the preamble.  It is to be ignored, though it\r\n"
    "is a handy place for composition agents to include an\r\n"
    "explanatory note to non-MIME conformant readers.\r\n"
    "\r\n"
    "--simple boundary\r\n"
    "\r\n"
    "This is implicitly typed plain US-ASCII text.\r\n"
    "It does NOT end with a linebreak.\r\n"
    "--simple boundary\r\n"
    "Content-type: text/plain; charset=us-ascii\r\n"
    "\r\n"
    "This is explicitly typed plain US-ASCII text.\r\n"
    "It DOES end with a linebreak.\r\n"
    "\r\n"
    "--simple boundary--\r\n"
    "\r\n"
    "This is the epilogue.  It is also to be ignored.\r\n";

// The example of RFC 9051 6.4.5.1.
constexpr std::string_view complex = "Content-Type: multipart/mixed; boundary=a\r\n"
                                     "\r\n"
                                     "--a\r\n"
                                     "\r\n"
                                     "1\r\n"
                                     "--a\r\n"
                                     "Content-Type: application/octet-stream\r\n"
                                     "\r\n"
                                     "2\r\n"
                                     "--a\r\n"
                                     "Content-Type: message/rfc822\r\n"
                                     "\r\n"
                                     "Subject: three\r\n"
                                     "Content-Type: multipart/mixed; boundary=b\r\n"
                                     "\r\n"
                                     "--b\r\n"
                                     "\r\n"
                                     "3.1\r\n"
                                     "--b\r\n"
                                     "Content-Type: application/octet-stream\r\n"
                                     "\r\n"
                                     "3.2\r\n"
                                     "--b--\r\n"
                                     "--a\r\n"
                                     "Content-Type: multipart/mixed; boundary=c\r\n"
                                     "\r\n"
                                     "--c\r\n"
                                     "Content-Type: image/gif\r\n"
                                     "\r\n"
                                     "4.1\r\n"
                                     "--c\r\n"
                                     "Content-Type: message/rfc822\r\n"
                                     "\r\n"
                                     "Subject: four.two\r\n"
                                     "Content-Type: multipart/mixed; boundary=d\r\n"
                                     "\r\n"
                                     "--d\r\n"
                                     "\r\n"
                                     "4.2.1\r\n"
                                     "--d\r\n"
                                     "Content-Type: multipart/alternative; boundary=e\r\n"
                                     "\r\n"
                                     "--e\r\n"
                                     "\r\n"
                                     "4.2.2.1\r\n"
                                     "--e\r\n"
                                     "Content-Type: text/richtext\r\n"
                                     "\r\n"
                                     "4.2.2.2\r\n"
                                     "--e--\r\n"
                                     "--d--\r\n"
                                     "--c--\r\n"
                                     "--a--\r\n";

std::string nested_multiparts(std::size_t depth) {
    std::string out;
    for (std::size_t i = 0; i < depth; ++i) {
        const std::string boundary = "b" + std::to_string(i) + "x";
        out += "Content-Type: multipart/mixed; boundary=" + boundary + "\r\n\r\n--" + boundary + "\r\n";
    }
    return out + "\r\ninnermost\r\n";
}

std::string nested_messages(std::size_t depth) {
    std::string out;
    for (std::size_t i = 0; i < depth; ++i) out += "Content-Type: message/rfc822\r\n\r\n";
    return out + "Subject: innermost\r\n\r\ntext\r\n";
}

std::string many_parts(std::size_t parts) {
    std::string out = "Content-Type: multipart/mixed; boundary=b\r\n\r\n";
    for (std::size_t i = 0; i < parts; ++i) out += "--b\r\n\r\n" + std::to_string(i) + "\r\n";
    return out + "--b--\r\n";
}

} // namespace

TEST_CASE("mime parser: the example of RFC 2046 5.1.1") {
    const Parsed parsed(rfc2046);
    CHECK(shape(parsed.structure) == "multipart/mixed[text/plain text/plain]");
    CHECK(parsed.range("1", Section::body) ==
          "This is implicitly typed plain US-ASCII text.\r\nIt does NOT end with a linebreak.");
    CHECK(parsed.range("1", Section::mime) == "\r\n");
    CHECK(parsed.range("2", Section::body) ==
          "This is explicitly typed plain US-ASCII text.\r\nIt DOES end with a linebreak.\r\n");
    CHECK(parsed.range("2", Section::mime) == "Content-type: text/plain; charset=us-ascii\r\n\r\n");
    CHECK(parsed.structure.parts[1].lines == 2);
    CHECK(parsed.structure.parts[2].lines == 2);
    CHECK(parsed.first_text.octets.starts_with("This is implicitly typed"));
    check_cuts(rfc2046);
}

TEST_CASE("mime parser: parts are numbered as in the example of RFC 9051 6.4.5.1") {
    const Parsed parsed(complex);
    CHECK(shape(parsed.structure) == "multipart/mixed[text/plain application/octet-stream "
                                     "message/rfc822[multipart/mixed[text/plain application/octet-stream]] "
                                     "multipart/mixed[image/gif message/rfc822[multipart/mixed[text/plain "
                                     "multipart/alternative[text/plain text/richtext]]]]]");
    for (const std::string_view number : {"1", "2", "3.1", "3.2", "4.1", "4.2.1", "4.2.2.1", "4.2.2.2"})
        CHECK(parsed.range(number, Section::body) == number);
    CHECK(parsed.range("", Section::header) == parsed.header);
    CHECK(parsed.range("", Section::text) == parsed.body);
    CHECK(parsed.range("3", Section::header) == "Subject: three\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n");
    CHECK(parsed.range("3", Section::text).starts_with("--b\r\n\r\n3.1"));
    CHECK(parsed.range("3", Section::text).ends_with("--b--"));
    CHECK(parsed.range("3", Section::body) == parsed.range("3", Section::header) + parsed.range("3", Section::text));
    CHECK(parsed.range("3", Section::mime) == "Content-Type: message/rfc822\r\n\r\n");
    CHECK(parsed.range("4.1", Section::mime) == "Content-Type: image/gif\r\n\r\n");
    CHECK(parsed.range("4.2", Section::header).starts_with("Subject: four.two\r\n"));
    CHECK(parsed.range("4.2.2", Section::body).starts_with("--e\r\n"));
    CHECK(*parsed.structure.parts[3].envelope == "(NIL \"three\" NIL NIL NIL NIL NIL NIL NIL NIL)");
    for (const std::string_view number : {"", "0", "5", "1.1", "3.3", "4.2.3", "4.2.1.1", "01", "1.", ".1", "1..1", "x",
                                          "1x", "-1", "99999999999999999999", "4.2.2.2.1"}) {
        CAPTURE(number);
        CHECK(find_part(parsed.structure, number) == nullptr);
        CHECK(parsed.range(number, Section::mime) == "(none)");
    }
    CHECK(parsed.range("1", Section::header) == "(none)");
    CHECK(parsed.range("4", Section::text) == "(none)");
    check_cuts(complex);
}

TEST_CASE("mime parser: a message that is no multipart is its own part 1") { // RFC 9051 6.4.5.1
    const Parsed plain("Subject: x\r\n\r\nline 1\r\nline 2");
    CHECK(plain.range("1", Section::body) == "line 1\r\nline 2");
    CHECK(plain.range("1", Section::mime) == "Subject: x\r\n\r\n");
    CHECK(plain.range("1.1", Section::body) == "(none)");
    CHECK(plain.range("2", Section::body) == "(none)");
    CHECK(plain.structure.parts[0].lines == 2);

    const std::string_view forwarded = "Content-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\ntext\r\n";
    const Parsed message(forwarded);
    CHECK(shape(message.structure) == "message/rfc822[text/plain]");
    CHECK(message.range("1", Section::body) == "Subject: inner\r\n\r\ntext\r\n");
    CHECK(message.range("1", Section::header) == "Subject: inner\r\n\r\n");
    CHECK(message.range("1", Section::text) == "text\r\n");
    CHECK(message.range("1.1", Section::body) == "text\r\n");
    CHECK(message.range("1.1", Section::mime) == "Subject: inner\r\n\r\n");
    CHECK(message.range("1.1.1", Section::body) == "(none)");
    CHECK(message.structure.parts[0].lines == 3);
    CHECK(message.structure.parts[1].lines == 1);
    check_cuts(forwarded);
}

TEST_CASE("mime parser: odd messages") {
    struct Row {
        std::string_view message, shape;
    };
    const Row rows[] = {
        {"", "text/plain"},
        {"\r\n", "text/plain"},
        {"no field", "text/plain"},
        {"Content-Type: multipart/mixed\r\n\r\n--x\r\n", "text/plain"}, // no boundary
        {"Content-Type: multipart/mixed; boundary=\" \"\r\n\r\n--\r\n", "text/plain"},
        {"Content-Type: multipart/mixed; boundary=b\r\n\r\nnothing", "multipart/mixed"},
        {"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b--\r\n--b\r\n\r\n", "multipart/mixed"},
        {"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n", "multipart/mixed[text/plain]"},
        {"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b", "multipart/mixed"},
        {"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nx\n--b  \n\ny\n--b--\n",
         "multipart/mixed[text/plain text/plain]"},
        {"Content-Type: multipart/mixed; boundary=b\r\n\r\nx--b\r\n\r\n-b\r\n--a\r\n", "multipart/mixed"},
        // A part that ends inside of its header.
        {"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: image/gif\r\n--b--\r\n",
         "multipart/mixed[image/gif]"},
        {"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n--b\r\n--b--\r\n",
         "multipart/mixed[text/plain text/plain]"},
        {"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n--b--\r\n",
         "multipart/mixed[message/rfc822[text/plain]]"},
        // The inner end boundary is missing.
        {"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n"
         "--c\r\n\r\nx\r\n--b\r\n\r\ny\r\n--b--\r\n",
         "multipart/mixed[multipart/mixed[text/plain] text/plain]"},
        // One boundary begins with the other.
        {"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: multipart/mixed; boundary=bb\r\n\r\n"
         "--bb\r\n\r\nx\r\n--bb--\r\n--b--\r\n",
         "multipart/mixed[multipart/mixed[text/plain]]"},
        {"Content-Type: multipart/mixed; boundary=bb\r\n\r\n--bb\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
         "--b\r\n\r\nx\r\n--bb\r\n\r\ny\r\n",
         "multipart/mixed[multipart/mixed[text/plain] text/plain]"},
        // Both have the same.
        {"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
         "--b\r\n\r\nx\r\n--b--\r\n--b\r\n\r\ny\r\n--b--\r\n",
         "multipart/mixed[multipart/mixed[text/plain] text/plain]"},
        // A digest holds messages.
        {"Content-Type: multipart/digest; boundary=b\r\n\r\n--b\r\n\r\nSubject: x\r\n\r\ny\r\n--b\r\n"
         "Content-Type: text/plain\r\n\r\nz\r\n--b--\r\n",
         "multipart/digest[message/rfc822[text/plain] text/plain]"},
        {"Content-Type: message/global\r\n\r\nSubject: x\r\n\r\ny\r\n", "message/global[text/plain]"},
        {"Content-Type: message/delivery-status\r\n\r\nA: x\r\n\r\nB: y\r\n", "message/delivery-status"},
        {"Content-Type: broken\r\n\r\nx", "application/octet-stream"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.message);
        CHECK(shape(row.message) == row.shape);
        check_cuts(row.message);
    }
}

TEST_CASE("mime parser: the line end before a boundary belongs to the boundary") { // RFC 2046 5.1.1
    struct Row {
        std::string_view part, body;
        std::uint64_t lines;
    };
    const Row rows[] = {
        {"\r\n", "", 0},
        {"\r\nx\r\n", "x", 1},
        {"\r\nx\r\n\r\n", "x\r\n", 1},
        {"\r\n\r\n", "", 0},
        {"\r\n\r\n\r\n", "\r\n", 1},
        {"\nx\n", "x", 1},
        {"\nx\n\n", "x\n", 1},
        {"\n\n", "", 0},
        {"\r\nx\ry\n", "x\ry", 1},
        {"\r\nx\r\r\n", "x\r", 1},
        {"A: 1\r\n", "", 0},
        {"\r\nx\r\ny\r\n", "x\r\ny", 2},
    };
    for (const Row& row : rows) {
        CAPTURE(row.part);
        const std::string message =
            "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" + std::string(row.part) + "--b--\r\n";
        const Parsed parsed(message);
        CHECK(parsed.range("1", Section::body) == row.body);
        CHECK(parsed.structure.parts[1].lines == row.lines);
        check_cuts(message);
    }
}

TEST_CASE("mime parser: no part is longer than the one it is in, even when that ends in the midst of a header") {
    const std::string_view inners[] = {
        "Content-Type: message/rfc822\r\n\r\n\r\n", "Content-Type: message/rfc822\n\n\n",
        "Content-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n",
        "Content-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\n",
        "Content-Type: multipart/mixed; boundary=c\n\n--c\nContent-Type: message/rfc822\n\n"};
    for (const std::string_view inner : inners) {
        CAPTURE(inner);
        const std::string message =
            "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" + std::string(inner) + "--b--\r\n";
        const Parsed parsed(message);
        for (std::size_t i = 1; i < parsed.structure.parts.size(); ++i) {
            const Part& part = parsed.structure.parts[i];
            const Part& parent = parsed.structure.parts[part.parent];
            CHECK(part.header_offset >= parent.body_offset);
            CHECK(part.header_offset + part.header_size == part.body_offset);
            CHECK(part.body_offset + part.body_size <= parent.body_offset + parent.body_size);
        }
        check_cuts(message);
    }
}

TEST_CASE("mime parser: BODY and BODYSTRUCTURE") { // RFC 9051 7.5.2
    std::string text, diff;
    for (int i = 0; i < 47; ++i) text += std::string(46, 'x') + "\r\n";
    text += std::string(2279 - text.size() - 2, 'x') + "\r\n";
    const std::string simple = "Content-Type: TEXT/PLAIN\r\n\r\n" + text;
    CHECK(Parsed(simple).imap(false) == R"(("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 2279 48))");
    CHECK(Parsed(simple).imap(true) ==
          R"(("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 2279 48 NIL NIL NIL NIL))");

    for (int i = 0; i < 73; ++i) diff += std::string(i < 72 ? 60 : 88, 'A') + "\r\n";
    text = text.substr(0, 0);
    for (int i = 0; i < 23; ++i) text += std::string(i < 22 ? 48 : 50, 'x') + "\r\n";
    const std::string two = "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n" + text + "\r\n--b\r\n" +
                            "Content-Type: text/plain; charset=us-ascii; name=\"cc.diff\"\r\n"
                            "Content-ID: <960723163407.20117h@cac.washington.edu>\r\n"
                            "Content-Description: Compiler diff\r\n"
                            "Content-Transfer-Encoding: BASE64\r\n\r\n" +
                            diff + "\r\n--b--\r\n";
    CHECK(
        Parsed(two).imap(false) ==
        R"((("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 1152 23)("text" "plain" ("charset" "us-ascii" "name" )"
        R"("cc.diff") "<960723163407.20117h@cac.washington.edu>" "Compiler diff" "base64" 4554 73) "mixed"))");

    const Parsed forwarded("Content-Type: message/rfc822\r\nContent-Disposition: inline; filename=a\r\n"
                           "Content-Language: en, de\r\nContent-Location: x\r\nContent-MD5: m\r\n\r\n"
                           "Subject: s\r\nContent-Language: en\r\nContent-Type: image/gif\r\n\r\ny");
    CHECK(
        forwarded.imap(true) ==
        R"(("message" "rfc822" NIL NIL NIL "7bit" 62 (NIL "s" NIL NIL NIL NIL NIL NIL NIL NIL) )"
        R"(("image" "gif" NIL NIL NIL "7bit" 1 NIL NIL "en" NIL) 5 "m" ("inline" ("filename" "a")) ("en" "de") "x"))");
    CHECK(
        Parsed("Content-Type: multipart/mixed; boundary=b\r\nContent-Disposition: inline\r\n\r\n").imap(true) ==
        R"((("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 0 0) "mixed" ("boundary" "b") ("inline" NIL) NIL NIL))");
    CHECK(Parsed("Content-Type: text/plain; format=flowed\r\n\r\n").imap(false) ==
          R"(("text" "plain" ("format" "flowed" "charset" "us-ascii") NIL NIL "7bit" 0 0))");
}

TEST_CASE("mime parser: depth is bounded, what lies deeper is opaque") {
    for (const std::size_t depth : {max_depth - 1, max_depth, max_depth + 1}) {
        CAPTURE(depth);
        const Parsed parsed(nested_multiparts(depth));
        const Part& last = parsed.structure.parts.back();
        CHECK(parsed.structure.parts.size() == std::min(depth, max_depth) + 1);
        CHECK(last.type == (depth <= max_depth ? "text" : "application"));

        const Parsed messages(nested_messages(depth));
        CHECK(messages.structure.parts.size() == std::min(depth, max_depth) + 1);
        CHECK(messages.structure.parts.back().type == (depth <= max_depth ? "text" : "application"));
        CHECK_FALSE(messages.imap(true).empty());
    }
    CHECK(Parsed(nested_multiparts(5000)).structure.parts.size() == max_depth + 1);
    CHECK(Parsed(nested_messages(5000)).structure.parts.size() == max_depth + 1);
}

TEST_CASE("mime parser: the number of parts is bounded, the last one takes the rest") {
    for (const std::size_t parts : {max_parts - 2, max_parts - 1, max_parts}) {
        CAPTURE(parts);
        const Parsed parsed(many_parts(parts));
        CHECK(parsed.structure.parts.size() == std::min(parts + 1, max_parts));
        CHECK(parsed.range(std::to_string(max_parts - 2), Section::body) == std::to_string(max_parts - 3));
        const bool is_over = parts + 1 > max_parts;
        CHECK(parsed.range(std::to_string(max_parts - 1), Section::body).ends_with("--b--\r\n") == is_over);
    }
}

TEST_CASE("mime parser: the length of a boundary is bounded") {
    for (const std::size_t n :
         {std::size_t{70}, max_boundary_octets - 1, max_boundary_octets, max_boundary_octets + 1}) {
        const std::string boundary(n, 'b');
        const std::string message = "Content-Type: multipart/mixed; boundary=" + boundary + "\r\n\r\n--" + boundary +
                                    "\r\n\r\nx\r\n--" + boundary + "--\r\n";
        CHECK(shape(message) == (n <= max_boundary_octets ? "multipart/mixed[text/plain]" : "text/plain"));
        if (n <= max_boundary_octets) CHECK(Parsed(message, 1).blob == Parsed(message).blob);
    }
}

TEST_CASE("mime parser: texts of the parts are bounded, their shape is not lost") {
    std::string message = "Content-Type: multipart/mixed; boundary=b\r\n\r\n";
    const std::string description(200'000, 'd');
    for (int i = 0; i < 10; ++i)
        message += "--b\r\nContent-Type: image/gif\r\nContent-Description: " + description + "\r\n\r\nx\r\n";
    message += "--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: " + description + "\r\n\r\ny\r\n--b--\r\n";
    const Parsed parsed(message);
    CHECK(parsed.structure.parts.size() == 13);
    CHECK(parsed.blob.size() <= max_structure_texts + 1000);
    CHECK(parsed.structure.parts[5].description->size() == 200'000);
    CHECK_FALSE(parsed.structure.parts[6].description);
    CHECK(parsed.structure.parts[6].subtype == "gif");
    CHECK(*parsed.structure.parts[11].envelope == "(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)");
}

TEST_CASE("mime parser: of the header of a part so much is read") {
    for (const std::size_t n : {max_header_octets - 1, max_header_octets, max_header_octets + 1}) {
        std::string header = "X: ";
        const std::string last = "\r\nContent-ID: <a>";
        header += std::string(n - header.size() - last.size(), 'x') + last;
        const Parsed parsed("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" + header +
                            "\r\n\r\nx\r\n--b--\r\n");
        CHECK(*parsed.structure.parts[1].id == (n <= max_header_octets ? "<a>" : "<a"));
        CHECK(parsed.range("1", Section::body) == "x");
        CHECK(parsed.structure.parts[1].header_size == n + 4);
    }
}

TEST_CASE("mime parser: the first text is the first that says something") {
    struct Row {
        std::string_view parts, text;
        bool is_html;
    };
    const Row rows[] = {
        {"--b\r\n\r\nx\r\n", "x\r\n", false},
        {"--b\r\n\r\n \r\n--b\r\n\r\nx\r\n", "x\r\n", false},
        {"--b\r\nContent-Disposition: attachment\r\n\r\ny\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>x\r\n",
         "<p>x\r\n", true},
        {"--b\r\nContent-Type: text/calendar\r\n\r\ny\r\n--b\r\n\r\nx\r\n", "x\r\n", false},
        {"--b\r\nContent-Type: image/gif\r\n\r\ny\r\n", "", false},
        {"preamble\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: s\r\n\r\nx\r\n--b--\r\nepilogue", "x\r\n",
         false},
        {"--b\r\n\r\n-x\r\n--y\r\n--b\r\n", "-x\r\n--y\r\n", false},
    };
    for (const Row& row : rows) {
        CAPTURE(row.parts);
        const std::string message = "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + std::string(row.parts);
        const Parsed parsed(message);
        CHECK(parsed.first_text.octets == row.text);
        CHECK(parsed.first_text.is_html == row.is_html);
        check_cuts(message);
    }
    CHECK(Parsed("Subject: x\r\n\r\n" + std::string(100'000, 'a')).first_text.octets.size() == 32 * 1024);
}

TEST_CASE("structure: parameters are read in UTF-8") {
    const Parsed parsed("Content-Type: text/plain; name=\"=?utf-8?q?=C3=A4?=\"; x=\r\n"
                        "Content-Disposition: attachment; filename*=iso-8859-1''%e4%20b; filename=old\r\n\r\n");
    const Part& part = parsed.structure.parts[0];
    CHECK(parameter_text(part.parameters, "name") == "ä");
    CHECK(parameter_text(part.disposition_parameters, "filename") == "ä b");
    CHECK(parameter_text(part.parameters, "x") == "");
    CHECK_FALSE(parameter_text(part.parameters, "y"));
    CHECK(charset(part) == "us-ascii");
    CHECK(charset(Parsed("Content-Type: text/plain; charset=x\r\n\r\n").structure.parts[0]) == "x");
}

TEST_CASE("structure: damaged blobs are errors, never undefined") {
    const std::string blob = Parsed(complex).blob;
    for (std::size_t n = 0; n < blob.size(); ++n) {
        const auto decode = [&] { decode_structure(std::string_view(blob).substr(0, n)); };
        CHECK_THROWS_AS(decode(), std::runtime_error);
    }
    std::mt19937 random(9051);
    std::size_t refused = 0;
    for (int i = 0; i < 3000; ++i) {
        std::string damaged = blob;
        damaged[random() % damaged.size()] = static_cast<char>(random());
        try {
            const Structure structure = decode_structure(damaged);
            std::string out;
            append_body(out, structure, true);
            CHECK_FALSE(out.empty());
            for (const std::string_view number : {"1", "3.1", "4.2.2.2"})
                section_range(structure, number, Section::header);
        } catch (const std::runtime_error&) {
            ++refused;
        }
    }
    CHECK(refused > 0);
}

TEST_CASE("mime parser: random octets around boundaries, cut at random, give one result") {
    std::mt19937 random(2046);
    const std::string_view pieces[] = {"--b",
                                       "--bb",
                                       "--",
                                       "-",
                                       "\r\n",
                                       "\n",
                                       "\r",
                                       "\r\n\r\n",
                                       "x",
                                       " ",
                                       "\r\n--b\r\n",
                                       "\r\n--bb--\r\n",
                                       "Content-Type: multipart/mixed; boundary=bb\r\n\r\n",
                                       "Content-Type: message/rfc822\r\n\r\n"};
    for (int i = 0; i < 400; ++i) {
        std::string message = "Content-Type: multipart/mixed; boundary=b\r\n\r\n";
        for (int j = 0; j < 40; ++j) message += pieces[random() % std::size(pieces)];
        const Parsed whole(message);
        CHECK((Parsed(message, 1 + random() % 7).blob == whole.blob));
        for (const Part& part : whole.structure.parts) {
            CHECK(part.body_offset + part.body_size <= whole.body.size());
            CHECK(part.body_offset >= whole.structure.parts[part.parent].body_offset);
        }
    }
}
