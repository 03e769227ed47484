// Tests of previews.
#include "store/message/charset.h"
#include "store/message/mime_parser.h"
#include "store/message/preview.h"

#include <doctest/doctest.h>

using namespace pillarbox::message;

namespace {

std::string plain(std::string_view text) { return make_preview({std::string(text), "8bit", "utf-8", false}); }

std::string html(std::string_view text) { return make_preview({std::string(text), "8bit", "utf-8", true}); }

std::size_t characters(std::string_view text) {
    std::size_t n = 0;
    for (const char c : text) n += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    return n;
}

} // namespace

TEST_CASE("preview: plain text, decoded and with single spaces") {
    CHECK(plain("") == "");
    CHECK(plain(" \r\n ") == "");
    CHECK(plain("  Hello\r\n\r\n  world \r\n") == "Hello world");
    CHECK(plain("a\xC2\xA0\x01z") == "a z");
    CHECK(plain("a\xE2\x80\x8B\xC2\xAD z") == "a z");
    CHECK(make_preview({"SGVsbG8g5A==", "base64", "iso-8859-1", false}) == "Hello ä");
    CHECK(make_preview({"Hello=20=C3=A4=\r\n!", "quoted-printable", "utf-8", false}) == "Hello ä!");
}

TEST_CASE("preview: HTML loses its tags, scripts and styles") {
    CHECK(html("<html><head><title>No</title><STYLE>p { x }</sTyle></head><body><p>Hello <b>wor</b>ld</p><p>!</p>") ==
          "Hello world !");
    CHECK(html("<script>if (a</b) x</script>a<!-- <p>no --> b") == "a b");
    CHECK(html("a &lt; b &amp;&nbsp;c &#228;&#xE4; &bogus; & &#; &#x; &ouml") ==
          "a < b & c ää &bogus; & &#; &#x; &ouml");
    CHECK(html("1 < 2 and <3") == "1 < 2 and <3");
    CHECK(html("a<br>b<a href='x'>c</a>") == "a bc");
    CHECK(html("a<unclosed") == "a");
    CHECK(html("a<script>b") == "a");
    CHECK(html("a<!-- b") == "a");
    CHECK(html("&#1114112;&#55296;&#0;x") == "\xEF\xBF\xBD\xEF\xBF\xBD x");
}

TEST_CASE("preview: 200 characters, whole ones") {
    for (const std::size_t n : {max_preview_characters - 1, max_preview_characters, max_preview_characters + 1}) {
        std::string text, references;
        for (std::size_t i = 0; i < n; ++i) text += "ä", references += "&auml;";
        CHECK(characters(plain(text)) == std::min(n, max_preview_characters));
        CHECK(characters(html(references)) == std::min(n, max_preview_characters));
    }
    CHECK(plain(std::string(1023, ' ') + "ä" + std::string(3000, '\n') + "b") == "ä b");
    CHECK(plain("x\xC3") == "x\xEF\xBF\xBD");
    std::string words;
    for (int i = 0; i < 200; ++i) words += "x ";
    CHECK(plain(words).size() == 199);
    CHECK_FALSE(plain(words).ends_with(' '));
}

TEST_CASE("preview: hostile HTML costs one pass") {
    std::string opens, ends, references;
    while (opens.size() < 32 * 1024) opens += "<!--", ends += "</s", references += "&";
    CHECK(html(opens) == "");
    CHECK(html("<style>" + ends) == "");
    CHECK(characters(html(references)) <= max_preview_characters);
}
