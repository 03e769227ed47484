// Tests of envelopes: what IMAP shows of a header, and the stored form.
#include "store/message/blob.h"
#include "store/message/envelope.h"
#include "store/message/imap_text.h"

#include <doctest/doctest.h>

using namespace pillarbox::message;
using namespace std::string_view_literals;

namespace {

std::string shown(std::string_view header) {
    std::string out;
    append_envelope(out, read_envelope(header));
    return out;
}

std::string string_of(std::string_view text) {
    std::string out;
    append_string(out, text);
    return out;
}

constexpr auto example = "Date: Wed, 17 Jul 1996 02:23:25 -0700 (PDT)\r\n"
                         "From: Terry Gray <gray@cac.washington.edu>\r\n"
                         "Subject: IMAP4rev2 WG mtg summary and minutes\r\n"
                         "To: imap@cac.washington.edu\r\n"
                         "cc: minutes@CNRI.Reston.VA.US, John Klensin <KLENSIN@MIT.EDU>\r\n"
                         "Message-Id: <B27397-0100000@cac.washington.edu>\r\n"
                         "MIME-Version: 1.0\r\n"
                         "Content-Type: TEXT/PLAIN; CHARSET=US-ASCII\r\n\r\n"sv;

} // namespace

TEST_CASE("envelope: the example of RFC 9051 8") {
    CHECK(shown(example) ==
          "(\"Wed, 17 Jul 1996 02:23:25 -0700 (PDT)\" \"IMAP4rev2 WG mtg summary and minutes\" "
          R"((("Terry Gray" NIL "gray" "cac.washington.edu")) (("Terry Gray" NIL "gray" "cac.washington.edu")) )"
          R"((("Terry Gray" NIL "gray" "cac.washington.edu")) ((NIL NIL "imap" "cac.washington.edu")) )"
          R"(((NIL NIL "minutes" "CNRI.Reston.VA.US")("John Klensin" NIL "KLENSIN" "MIT.EDU")) NIL NIL )"
          R"("<B27397-0100000@cac.washington.edu>"))");
}

TEST_CASE("envelope: absent is NIL, empty is an empty string, Sender and Reply-To default to From") { // RFC 9051 7.5.2
    struct Row {
        std::string_view header, text;
    };
    const Row rows[] = {
        {"", "(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)"},
        {"Subject:\r\nDate: \r\nMessage-ID:\r\nIn-Reply-To: \r\n", R"(("" "" NIL NIL NIL NIL NIL NIL "" ""))"},
        {"To:\r\nSender: \r\nFrom: a@b\r\n",
         R"((NIL NIL ((NIL NIL "a" "b")) ((NIL NIL "a" "b")) ((NIL NIL "a" "b")) NIL NIL NIL NIL NIL))"},
        {"From: a@b\r\nSender: c@d\r\nReply-To: e@f\r\n",
         R"((NIL NIL ((NIL NIL "a" "b")) ((NIL NIL "c" "d")) ((NIL NIL "e" "f")) NIL NIL NIL NIL NIL))"},
        {"Subject: one\r\nsubject: two\r\nTo: a@b\r\nTO: c@d\r\n",
         R"((NIL "one" NIL NIL NIL ((NIL NIL "a" "b")(NIL NIL "c" "d")) NIL NIL NIL NIL))"},
        {"To: g: a@b;\r\n",
         R"((NIL NIL NIL NIL NIL ((NIL NIL "g" NIL)(NIL NIL "a" "b")(NIL NIL NIL NIL)) NIL NIL NIL NIL))"},
        {"Subject: a\r\n\tb \"c\" \\d\r\n", R"((NIL "a	b \"c\" \\d" NIL NIL NIL NIL NIL NIL NIL NIL))"},
        {"Subject: \xc3\xa4\r\n", "(NIL {2}\r\n\xc3\xa4 NIL NIL NIL NIL NIL NIL NIL NIL)"},
        {"no colon\r\nSubject: s\n\nTo: body@x\n", R"((NIL "s" NIL NIL NIL NIL NIL NIL NIL NIL))"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.header);
        CHECK(shown(row.header) == row.text);
    }
}

TEST_CASE("imap text: strings are quoted or literals, never broken") {
    CHECK(string_of("") == "\"\"");
    CHECK(string_of("a\\b\"c") == R"("a\\b\"c")");
    CHECK(string_of("a\tb\x7f") == "\"a\tb\x7f\"");
    CHECK(string_of("a\nb") == "{3}\r\na\nb");
    CHECK(string_of("a\rb") == "{3}\r\na\rb");
    CHECK(string_of("a\0b"sv) == "{2}\r\nab");
    CHECK(string_of("\xff") == "{1}\r\n\xff");
}

TEST_CASE("envelope: the stored form gives back the IMAP text and what SORT compares") {
    const Envelope envelope = read_envelope("Date: Fri, 21 Nov 1997 09:55:06 -0600\r\n"
                                            "Subject: Re: [list] =?utf-8?q?H=C3=A4llo?=\r\n"
                                            "From: =?utf-8?q?J=C3=B6rg?= <joerg@example.org>\r\n"
                                            "To: bob@example.org, carol@example.org\r\n\r\n");
    const std::string blob = encode_envelope(envelope);
    const StoredEnvelope stored = decode_envelope(blob);
    std::string text;
    append_envelope(text, envelope);
    CHECK(stored.imap == text);
    CHECK(stored.sent == DateTime{880127706, -360});
    CHECK(stored.subject == "Hällo");
    CHECK(stored.is_reply_or_forward);
    CHECK(stored.from == "joerg");
    CHECK(stored.to == "bob");
    CHECK(stored.cc == "");
    CHECK(stored.display_from == "Jörg");
    CHECK(stored.display_to == "bob@example.org");
}

TEST_CASE("envelope: an empty header has a stored form too") {
    const std::string blob = encode_envelope(read_envelope(""));
    const StoredEnvelope stored = decode_envelope(blob);
    CHECK(stored.imap == "(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)");
    CHECK_FALSE(stored.sent);
    CHECK(stored.subject == "");
}

TEST_CASE("envelope: a damaged stored form is an error, not a wrong answer") {
    const std::string blob = encode_envelope(read_envelope(example));
    for (std::size_t n = 0; n < blob.size(); ++n) {
        const auto decode = [&] { return decode_envelope(std::string_view(blob).substr(0, n)); };
        CHECK_THROWS_AS(decode(), BlobError);
    }
    CHECK_THROWS_AS(decode_envelope(blob + ")"), BlobError);
    std::string newer = blob;
    newer[0] = 2;
    CHECK_THROWS_AS(decode_envelope(newer), BlobError);
    const std::string endless = "\x01" + std::string(12, '\xff');
    CHECK_THROWS_AS(decode_envelope(endless), BlobError);
}

TEST_CASE("envelope: many addresses are bounded over all fields of a name") {
    std::string header;
    for (int i = 0; i < 3; ++i) {
        header += "To: ";
        for (std::size_t j = 0; j < max_addresses / 2; ++j) header += "a@b,";
        header += "\r\n";
    }
    CHECK(read_envelope(header).to.size() == max_addresses);
}
