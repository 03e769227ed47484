// Tests of charsets: each known one, cut everywhere; broken octets; names.
#include "store/message/charset.h"
#include "tests/message/octets.h"

#include <doctest/doctest.h>

using namespace pillarbox::message;
using namespace pillarbox::message::tests;

namespace {

std::string decode(std::string_view octets, std::string_view charset) {
    const std::string whole = to_utf8(octets, charset);
    for (std::size_t cut = 0; cut <= octets.size(); ++cut) {
        std::string out;
        CharsetDecoder decoder(charset);
        decoder.feed(octets.substr(0, cut), out);
        decoder.feed(octets.substr(cut), out);
        decoder.finish(out);
        CHECK(out == whole);
    }
    return whole;
}

struct Row {
    std::string_view charset, hex, text;
};

} // namespace

TEST_CASE("charset: every kind of charset is read, wherever it is cut") {
    const Row rows[] = {
        {"us-ascii", "616263", "abc"},
        {"utf-8", "c3a4e697a5f09f9880", "ä日😀"},
        {"iso-8859-1", "e480", "ä€"}, // 0x80 as windows-1252 has it
        {"windows-1252", "937894", "“x”"},
        {"iso-8859-2", "b1", "ą"},
        {"iso-8859-15", "a4", "€"},
        {"windows-1251", "cff0e8e2e5f2", "Привет"},
        {"iso-8859-8-i", "e0", "א"},
        {"tis-620", "a1", "ก"},
        {"koi8-r", "f0d2c9d7c5d4", "Привет"},
        {"koi8-u", "b7d6c1cb", "Їжак"},
        {"Shift_JIS", "93fa967b8ceac3bdc4", "日本語ﾃｽﾄ"},
        {"windows-31j", "8740", "①"},
        {"euc-jp", "c6fccbdcb8eca5c6a5b9a5c8", "日本語テスト"},
        {"euc-jp", "8ec3618fb0a162", "ﾃa\xef\xbf\xbd\x62"}, // half width; JIS X 0212 is not known
        {"iso-2022-jp", "1b2442467c4b5c386c2546253925481b284220416263", "日本語テスト Abc"},
        {"iso-2022-jp", "1b284936451b2442467c4b5c1b2842", "ｶﾅ日本"},
        {"iso-2022-jp", "1b2442467c0d0a6162", "日\r\nab"}, // a line begins in ASCII
        {"iso-2022-jp", "1b24284430211b284261", "\xef\xbf\xbd\x61"},
        {"gb2312", "babad7d6", "汉字"},
        {"gbk", "80", "€"},
        {"big5", "ba7ea672", "漢字"},
        {"ks_c_5601-1987", "c7d1b1b9beee", "한국어"},
        {"utf-7", "4869204d6f6d202b4a6a6f202b2d202b5a65566e4c41202b32443365414121", "Hi Mom ☺ + 日本 😀!"},
        {"utf-16", "fffe6100e5653dd800de", "a日😀"},
        {"utf-16", "feff006165e5d83dde00", "a日😀"},
        {"utf-16be", "006165e5d83dde00", "a日😀"},
        {"utf-16le", "6100e5653dd800de", "a日😀"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.charset);
        CHECK(decode(unhex(row.hex), row.charset) == row.text);
    }
}

TEST_CASE("charset: GB 18030 with two and four octets") {
    CHECK(decode(unhex("babad7d6a2e395328236"), "gb18030") == "汉字€𠀀");
    CHECK(decode(unhex("84319632"), "gb18030") == "ｦ");
    CHECK(decode(unhex("a8bf8130fe30"), "gb18030") == "ǹ؀");
    CHECK(decode(unhex("81308130"), "gb18030") == "\xc2\x80");         // the first
    CHECK(decode(unhex("8431a439"), "gb18030") == "\xef\xbf\xbf");     // U+FFFF, the last of the runs
    CHECK(decode(unhex("8431a530"), "gb18030") == "\xef\xbf\xbd");     // behind it nothing
    CHECK(decode(unhex("90308130"), "gb18030") == "\xf0\x90\x80\x80"); // U+10000
    CHECK(decode(unhex("e3329a35"), "gb18030") == "\xf4\x8f\xbf\xbf"); // U+10FFFF
    CHECK(decode(unhex("e3329a36"), "gb18030") == "\xef\xbf\xbd");
}

TEST_CASE("charset: what means nothing becomes U+FFFD, and the rest survives") {
    const Row rows[] = {
        {"utf-8", "61ff62", "a\xef\xbf\xbd\x62"},
        {"utf-8", "c0af", "\xef\xbf\xbd\xef\xbf\xbd"},
        {"utf-8", "e282", "\xef\xbf\xbd"},
        {"utf-8", "e28261", "\xef\xbf\xbd\x61"},
        {"utf-8", "eda08061", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\x61"},
        {"utf-8", "f8616263", "\xef\xbf\xbd\x61\x62\x63"},
        {"iso-8859-8", "a161", "\xef\xbf\xbd\x61"},
        {"shift_jis", "8820", "\xef\xbf\xbd "},
        {"shift_jis", "88", "\xef\xbf\xbd"},
        {"euc-jp", "c620", "\xef\xbf\xbd "},
        {"gb18030", "ff61", "\xef\xbf\xbd\x61"},
        {"gb18030", "81306161", "\xef\xbf\xbd\x30\x61\x61"},
        {"iso-2022-jp", "1b2442467c4b", "日\xef\xbf\xbd"},
        {"iso-2022-jp", "1b61e4", "\xef\xbf\xbd\x61\xef\xbf\xbd"},
        {"utf-7", "2b324433212d", "\xef\xbf\xbd!-"},
        {"utf-16", "d83d0061", "\xef\xbf\xbd\x61"},
        {"utf-16", "dc0000", "\xef\xbf\xbd\xef\xbf\xbd"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.charset);
        CAPTURE(row.hex);
        CHECK(decode(unhex(row.hex), row.charset) == row.text);
    }
}

TEST_CASE("charset: unnamed and unknown texts are UTF-8 where they can be, else windows-1252") {
    for (const std::string_view charset : {"", "us-ascii", "x-nonsense", "unknown-8bit"}) {
        CHECK(decode(unhex("c3a4e461"), charset) == "ää\x61");
        CHECK(decode(unhex("61e282"), charset) == "aâ‚");
        CHECK(decode(unhex("efbfbd"), charset) == "\xef\xbf\xbd");
    }
}

TEST_CASE("charset: names") {
    for (const std::string_view name : {"UTF-8", "utf8", "Latin1", "CP932", "\"iso-8859-1\"", " koi8-r ", "x-gbk"})
        CHECK(knows_charset(name));
    for (const std::string_view name : {"", "x", "utf-9", "\"", "klingon"}) CHECK_FALSE(knows_charset(name));
    CHECK(is_utf8_charset("US-ASCII"));
    CHECK(is_utf8_charset("utf8"));
    CHECK(is_utf8_charset(""));
    CHECK_FALSE(is_utf8_charset("iso-8859-1"));
    CHECK_FALSE(is_utf8_charset("x-nonsense"));
}

TEST_CASE("charset: any octets in any charset give valid UTF-8") {
    std::mt19937 random(3629);
    for (const std::string_view charset :
         {"utf-8", "us-ascii", "iso-8859-8", "windows-1253", "shift_jis", "euc-jp", "big5", "iso-2022-jp", "gb18030",
          "euc-kr", "utf-7", "utf-16", "utf-16le", "koi8-u"}) {
        CAPTURE(charset);
        for (int i = 0; i < 20; ++i) {
            std::string octets = random_octets(random, 200);
            if (i % 2 != 0) octets = unhex("1b2442") + octets;
            const std::string text = to_utf8(octets, charset);
            const std::string again = to_utf8(text, "utf-8");
            CHECK(again == text);
        }
    }
}

TEST_CASE("charset: UTF-8 is cut between characters") {
    CHECK(cut_utf8("aä", 3) == "aä");
    CHECK(cut_utf8("aä", 2) == "a");
    CHECK(cut_utf8("aä", 1) == "a");
    CHECK(cut_utf8("ä", 1) == "");
    CHECK(cut_utf8("", 0) == "");
}
