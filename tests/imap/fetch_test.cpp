// FETCH: every data item, sections of nested messages, partials, implicit \Seen, long literals (RFC 9051 6.4.5).
#include "tests/imap/transcript.h"

#include "appliance/runtime/random.h"
#include "appliance/runtime/sasl.h"

using namespace pillarbox;
using namespace pillarbox::imap;

namespace {

/// The example of RFC 9051 6.4.5.1 in small: text, attachment, message, and a multipart inside it.
const std::string nested = "From: Fred Foobar <foobar@example.com>\r\n"
                           "To: mooch@example.org\r\n"
                           "Subject: =?utf-8?q?gr=C3=BC=C3=9Fe?=\r\n"
                           "Date: Mon, 7 Feb 1994 21:52:25 -0800 (PST)\r\n"
                           "Message-Id: <B27397-0100000@example.com>\r\n"
                           "MIME-Version: 1.0\r\n"
                           "Content-Type: multipart/mixed; boundary=b1\r\n"
                           "\r\n"
                           "--b1\r\n"
                           "Content-Type: text/plain; charset=us-ascii\r\n"
                           "\r\n"
                           "Hello Joe\r\n"
                           "--b1\r\n"
                           "Content-Type: application/octet-stream; name=x.bin\r\n"
                           "Content-Transfer-Encoding: base64\r\n"
                           "Content-Disposition: attachment; filename=x.bin\r\n"
                           "\r\n"
                           "AAECAwQ=\r\n"
                           "--b1\r\n"
                           "Content-Type: message/rfc822\r\n"
                           "\r\n"
                           "Subject: inner\r\n"
                           "X-Odd: yes\r\n"
                           "\r\n"
                           "Inner text\r\n"
                           "--b1--\r\n";

} // namespace

TEST_CASE("imap FETCH: flags, size, date, UID, envelope, structure") { // RFC 9051 7.5.2
    TestAccount alice;
    alice.append(nested);
    alice.imap(R"--(
        C: a FETCH 1 (FLAGS UID INTERNALDATE RFC822.SIZE)
        S: * 1 FETCH (FLAGS (\Recent) UID 1 INTERNALDATE "17-Jul-1996 09:44:25 +0000" RFC822.SIZE 557)
        S: a OK FETCH completed
        C: b FETCH 1 ENVELOPE
        S: * 1 FETCH (ENVELOPE ("Mon, 7 Feb 1994 21:52:25 -0800 (PST)" "=?utf-8?q?gr=C3=BC=C3=9Fe?=" (("Fred Foobar" NIL "foobar" "example.com")) (("Fred Foobar" NIL "foobar" "example.com")) (("Fred Foobar" NIL "foobar" "example.com")) ((NIL NIL "mooch" "example.org")) NIL NIL NIL "<B27397-0100000@example.com>"))
        S: b OK *
        C: c FETCH 1 BODY
        S: * 1 FETCH (BODY (("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 9 1)("application" "octet-stream" ("name" "x.bin") NIL NIL "base64" 8)("message" "rfc822" NIL NIL NIL "7bit" 40 (NIL "inner" NIL NIL NIL NIL NIL NIL NIL NIL) ("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 10 1) 4) "mixed"))
        S: c OK *
        C: d UID FETCH 1 FAST
        S: * 1 FETCH (UID 1 FLAGS (\Recent) INTERNALDATE *
        S: d OK *
        C: e FETCH 1 ALL
        S: * 1 FETCH (FLAGS (\Recent) INTERNALDATE "17-Jul-1996 09:44:25 +0000" RFC822.SIZE 557 ENVELOPE *
        S: e OK *
        C: f FETCH 1 FULL
        S: * 1 FETCH (FLAGS *
        S: f OK *
        C: g FETCH 1 BODYSTRUCTURE
        S: * 1 FETCH (BODYSTRUCTURE (("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 9 1 NIL NIL NIL NIL)*
        S: g OK *
    )--");
}

TEST_CASE("imap FETCH: sections of a nested message") { // RFC 9051 6.4.5.1
    TestAccount alice;
    alice.append(nested);
    alice.imap(R"(
        C: a FETCH 1 (BODY.PEEK[1] BODY.PEEK[1.MIME])
        S: * 1 FETCH (BODY[1] {9}
        S: Hello Joe BODY[1.MIME] {46}
        S: Content-Type: text/plain; charset=us-ascii
        S: 
        S: )
        S: a OK *
        C: b FETCH 1 BODY.PEEK[3.HEADER]
        S: * 1 FETCH (BODY[3.HEADER] {30}
        S: Subject: inner
        S: X-Odd: yes
        S: 
        S: )
        S: b OK *
        C: c FETCH 1 (BODY.PEEK[3.TEXT] BODY.PEEK[3.1] BODY.PEEK[3.HEADER.FIELDS (X-ODD)])
        S: * 1 FETCH (BODY[3.TEXT] {10}
        S: Inner text BODY[3.1] {10}
        S: Inner text BODY[3.HEADER.FIELDS (X-ODD)] {14}
        S: X-Odd: yes
        S: 
        S: )
        S: c OK *
        C: d FETCH 1 (BODY.PEEK[4] BODY.PEEK[1.1] BODY.PEEK[2.HEADER])
        S: * 1 FETCH (BODY[4] NIL BODY[1.1] NIL BODY[2.HEADER] NIL)
        S: d OK *
        C: e FETCH 1 BODY.PEEK[HEADER.FIELDS (subject date)]
        S: * 1 FETCH (BODY[HEADER.FIELDS (subject date)] {84}
        S: Subject: =?utf-8?q?gr=C3=BC=C3=9Fe?=
        S: Date: Mon, 7 Feb 1994 21:52:25 -0800 (PST)
        S: 
        S: )
        S: e OK *
        C: f FETCH 1 BODY.PEEK[HEADER.FIELDS.NOT (Subject Date From To Message-Id Content-Type)]
        S: * 1 FETCH (BODY[HEADER.FIELDS.NOT (Subject Date From To Message-Id Content-Type)] {21}
        S: MIME-Version: 1.0
        S: 
        S: )
        S: f OK *
        C: g FETCH 1 (BODY.PEEK[HEADER.FIELDS (Subject)]<9.11> BODY.PEEK[TEXT]<0.4> BODY.PEEK[]<100000.5>)
        S: * 1 FETCH (BODY[HEADER.FIELDS (Subject)]<9> {11}
        S: =?utf-8?q?g BODY[TEXT]<0> {4}
        S: --b1 BODY[]<100000> "")
        S: g OK *
    )");
}

TEST_CASE("imap FETCH: the whole message in all its names is byte for byte what was stored") {
    TestAccount alice;
    alice.append(nested);
    alice.imap("");
    TestSite& site = alice.site();
    const std::size_t header = nested.find("\r\n\r\n") + 4;
    const auto fetched = [&](const std::string& item, std::size_t size) {
        site.send(1, "x FETCH 1 " + item + "\r\n");
        std::string all;
        for (std::string line = site.receive(1); !line.starts_with("x "); line = site.receive(1)) {
            REQUIRE(line != "<nothing>");
            all += line + "\r\n";
        }
        const std::size_t begin = all.find("}\r\n") + 3;
        CHECK(all.find("{" + std::to_string(size) + "}") != std::string::npos);
        return all.substr(begin, size);
    };
    CHECK(fetched("BODY.PEEK[]", nested.size()) == nested);
    CHECK(fetched("RFC822", nested.size()) == nested);
    CHECK(fetched("BINARY.PEEK[]", nested.size()) == nested);
    CHECK(fetched("BODY[HEADER]", header) == nested.substr(0, header));
    CHECK(fetched("RFC822.HEADER", header) == nested.substr(0, header));
    CHECK(fetched("RFC822.TEXT", nested.size() - header) == nested.substr(header));
    for (const std::size_t cut : {std::size_t{0}, std::size_t{1}, header - 1, header, header + 1, nested.size() - 1}) {
        INFO(cut);
        const std::string partial = "BODY.PEEK[]<" + std::to_string(cut) + ".7>";
        CHECK(fetched(partial, std::min<std::size_t>(7, nested.size() - cut)) == nested.substr(cut, 7));
    }
}

TEST_CASE("imap FETCH: BINARY is decoded") { // RFC 9051 6.4.5, RFC 3516
    TestAccount alice;
    alice.append(nested);
    alice.append("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
                 "gr=C3=BC=C3=9F=\r\ne=0Anext\r\n");
    alice.append("Content-Transfer-Encoding: x-strange\r\n\r\nabc\r\n");
    alice.imap("");
    TestSite& site = alice.site();
    site.send(1, "a FETCH 1 (BINARY.SIZE[2] BINARY.PEEK[2] BINARY[2]<1.2> BINARY.SIZE[9] BINARY[9])\r\n");
    CHECK(site.receive(1) == std::string("* 1 FETCH (BINARY.SIZE[2] 5 BINARY[2] ~{5}"));
    CHECK(site.receive(1) == std::string("\0\1\2\3\4 BINARY[2]<1> ~{2}", 23));
    CHECK(site.receive(1) == "\1\2 BINARY.SIZE[9] 0 BINARY[9] NIL FLAGS (\\Seen \\Recent))");
    CHECK(site.receive(1) == "a OK FETCH completed");
    site.play("C: b FETCH 2 (BINARY.SIZE[1] BINARY[1])\n"
              "S: * 2 FETCH (BINARY.SIZE[1] 15 BINARY[1] {15}\n"
              "S: gr\xc3\xbc\xc3\x9f"
              "e\n"
              "S: next\n"
              "S:  FLAGS (\\Seen \\Recent))\n"
              "S: b OK *\n");
    site.play(R"(
        C: c FETCH 2:3 BINARY.SIZE[1]
        S: * 2 FETCH (BINARY.SIZE[1] 15)
        S: c NO [UNKNOWN-CTE] *
        C: d FETCH 3 BODY[1]
        S: * 3 FETCH (BODY[1] {5}
        S: abc
        S:  FLAGS (\Seen \Recent))
        S: d OK *
    )");
}

TEST_CASE("imap FETCH: reading marks as seen, once, and tells everybody") { // RFC 9051 6.4.5
    TestAccount alice(3);
    alice.imap(R"(
        C: a FETCH 1:2 BODY.PEEK[TEXT]
        S: * 1 FETCH (BODY[TEXT] {11}
        S: Body of 1
        S: )
        S: * 2 FETCH (BODY[TEXT] {11}
        S: Body of 2
        S: )
        S: a OK *
        C: b FETCH 1 BODY[TEXT]
        S: * 1 FETCH (BODY[TEXT] {11}
        S: Body of 1
        S:  FLAGS (\Seen \Recent))
        S: b OK *
        C: c FETCH 1 BODY[TEXT]
        S: * 1 FETCH (BODY[TEXT] {11}
        S: Body of 1
        S: )
        S: c OK *
        C: d UID FETCH 2 (FLAGS RFC822.TEXT)
        S: * 2 FETCH (UID 2 FLAGS (\Seen \Recent) RFC822.TEXT {11}
        S: Body of 2
        S: )
        S: d OK *
        C2: a NOOP
        S2: * 1 FETCH (UID 1 FLAGS (\Seen))
        S2: * 2 FETCH (UID 2 FLAGS (\Seen))
        S2: a OK *
        C: e NOOP
        S: e OK *
    )",
               2);
}

TEST_CASE("imap FETCH: sets") {
    TestAccount alice(5);
    alice.imap(R"(
        C: a STORE 2 +FLAGS.SILENT (\Deleted)
        S: a OK *
        C: b EXPUNGE
        S: * 2 EXPUNGE
        S: b OK *
        C: c FETCH *,1,2:3 UID
        S: * 1 FETCH (UID 1)
        S: * 2 FETCH (UID 3)
        S: * 3 FETCH (UID 4)
        S: * 4 FETCH (UID 5)
        S: c OK *
        C: d UID FETCH 2:4 UID
        S: * 2 FETCH (UID 3)
        S: * 3 FETCH (UID 4)
        S: d OK *
        C: e UID FETCH 100:* UID
        S: * 4 FETCH (UID 5)
        S: e OK *
        C: f UID FETCH 2 UID
        S: f OK *
        C: g FETCH 5 UID
        S: g BAD *
        C: h FETCH 1:* ENVELOPE
        S: * 1 FETCH (ENVELOPE *
        S: * 2 FETCH (ENVELOPE *
        S: * 3 FETCH (ENVELOPE *
        S: * 4 FETCH (ENVELOPE *
        S: h OK *
    )");
    TestAccount empty;
    empty.imap(R"(
        C: a FETCH 1:* FLAGS
        S: a OK *
        C: b FETCH 1 FLAGS
        S: b BAD *
        C: c UID FETCH 1:* FLAGS
        S: c OK *
    )");
}

TEST_CASE("imap FETCH: a message larger than a page comes whole, also to a slow reader") {
    TestAccount alice;
    const std::string noise = runtime::base64_encode(runtime::random_bytes(1'500'000));
    std::string lines;
    for (std::size_t at = 0; at < noise.size(); at += 76) lines += noise.substr(at, 76) + "\r\n";
    const std::string message = "Subject: large\r\nContent-Type: application/octet-stream\r\n"
                                "Content-Transfer-Encoding: base64\r\n\r\n" +
                                lines;
    alice.append(message);
    alice.append("Subject: small\r\n\r\nx\r\n");
    alice.imap("");
    TestSite& site = alice.site();
    site.peer(1).set_window(100'000);
    const auto fetched = [&](const std::string& item) {
        site.send(1, "x FETCH 1:2 " + item + "\r\n");
        std::string all;
        for (int turn = 0; turn < 20000 && all.find("\r\nx OK") == std::string::npos; ++turn) {
            site.turn_loop();
            all += site.peer(1).received();
        }
        return all;
    };
    const std::string whole = fetched("(BODY.PEEK[] UID BODY.PEEK[TEXT])");
    const std::string size = std::to_string(message.size());
    CHECK(whole.starts_with("* 1 FETCH (BODY[] {" + size + "}\r\n" + message + " UID 1 BODY[TEXT] {"));
    CHECK(whole.find(lines + ")\r\n* 2 FETCH (BODY[] {21}\r\n") != std::string::npos);
    const std::string decoded = fetched("(UID BINARY.PEEK[1]<3.1400000> BINARY.SIZE[1])");
    const std::string binary = *runtime::base64_decode(noise);
    CHECK(decoded.find("BINARY[1]<3> ~{1400000}\r\n" + binary.substr(3, 1'400'000) + " BINARY.SIZE[1] 1500000)\r\n") !=
          std::string::npos);
}

TEST_CASE("imap FETCH: a message expunged between two pages is left out") { // RFC 5530 EXPUNGEISSUED
    TestAccount alice;
    const std::string large = "Subject: large\r\n\r\n" + std::string(300'000, 'x') + "\r\n";
    for (int i = 0; i < 3; ++i) alice.append(large);
    alice.imap("", 2);
    TestSite& site = alice.site();
    site.peer(1).set_window(1000);
    site.send(1, "x FETCH 1:3 (UID BODY.PEEK[])\r\n");
    for (int turn = 0; turn < 20; ++turn) site.turn_loop();
    site.send(2, "a STORE 3 +FLAGS.SILENT (\\Deleted)\r\nb EXPUNGE\r\n");
    site.skip_to(2, "b OK");
    std::string all;
    for (int turn = 0; turn < 20000 && all.find("\r\nx OK") == std::string::npos; ++turn) {
        all += site.peer(1).received();
        site.turn_loop();
    }
    CHECK(all.find("* 2 FETCH (UID 2 BODY[] {300020}") != std::string::npos);
    CHECK(all.find("* 3 FETCH") == std::string::npos);
    CHECK(all.ends_with("\r\nx OK [EXPUNGEISSUED] Some of the messages are gone\r\n"));
    site.send(1, "y NOOP\r\n");
    CHECK(site.receive(1) == "* 3 EXPUNGE");
    CHECK(site.receive(1) == "y OK NOOP completed");
}
