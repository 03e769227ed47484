// Names of accounts, mailboxes and domains: what is taken, how it is written, what is refused.
#include "store/names.h"

#include <doctest/doctest.h>

using namespace pillarbox::store;

namespace {
const std::optional<std::string> refused_name;
std::string repeated(const std::string& text, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i) out += text;
    return out;
}
} // namespace

TEST_CASE("store account_name: a lower-case local part that needs no quotes") {
    CHECK(account_name("alice") == "alice");
    CHECK(account_name("Alice.B_c-9") == "alice.b_c-9");
    CHECK(account_name("0") == "0");
    for (const char* bad : {"", ".a", "a.", "a..b", "-a", "a b", "a@b", "a+b", "a/b", "j\xc3\xb6rg", "a\n", "\"a\""})
        CHECK_MESSAGE(account_name(bad) == refused_name, bad);
    CHECK(account_name(std::string_view("a\0b", 3)) == refused_name);
    CHECK(account_name(std::string(63, 'x')).has_value());
    CHECK(account_name(std::string(64, 'x')).has_value());
    CHECK(account_name(std::string(65, 'x')) == refused_name);
}

TEST_CASE("store mailbox_name: UTF-8 in NFC, levels parted by a slash") { // RFC 9051 5.1
    CHECK(mailbox_name("Sent") == "Sent");
    CHECK(mailbox_name("a/b c/d") == "a/b c/d");
    CHECK(mailbox_name("Entw\xc3\xbcrfe") == "Entw\xc3\xbcrfe");
    CHECK(mailbox_name("Entwu\xcc\x88rfe") == "Entw\xc3\xbcrfe"); // u + combining diaeresis
    CHECK(mailbox_name("\xf0\x9f\x93\xa7") == "\xf0\x9f\x93\xa7");
    for (const char* bad : {"", "/", "/a", "a/", "a//b", "a\tb", "a\x7f", "a\r\n", "\xc2\x85", "\xe2\x80\xa8", "\xff",
                            "a\xc3", "\xc0\xaf", "\xed\xa0\x80"})
        CHECK_MESSAGE(mailbox_name(bad) == refused_name, bad);
    CHECK(mailbox_name(std::string_view("a\0b", 3)) == refused_name);
}

TEST_CASE("store mailbox_name: INBOX in any case is one mailbox") {
    CHECK(mailbox_name("inbox") == "INBOX");
    CHECK(mailbox_name("InBox/Old") == "INBOX/Old");
    CHECK(mailbox_name("inboxes") == "inboxes");
    CHECK(mailbox_name("a/inbox") == "a/inbox");
}

TEST_CASE("store mailbox_name: 1,000 octets and 32 levels") {
    CHECK(mailbox_name(std::string(999, 'x')).has_value());
    CHECK(mailbox_name(std::string(1000, 'x')).has_value());
    CHECK(mailbox_name(std::string(1001, 'x')) == refused_name);
    CHECK(mailbox_name(repeated("\xc3\xbc", 500)).has_value());
    CHECK(mailbox_name(repeated("\xc3\xbc", 501)) == refused_name);
    // U+0958 grows from 3 to 6 octets in NFC: the limit holds for what is stored.
    CHECK(mailbox_name(repeated("\xe0\xa5\x98", 166)).has_value());
    CHECK(mailbox_name(repeated("\xe0\xa5\x98", 167)) == refused_name);
    CHECK(mailbox_name("a" + repeated("/a", 30)).has_value());
    CHECK(mailbox_name("a" + repeated("/a", 31)).has_value());
    CHECK(mailbox_name("a" + repeated("/a", 32)) == refused_name);
}

TEST_CASE("store domain_name: lower-case A-labels") {
    CHECK(domain_name("Example.ORG") == "example.org");
    CHECK(domain_name("localhost") == "localhost");
    CHECK(domain_name("B\xc3\xbc"
                      "cher.example") == "xn--bcher-kva.example");
    CHECK(domain_name("xn--bcher-kva.example") == "xn--bcher-kva.example");
    for (const char* bad :
         {"", ".", "a.", ".a", "a..b", "-a.org", "a-.org", "a_b.org", "a b", "[127.0.0.1]", "a@b", "\xff.org"})
        CHECK_MESSAGE(domain_name(bad) == refused_name, bad);
    CHECK(domain_name(std::string(62, 'x') + ".org").has_value());
    CHECK(domain_name(std::string(63, 'x') + ".org").has_value());
    CHECK(domain_name(std::string(64, 'x') + ".org") == refused_name);
    CHECK(domain_name(repeated("a.", 125) + "aa").has_value());     // 252
    CHECK(domain_name(repeated("a.", 126) + "a").has_value());      // 253
    CHECK(domain_name(repeated("a.", 126) + "aa") == refused_name); // 254
}
