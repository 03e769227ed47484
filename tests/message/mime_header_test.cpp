// Tests of Content- fields: RFC 2045, RFC 2183, RFC 2231, and what senders write instead.
#include "store/message/mime_header.h"

#include <doctest/doctest.h>

using namespace pillarbox::message;

namespace {

std::string shown(const std::vector<OwnedParameter>& parameters) {
    std::string out;
    for (const OwnedParameter& p : parameters) out += " " + p.name + "=[" + p.value + "]";
    return out;
}

std::string type_of(std::string_view value, bool in_digest = false) {
    const MimeHeader header = read_mime_header("Content-Type: " + std::string(value) + "\r\n", in_digest);
    return header.type + "/" + header.subtype + shown(header.parameters);
}

struct Row {
    std::string_view value, expected;
};

} // namespace

TEST_CASE("mime header: content types, good and bad") {
    const Row rows[] = {
        {"text/plain; charset=us-ascii (Plain text)", "text/plain charset=[us-ascii]"}, // RFC 2045 5.1
        {"text/plain; charset=\"us-ascii\"", "text/plain charset=[us-ascii]"},
        {"Text/HTML;Charset=UTF-8;", "text/html charset=[UTF-8]"},
        {"multipart/mixed; boundary=gc0y0pkb9ex", "multipart/mixed boundary=[gc0y0pkb9ex]"},
        {"multipart/mixed;\r\n\tboundary=\"gc0pJq0M:08jU534c0p\"", "multipart/mixed boundary=[gc0pJq0M:08jU534c0p]"},
        {"multipart/mixed; boundary=a=b:c/d?e", "multipart/mixed boundary=[a=b:c/d?e]"},
        {"text / plain (x) ; (y) a (z) = (w) b", "text/plain a=[b]"},
        {"text/plain; charset=utf-8 format=flowed", "text/plain charset=[utf-8] format=[flowed]"},
        {"text/plain charset=utf-8", "text/plain charset=[utf-8]"},
        {"image/png; name=my file.png ; x=y", "image/png name=[my file.png] x=[y]"},
        {"image/png; name=\"a \\\"b\\\".png\"", "image/png name=[a \"b\".png]"},
        {"image/png; name=\"open", "image/png name=[open]"},
        {"image/png; =x; y; z=", "image/png z=[]"},
        {"", "text/plain"},
        {"text", "text/plain"},
        {"text/", "text/plain"},
        {"/plain", "text/plain"},
        {"multipart; boundary=x", "multipart/mixed boundary=[x]"},
        {"image", "application/octet-stream"},
        {"foo bar", "application/octet-stream"},
        {"application/x-foo+xml", "application/x-foo+xml"},
        {"\xe4/\xf6", "\xe4/\xf6"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.value);
        CHECK(type_of(row.value) == row.expected);
    }
}

TEST_CASE("mime header: parameters of RFC 2231") {
    const Row rows[] = {
        {"message/external-body; URL*0=\"ftp://\";\r\n URL*1=\"cs.utk.edu/x\"",
         "message/external-body url=[ftp://cs.utk.edu/x]"},
        {"a/b; title*=us-ascii'en-us'This%20is%20%2A%2A%2Afun%2A%2A%2A",
         "a/b title*=[utf-8'en-us'This%20is%20%2A%2A%2Afun%2A%2A%2A]"},
        {"a/b; title*0*=us-ascii'en'This%20is%20even%20more%20;\r\n title*1*=%2A%2A%2Afun%2A%2A%2A%20;\r\n "
         "title*2=\"isn't it!\"",
         "a/b title*=[utf-8'en'This%20is%20even%20more%20%2A%2A%2Afun%2A%2A%2A%20isn%27t%20it%21]"},
        {"a/b; f*=iso-8859-1''%e4%80", "a/b f*=[utf-8''%C3%A4%E2%82%AC]"},
        {"a/b; f*1=b; f*0=a; f*2=c", "a/b f=[abc]"},
        {"a/b; f*0=a; f*2=c", "a/b f=[a]"}, // a gap ends it
        {"a/b; f*1=b", "a/b"},              // no beginning
        {"a/b; f*0=a; f*0=x; f*1=b", "a/b f=[ab]"},
        {"a/b; f*01=a", "a/b f*01=[a]"}, // no number of RFC 2231
        {"a/b; f=plain; f*=utf-8''x", "a/b f=[plain] f*=[utf-8''x]"},
        {"a/b; f*=no-quotes%41", "a/b f*=[utf-8''no-quotesA]"},
        {"a/b; f*=utf-8''50%", "a/b f*=[utf-8''50%25]"},
        {"a/b; *=x; **=y", "a/b *=[x] **=[utf-8''y]"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.value);
        CHECK(type_of(row.value) == row.expected);
    }
}

TEST_CASE("mime header: all fields, the first of each counts") {
    const MimeHeader header = read_mime_header("content-type: image/gif\r\n"
                                               "Content-Type: text/html\r\n"
                                               "Content-Transfer-Encoding: BASE64 (x)\r\n"
                                               "Content-ID: <a@b>\r\n"
                                               "Content-Description: a\r\n picture\r\n"
                                               "Content-MD5: Q2hlY2sgSW50ZWdyaXR5IQ==\r\n"
                                               "Content-Disposition: Attachment; filename=\"a b.gif\"\r\n"
                                               "Content-Language: en, de (German), fr\r\n"
                                               "Content-Location: http://x/y\r\n"
                                               "Content-Foo: bar\r\n\r\n",
                                               false);
    CHECK(header.type + "/" + header.subtype == "image/gif");
    CHECK(header.encoding == "base64");
    CHECK(header.id == "<a@b>");
    CHECK(header.description == "a picture");
    CHECK(header.md5 == "Q2hlY2sgSW50ZWdyaXR5IQ==");
    CHECK(header.disposition == "attachment");
    CHECK(shown(header.disposition_parameters) == " filename=[a b.gif]");
    CHECK(header.languages == std::vector<std::string>{"en", "de", "fr"});
    CHECK(header.location == "http://x/y");
}

TEST_CASE("mime header: nothing said gives the defaults") { // RFC 2045 5.2, RFC 2046 5.1.5
    const MimeHeader header = read_mime_header("Subject: x\r\nContent-Disposition:\r\nContent-Transfer-Encoding: \r\n"
                                               "Content-ID: \r\n\r\n",
                                               false);
    CHECK(header.type + "/" + header.subtype == "text/plain");
    CHECK(header.parameters.empty());
    CHECK(header.encoding == "7bit");
    CHECK_FALSE(header.disposition);
    CHECK_FALSE(header.id);
    CHECK(read_mime_header("", true).is_message());
    CHECK(type_of("text/plain", true) == "text/plain");
}

TEST_CASE("mime header: parameters are bounded") {
    for (const std::size_t n : {max_parameters - 1, max_parameters, max_parameters + 1}) {
        std::string value = "a/b";
        for (std::size_t i = 0; i < n; ++i) value += "; p" + std::to_string(i) + "=x";
        CHECK(read_mime_header("Content-Type: " + value, false).parameters.size() == std::min(n, max_parameters));
    }
}
