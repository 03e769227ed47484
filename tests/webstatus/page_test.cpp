// The page and the JSON: what they show, and that text from outside stays text.
#include "tests/webstatus/example.h"
#include "webstatus/escape.h"
#include "webstatus/page.h"

#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>
#include <doctest/doctest.h>

using namespace pillarbox::webstatus;

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

Poco::JSON::Object::Ptr parsed(const std::string& text) {
    return Poco::JSON::Parser().parse(text).extract<Poco::JSON::Object::Ptr>();
}

} // namespace

TEST_CASE("page: says the verdict, the figures and the listeners") {
    const SiteStatus site = healthy_site();
    const std::string page = render_page(site, judge(site));
    CHECK(has(page, "<title>All is well - mail.example.org</title>"));
    CHECK(has(page, "<strong>All is well.</strong>"));
    CHECK(has(page, "<dt>Messages accepted</dt><dd>12,345</dd>"));
    CHECK(has(page, "<dt>Latest commit took</dt><dd>1.2 ms</dd>"));
    CHECK(has(page, "<dt>Running for</dt><dd>3 h 12 min</dd>"));
    CHECK(has(page, "<th scope=\"row\">IMAPS</th><td>[::]:993</td><td>on</td><td class=\"good\">open</td>"));
    CHECK(has(page, "pillarbox 0.1.0, 2026-11-21 04:00 UTC"));
    CHECK_FALSE(has(page, "<script"));
    CHECK_FALSE(has(page, "style=")); // the policy would refuse it
    CHECK(page.size() + style_css.size() + icon_svg.size() < 60 << 10);
}

TEST_CASE("page: what came from outside executes nothing") {
    SiteStatus site = healthy_site();
    for (const char* hostile : {"<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'--><svg onload=x>",
                                "</pre><iframe src=javascript:x>", "&lt;script&gt;"}) {
        CAPTURE(hostile);
        site.problems = hostile;
        site.trouble = hostile;
        site.certificate_name = hostile;
        site.hostname = hostile;
        site.domain = hostile;
        site.listeners[0].address = hostile;
        site.listeners[0].open = false;
        const std::string page = render_page(site, judge(site));
        CHECK_FALSE(has(page, hostile));
        CHECK_FALSE(has(page, "<script>alert"));
        CHECK_FALSE(has(page, "<iframe"));
        CHECK_FALSE(has(page, "<svg"));
        const auto json = parsed(render_json(site, judge(site)));
        CHECK(json->getValue<std::string>("hostname") == hostile);
    }
}

TEST_CASE("escape: markup becomes references, what is no UTF-8 a replacement") {
    const std::string fffd = "\xef\xbf\xbd";
    CHECK(escape_html("a<b>&\"'") == "a&lt;b&gt;&amp;&quot;&#39;");
    CHECK(escape_html("caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x93\xae") == "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x93\xae");
    CHECK(escape_html(std::string("a\0b\x1b[31m\x7f", 9)) == "a" + fffd + "b" + fffd + "[31m" + fffd);
    CHECK(escape_html("a\nb\tc") == "a\nb\tc");
    CHECK(escape_html("\xc3") == fffd);                                  // cut short
    CHECK(escape_html("\xc0\xbc") == fffd + fffd);                       // overlong <
    CHECK(escape_html("\xe0\x80\xbc") == fffd + fffd + fffd);            // overlong <
    CHECK(escape_html("\xed\xa0\x80") == fffd + fffd + fffd);            // surrogate
    CHECK(escape_html("\xf4\x90\x80\x80") == fffd + fffd + fffd + fffd); // beyond U+10FFFF
    CHECK(escape_html("\xc3<") == fffd + "&lt;");                        // the lead octet takes no markup with it
    CHECK(valid_utf8("a<\xff") == "a<" + fffd);
}

TEST_CASE("json: the figures under their names") {
    SiteStatus site = healthy_site();
    site.trouble = "odd \"quote\" \xff";
    const auto json = parsed(render_json(site, judge(site)));
    CHECK(json->getValue<int>("format") == 1);
    CHECK(json->getValue<std::string>("status") == "warning");
    CHECK(json->getValue<std::uint64_t>("deliveries") == 15432);
    CHECK(json->getValue<std::uint64_t>("disk_free_octets") == 123ULL << 30);
    CHECK(json->getObject("imap_sessions")->getValue<int>("now") == 41);
    CHECK(json->getArray("listeners")->size() == 6);
    CHECK(json->getArray("parts")->getObject(5)->getValue<std::string>("name") == "Accounts");
    const auto health = parsed(render_health(judge(site)));
    CHECK(health->getValue<std::string>("verdict") == "The mailstore has a problem: odd \"quote\" \xef\xbf\xbd.");
}
