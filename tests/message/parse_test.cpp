// Tests of the whole: one pass over a message gives all that the store keeps.
#include "store/message/envelope.h"
#include "store/message/header.h"
#include "store/message/imap_text.h"
#include "store/message/parse.h"
#include "store/message/structure.h"
#include "tests/message/octets.h"

#include <chrono>
#include <doctest/doctest.h>

using namespace pillarbox::message;

namespace {

constexpr std::string_view sample = "Received: from x\r\n"
                                    "Message-ID: <3@example.org>\r\n"
                                    "In-Reply-To: Your message <2@example.org>\r\n"
                                    "References: <0@example.org>\r\n <1@exa\r\n mple.org><2@example.org>\r\n"
                                    "Date: Fri, 21 Nov 1997 09:55:06 -0600\r\n"
                                    "From: Alice <alice@example.org>\r\n"
                                    "Subject: Re: hello\r\n"
                                    "Content-Type: multipart/alternative; boundary=b\r\n"
                                    "\r\n"
                                    "--b\r\n\r\nHello\r\nworld\r\n"
                                    "--b\r\nContent-Type: text/html\r\n\r\n<p>Hello world</p>\r\n"
                                    "--b--\r\n";

void check_same(const ParsedMessage& a, const ParsedMessage& b) {
    CHECK((a.header == b.header));
    CHECK(a.header_size == b.header_size);
    CHECK(a.size == b.size);
    CHECK((a.structure == b.structure));
    CHECK((a.envelope == b.envelope));
    CHECK((a.preview == b.preview));
    CHECK((a.digest == b.digest));
    CHECK(a.sent == b.sent);
    CHECK(a.message_id == b.message_id);
    CHECK(a.in_reply_to == b.in_reply_to);
    CHECK(a.references == b.references);
}

} // namespace

TEST_CASE("parse: one pass gives all") {
    std::string body;
    const ParsedMessage message = parse_message(sample, &body);
    CHECK(message.header == sample.substr(0, message.header_size));
    CHECK(message.header.ends_with("boundary=b\r\n\r\n"));
    CHECK(body == sample.substr(message.header_size));
    CHECK(message.size == sample.size());
    CHECK_FALSE(message.header_too_large);
    CHECK(message.digest == digest(sample));
    CHECK(message.preview == "Hello world");
    CHECK(message.sent == DateTime{880127706, -360});
    CHECK(message.message_id == "3@example.org");
    CHECK(message.in_reply_to == std::vector<std::string>{"2@example.org"});
    CHECK(message.references == std::vector<std::string>{"0@example.org", "1@example.org", "2@example.org"});
    CHECK(decode_envelope(message.envelope).subject == "hello");
    const Structure structure = decode_structure(message.structure);
    REQUIRE(structure.parts.size() == 3);
    const auto range = section_range(structure, "1", Section::body);
    REQUIRE(range);
    CHECK(body.substr(range->offset, range->size) == "Hello\r\nworld");
}

TEST_CASE("parse: cut anywhere, the result is the same") {
    const ParsedMessage whole = parse_message(sample);
    for (std::size_t cut = 0; cut <= sample.size(); ++cut) {
        std::string body;
        MessageSink sink([&](std::string_view octets) { body += octets; });
        sink.feed(sample.substr(0, cut));
        sink.feed(sample.substr(cut));
        check_same(sink.finish(), whole);
        CHECK(body == sample.substr(whole.header_size));
    }
    MessageSink single;
    for (std::size_t i = 0; i < sample.size(); ++i) single.feed(sample.substr(i, 1));
    check_same(single.finish(), whole);
}

TEST_CASE("parse: messages without body, without header, without anything") {
    for (const std::string_view text :
         {"", "\r\n", "\n", "Subject: x", "Subject: x\r\n", "Subject: x\r\n\r\n", "\r\nbody"}) {
        CAPTURE(text);
        std::string body;
        const ParsedMessage message = parse_message(text, &body);
        CHECK(message.header + body == text);
        CHECK(message.header_size == header_size(text));
        CHECK(decode_structure(message.structure).parts.size() == 1);
        CHECK_FALSE(decode_envelope(message.envelope).imap.empty());
    }
}

TEST_CASE("parse: the header is bounded") {
    for (const std::size_t n : {max_header_octets - 1, max_header_octets, max_header_octets + 1}) {
        CAPTURE(n);
        const std::string text = "X: " + std::string(n - 7, 'x') + "\r\n\r\nbody";
        std::string body;
        const ParsedMessage message = parse_message(text, &body);
        CHECK(message.header_too_large == (n > max_header_octets));
        CHECK(message.size == text.size());
        CHECK(message.digest == digest(text));
        CHECK(body == (n > max_header_octets ? "" : "body"));
        CHECK(message.header.size() == (n > max_header_octets ? 0 : n));
    }
    MessageSink sink;
    sink.feed(std::string(max_header_octets, 'x'));
    CHECK_FALSE(sink.header_too_large());
    sink.feed("x");
    CHECK(sink.header_too_large());
    sink.feed("\r\n\r\nmore");
    CHECK(sink.finish().structure.empty());
}

TEST_CASE("parse: identifiers, well formed and not") {
    struct Row {
        std::string_view field, id;
    };
    const Row rows[] = {
        {"Message-ID: <a@b>\r\n", "a@b"},
        {"Message-Id: < a @ b > (c)\r\n", "a@b"},
        {"Message-ID: a@b\r\n", "a@b"},
        {"Message-ID: a b\r\n", ""},
        {"Message-ID: <>\r\n", ""},
        {"Message-ID:\r\n", ""},
        {"Message-ID: <a@b\r\n", ""},
        {"Message-ID: <a@b> <c@d>\r\n", "a@b"},
        {"", ""},
    };
    for (const Row& row : rows) {
        CAPTURE(row.field);
        CHECK(parse_message(std::string(row.field) + "\r\n").message_id == row.id);
    }
    for (const std::size_t n : {997U, 998U, 999U})
        CHECK(parse_message("Message-ID: <" + std::string(n, 'x') + ">\r\n\r\n").message_id.size() ==
              (n <= 998 ? n : 0));
}

TEST_CASE("parse: of many references the last are kept") {
    for (const int n : {999, 1000, 1001}) {
        std::string text = "References:";
        for (int i = 0; i < n; ++i) text += "\r\n <" + std::to_string(i) + "@x>";
        const auto references = parse_message(text + "\r\n\r\n").references;
        CHECK(references.size() == static_cast<std::size_t>(std::min(n, 1000)));
        CHECK(references.back() == std::to_string(n - 1) + "@x");
    }
}

// Run by hand: test_message -ns -tc="*cost*"
TEST_CASE("parse: cost of a 10 KB message" * doctest::skip()) {
    std::string text(sample.substr(0, sample.find("--b\r\n")));
    text += "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n";
    while (text.size() < 10'000) text += "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod\r\n";
    text += "--b--\r\n";
    const auto time = [](const char* what, int rounds, const auto& work) {
        const auto begin = std::chrono::steady_clock::now();
        for (int i = 0; i < rounds; ++i) work();
        const std::chrono::duration<double, std::micro> spent = std::chrono::steady_clock::now() - begin;
        MESSAGE(std::string(what), ": ", spent.count() / rounds, " us");
    };
    std::size_t octets = 0;
    time("feed and finish", 5000, [&] { octets += parse_message(text).structure.size(); });
    std::string body;
    const ParsedMessage message = parse_message(text, &body);
    time("digest alone", 5000, [&] { octets += digest(text)[0]; });
    time("encode body", 5000, [&] { octets += encode_body(body).size(); });
    const std::string stored = encode_body(body);
    time("read body", 5000, [&] { octets += BodyReader(std::string_view(stored)).read(0, UINT64_MAX).size(); });
    std::string out;
    time("envelope to IMAP", 100'000, [&] { out = decode_envelope(message.envelope).imap; });
    time("structure to IMAP", 100'000, [&] {
        out.clear();
        append_body(out, decode_structure(message.structure), true);
    });
    CHECK(octets > 0);
}
