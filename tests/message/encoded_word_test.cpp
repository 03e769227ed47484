// Tests of encoded words and base subjects.
#include "store/message/charset.h"
#include "store/message/encoded_word.h"

#include <doctest/doctest.h>

using namespace pillarbox::message;

TEST_CASE("encoded words: the examples of RFC 2047 8") {
    struct Row {
        std::string_view value, text;
    };
    const Row rows[] = {
        {"=?US-ASCII?Q?Keith_Moore?=", "Keith Moore"},
        {"=?ISO-8859-1?Q?Keld_J=F8rn_Simonsen?=", "Keld Jørn Simonsen"},
        {"=?ISO-8859-1?Q?Andr=E9?= Pirard", "André Pirard"},
        {"=?ISO-8859-1?B?SWYgeW91IGNhbiByZWFkIHRoaXMgeW8=?=\r\n =?ISO-8859-2?B?dSB1bmRlcnN0YW5kIHRoZSBleGFtcGxlLg==?=",
         "If you can read this you understand the example."},
        {"=?iso-8859-8?b?7eXs+SDv4SDp7Oj08A==?=", "םולש ןב ילטפנ"},
        {"=?ISO-8859-1?Q?a?=", "a"},
        {"=?ISO-8859-1?Q?a?= b", "a b"},
        {"=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=", "ab"},
        {"=?ISO-8859-1?Q?a?=  =?ISO-8859-1?Q?b?=", "ab"},
        {"=?ISO-8859-1?Q?a?=\r\n    =?ISO-8859-1?Q?b?=", "ab"},
        {"=?ISO-8859-1?Q?a_b?=", "a b"},
        {"=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=", "a b"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.value);
        CHECK(decode_words(row.value) == row.text);
    }
}

TEST_CASE("encoded words: odd ones") {
    struct Row {
        std::string_view value, text;
    };
    const Row rows[] = {
        {"", ""},
        {"plain\r\n text", "plain text"},
        {"=?utf-8*en?q?a?=", "a"},
        {"=?utf-8?q?=C3?= =?utf-8?q?=A4?=", "ä"}, // a character in two words
        {"=?utf-8?b?w6Q?= x", "ä x"},
        {"a=?utf-8?q?b?=c", "abc"},
        {"=?utf-8?q?hello world?=", "hello world"},
        {"=?utf-8?q?=41?=", "A"},
        {"=?utf-8?q?a_?=", "a "},
        {"=?utf-8?q?\?=", ""},
        {"=?utf-8?q?what?\?=", "what?"},
        {"=?utf-8?x?a?=", "=?utf-8?x?a?="},
        {"=?utf-8?q?a", "=?utf-8?q?a"},
        {"=?\?q?a?=", "=?\?q?a?="},
        {"=?=?utf-8?q?a?=", "=?a"},
        {"=?utf-8?q", "=?utf-8?q"},
        {"=?x-none?q?=E4?=", "ä"},
        {"\xe4", "ä"},
        {"=?utf-8?q?a=0D=0Ab=00?=", "a  b "},
        {"=?iso-2022-jp?B?GyRCRnxLXBsoQg==?= =?iso-2022-jp?B?GyRCOGwbKEI=?=", "日本語"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.value);
        CHECK(decode_words(row.value) == row.text);
    }
}

TEST_CASE("encoded words: false beginnings cost little") {
    std::string begins, words;
    while (begins.size() < 256 * 1024) begins += "=?a?q?b ";
    while (words.size() < 256 * 1024) words += "=?a?q?b?= ";
    CHECK((decode_words(begins) == begins));
    CHECK(decode_words(words).size() == words.size() / 10 + 1);
}

TEST_CASE("base subject: RFC 5256 2.1") {
    struct Row {
        std::string_view subject, base;
        bool is_reply_or_forward;
    };
    const Row rows[] = {
        {"", "", false},
        {"hello", "hello", false},
        {" Re: hello", "hello", true},
        {"RE : fwd:  hello  world ", "hello world", true},
        {"Re[2]: hello", "hello", true},
        {"re [x] : hello", "hello", true},
        {"hello (fwd)", "hello", true},
        {"hello (FWD) (fwd) ", "hello", true},
        {"[list] hello", "hello", false},
        {"[list] Re: [list] hello", "hello", true},
        {"[list]", "[list]", false},
        {"[a] [b]", "[b]", false},
        {"Re: [list]", "[list]", true},
        {"[fwd: hello]", "hello", true},
        {"[Fwd: Re: hello (fwd)]", "hello", true},
        {"[fwd:hello] x", "x", false},
        {"Regarding", "Regarding", false},
        {"Re:", "", true},
        {"[open", "[open", false},
        {"[[x]] y", "[[x]] y", false},
        {"=?utf-8?q?Re=3A_h=C3=A4llo?=", "hällo", true},
        {"a\tb", "a b", false},
    };
    for (const Row& row : rows) {
        CAPTURE(row.subject);
        const BaseSubject base = base_subject(row.subject);
        CHECK(base.text == row.base);
        CHECK(base.is_reply_or_forward == row.is_reply_or_forward);
    }
}

TEST_CASE("base subject: what counts of a subject is bounded") {
    for (const std::size_t n : {max_base_subject - 1, max_base_subject, max_base_subject + 1})
        CHECK(base_subject(std::string(n, 'a')).text.size() == std::min(n, max_base_subject));
    std::string blobs;
    while (blobs.size() < 256 * 1024) blobs += "[]";
    CHECK(base_subject(blobs).text == "[]");
}
