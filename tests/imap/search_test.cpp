// SEARCH: every key, both forms of answer, the saved result, charsets (RFC 9051 6.4.4).
#include "tests/imap/transcript.h"

#include "imap/needle.h"

using namespace pillarbox;
using namespace pillarbox::imap;

namespace {

/// One message each for the keys to tell apart.
void fill(TestAccount& alice) {
    store::FlagChange seen;
    seen.system = store::flag::seen | store::flag::answered;
    seen.keywords = {"Work"};
    alice.site().append("INBOX",
                        "From: Smith <smith@example.com>\r\nTo: alice@example.org\r\nCc: Carl <carl@example.net>\r\n"
                        "Subject: Lunch\r\nDate: Tue, 1 Feb 1994 23:30:00 -0800\r\nList-Id:\r\n\r\nPizza again?\r\n",
                        seen, 760'060'800); // 1-Feb-1994 00:00 UTC
    store::FlagChange draft;
    draft.system = store::flag::draft | store::flag::flagged;
    alice.site().append(
        "INBOX",
        "From: =?utf-8?q?J=C3=BCrgen?= <juergen@example.com>\r\nBcc: bob@example.org\r\n"
        "Subject: =?iso-8859-1?q?Gr=FC=DFe?=\r\nDate: Thu, 3 Feb 1994 00:10:00 +0100\r\n"
        "Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        "Sch=F6ne Gr=FC=DFe aus M=FCnchen, l=\r\nieber Freund\r\n",
        draft, 760'147'199); // 1-Feb-1994 23:59:59
    store::FlagChange deleted;
    deleted.system = store::flag::deleted;
    alice.site().append(
        "INBOX",
        "From: robot@example.com\r\nSubject: Report\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        "VGhlIHNlY3JldCBpcyBvdXQ=\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
        "Subject: Forwarded thing\r\n\r\nforwarded words\r\n--b\r\n"
        "Content-Type: application/octet-stream; name=hidden.bin\r\n\r\nnotsearched\r\n--b--\r\n",
        deleted, 760'147'200); // 2-Feb-1994 00:00
}

} // namespace

TEST_CASE("imap SEARCH: keys") {
    TestAccount alice;
    fill(alice);
    alice.imap("");
    TestSite& site = alice.site();
    const auto search = [&](const std::string& keys) {
        site.send(1, "x SEARCH " + keys + "\r\n");
        std::string line = site.receive(1);
        if (!line.starts_with("* SEARCH")) return line;
        CHECK(site.receive(1) == "x OK SEARCH completed");
        return line.substr(std::min<std::size_t>(9, line.size()));
    };
    struct Case {
        const char *keys, *found;
    };
    const Case cases[] = {
        {"ALL", "1 2 3"},
        {"SEEN", "1"},
        {"UNSEEN", "2 3"},
        {"ANSWERED", "1"},
        {"UNANSWERED", "2 3"},
        {"DELETED", "3"},
        {"UNDELETED", "1 2"},
        {"DRAFT", "2"},
        {"UNDRAFT", "1 3"},
        {"FLAGGED", "2"},
        {"UNFLAGGED", "1 3"},
        {"KEYWORD work", "1"},
        {"UNKEYWORD Work", "2 3"},
        {"KEYWORD unknown", ""},
        {"NEW", "2 3"},
        {"RECENT", "1 2 3"},
        {"OLD", ""},
        {"2:3", "2 3"},
        {"UID 1,3 NOT 3", "1"},
        {"UID 50:*", "3"},
        {"BEFORE 2-Feb-1994", "1 2"},
        {"ON 1-Feb-1994", "1 2"},
        {"ON 2-Feb-1994", "3"},
        {"SINCE 2-Feb-1994", "3"},
        {"SENTON 1-Feb-1994", "1"},
        {"SENTON 3-Feb-1994", "2"},
        {"SENTBEFORE 3-Feb-1994", "1"},
        {"SENTSINCE 2-Feb-1994", "2"},
        {"FROM smith", "1"},
        {"FROM \"SMITH <\"", "1"},
        {"FROM example.com", "1 2 3"},
        {"TO alice", "1"},
        {"CC carl", "1"},
        {"BCC bob", "2"},
        {"SUBJECT lunch", "1"},
        {"SUBJECT =?iso", ""},
        {"HEADER List-Id \"\"", "1"},
        {"HEADER Date 1994", "1 2"},
        {"HEADER X-None \"\"", ""},
        {"BODY pizza", "1"},
        {"BODY lunch", ""},
        {"BODY \"lieber freund\"", "2"},
        {"BODY \"secret is OUT\"", "3"},
        {"BODY VGhl", ""},
        {"BODY \"forwarded\"", "3"},
        {"BODY \"forwarded thing\"", "3"},
        {"BODY notsearched", ""},
        {"BODY hidden.bin", ""},
        {"TEXT hidden.bin", "3"},
        {"TEXT pizza", "1"},
        {"TEXT \"subject: lunch\"", "1"},
        {"TEXT \"\"", "1 2 3"},
        {"BODY \"\"", "1 2 3"},
        {"LARGER 100000", ""},
        {"SMALLER 100000", "1 2 3"},
        {"OR FROM smith FROM robot", "1 3"},
        {"NOT OR SEEN DELETED", "2"},
        {"(SEEN FROM smith) BODY pizza", "1"},
        {"SEEN BODY secret", ""},
        {"OR BODY secret SEEN", "1 3"},
        {"CHARSET UTF-8 TEXT {8+}\r\nm\xc3\xbcnchen", "2"},
        {"CHARSET UTF-8 SUBJECT {5+}\r\n\xc3\x9c\xc3\x9f"
         "e",
         "2"},
        {"CHARSET UTF-8 SUBJECT {7+}\r\ngR\xc3\x9c\xc3\x9f"
         "E",
         "2"},
        {"SUBJECT \"gr\xc3\xbc\"", "2"},
        {"FROM \"J\xc3\xbcrgen\"", "2"},
        {"CHARSET iso-8859-1 BODY \"sch\xf6ne\"", "2"},
        {"CHARSET US-ASCII BODY again", "1"},
    };
    for (const Case& each : cases) {
        INFO(std::string(each.keys));
        CHECK(search(each.keys) == each.found);
    }
    CHECK(search("CHARSET x-nobody TEXT a") == "x NO [BADCHARSET (US-ASCII UTF-8)] That charset is not known");
    CHECK(search("4").starts_with("x BAD"));
    CHECK(search("BEFORE 31-Feb-1994").starts_with("x BAD"));
}

TEST_CASE("imap SEARCH: ESEARCH answers") { // RFC 9051 6.4.4, RFC 4731
    TestAccount alice(12);
    alice.imap(R"(
        C: a STORE 2,4:6,9 +FLAGS.SILENT (\Flagged)
        S: a OK *
        C: b SEARCH RETURN (MIN COUNT) FLAGGED
        S: * ESEARCH (TAG "b") MIN 2 COUNT 5
        S: b OK *
        C: c SEARCH RETURN () FLAGGED
        S: * ESEARCH (TAG "c") ALL 2,4:6,9
        S: c OK *
        C: d UID SEARCH RETURN (MIN MAX) FLAGGED
        S: * ESEARCH (TAG "d") UID MIN 2 MAX 9
        S: d OK *
        C: e SEARCH RETURN (MIN MAX ALL COUNT) DELETED
        S: * ESEARCH (TAG "e") COUNT 0
        S: e OK *
        C: f STORE 5 +FLAGS.SILENT (\Deleted)
        S: f OK *
        C: g EXPUNGE
        S: * 5 EXPUNGE
        S: g OK *
        C: h UID SEARCH RETURN (ALL) FLAGGED
        S: * ESEARCH (TAG "h") UID ALL 2,4,6,9
        S: h OK *
        C: i SEARCH RETURN (ALL) FLAGGED
        S: * ESEARCH (TAG "i") ALL 2,4:5,8
        S: i OK *
        C: j ENABLE IMAP4rev2
        S: * ENABLED IMAP4rev2
        S: j OK *
        C: k SEARCH FLAGGED
        S: * ESEARCH (TAG "k") ALL 2,4:5,8
        S: k OK *
        C: l UID SEARCH TEXT "no such words"
        S: * ESEARCH (TAG "l") UID
        S: l OK *
        C: m] SEARCH RETURN (COUNT) ALL
        S: * ESEARCH (TAG "m]") COUNT 11
        S: m] OK *
    )");
}

TEST_CASE("imap SEARCH: the saved result") { // RFC 9051 6.4.4.1 and 6.4.4.4
    TestAccount alice(6);
    alice.imap(R"(
        C: a FETCH $ UID
        S: a OK *
        C: b SEARCH RETURN (SAVE) UID 2:4
        S: b OK SEARCH completed
        C: c FETCH $ UID
        S: * 2 FETCH (UID 2)
        S: * 3 FETCH (UID 3)
        S: * 4 FETCH (UID 4)
        S: c OK *
        C: d SEARCH RETURN (SAVE MIN) ALL
        S: * ESEARCH (TAG "d") MIN 1
        S: d OK *
        C: e UID FETCH $ UID
        S: * 1 FETCH (UID 1)
        S: e OK *
        C: f SEARCH RETURN (SAVE MIN MAX) 2:5
        S: * ESEARCH (TAG "f") MIN 2 MAX 5
        S: f OK *
        C: g STORE $ +FLAGS.SILENT (\Deleted)
        S: g OK *
        C: h SEARCH RETURN (COUNT) $
        S: * ESEARCH (TAG "h") COUNT 2
        S: h OK *
        C: i SEARCH RETURN (SAVE COUNT MIN) 1:3
        S: * ESEARCH (TAG "i") MIN 1 COUNT 3
        S: i OK *
        C: j EXPUNGE
        S: * 5 EXPUNGE
        S: * 2 EXPUNGE
        S: j OK *
        C: k UID SEARCH UID $
        S: * SEARCH 1 3
        S: k OK *
        C: l COPY $,4 Archive
        S: l BAD *
        C: m COPY 4,$ Archive
        S: m OK [COPYUID *
        C: n SEARCH RETURN (SAVE) CHARSET x-nobody ALL
        S: n NO [BADCHARSET *
        C: o FETCH $ UID
        S: o OK *
        C: p COPY $ Archive
        S: p OK There was no such message, so nothing was done
    )");
}

TEST_CASE("imap SEARCH: a text across the pieces of a long part is found") {
    TestAccount alice;
    const std::string words = "needle in the haystack";
    for (const std::size_t before :
         {256u * 1024 - 30, 256u * 1024 - 10, 256u * 1024 - 1, 256u * 1024, 512u * 1024 - 7}) {
        alice.append("Content-Type: text/plain; charset=utf-8\r\n\r\n" + std::string(before, 'n') + words + "\r\n");
    }
    alice.imap(R"(
        C: a SEARCH BODY "NEEDLE IN THE HAYSTACK"
        S: * SEARCH 1 2 3 4 5
        S: a OK *
        C: b SEARCH BODY "needle in the haystacks"
        S: * SEARCH
        S: b OK *
    )");
}

TEST_CASE("imap needle: letters in either case, other scripts folded") {
    CHECK(Needle("Pizza").is_in("a PIZZA please"));
    CHECK(Needle("a").is_in("bcA"));
    CHECK(Needle("").is_in(""));
    CHECK_FALSE(Needle("abc").is_in("ab"));
    CHECK_FALSE(Needle("[").is_in("{"));
    CHECK(Needle("aab").is_in("aaab"));
    CHECK(Needle("\xc3\x84rger").is_in("viel \xc3\xa4RGER"));
    CHECK(Needle("stra\xc3\x9f"
                 "e\xc2\xa0")
              .is_in("STRASSE\xc2\xa0"));
    CHECK_FALSE(Needle("\xc3\xa4").is_in("a"));
    CHECK(Needle("\xff").is_in("x\xff"));
    const std::string long_needle(1000, 'x');
    CHECK(Needle(long_needle).is_in("y" + long_needle + "y"));
    CHECK_FALSE(Needle(long_needle + "z").is_in(long_needle + "y"));
}
