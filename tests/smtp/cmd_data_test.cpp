// DATA: where a message ends, how large it may be, what is refused after it, and what is stored.
#include "tests/smtp/transcript.h"

using namespace pillarbox;
using namespace pillarbox::smtp;

namespace {

/// Sends a message, given as the octets after 354, to alice; the reply.
std::string reply_to(TestSite& site, const std::string& data, Role role = mx, const std::string& more = "") {
    TestClient client(site, role);
    client.send("EHLO a.example\r\nMAIL FROM:<s@b.example>\r\nRCPT TO:<alice@example.org>\r\nDATA\r\n");
    for (std::string line; line.substr(0, 3) != "354";) {
        line = client.next_line();
        REQUIRE(line.substr(0, 1) != "[");
    }
    client.send(data);
    std::string reply = client.next_line();
    if (!more.empty()) client(more);
    client("C: QUIT\nS: 221 *\nS: [closed]\n");
    return reply;
}

/// What alice has, without the lines we put before it.
std::vector<std::string> stored(TestSite& site) {
    site.deliver();
    std::vector<std::string> texts = site.messages(site.alice);
    for (std::string& text : texts) text.erase(0, text.find("+0000\r\n") + 7);
    return texts;
}

struct Case {
    std::string data;
    std::string reply;
};

} // namespace

TEST_CASE("smtp DATA: only CRLF.CRLF ends it; smuggled ends are text, and refuse the message") { // RFC 5321 2.3.8
    const std::string bare = "554 5.6.0 Message holds a CR or LF on its own (RFC 5321 2.3.8)";
    const std::string smuggled = "MAIL FROM:<evil@x.example>\r\nRCPT TO:<bob@example.org>\r\nDATA\r\nevil\r\n.\r\n";
    TestSite site;
    for (const std::string end : {"\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r", "\r.\r\n", "\r\n.\r", "\r.\n", "\n.\r",
                                  "\r\r\n.\r\r\n", "\r\n\r.\r\n", "\n\n.\r\n"}) {
        CAPTURE(end);
        CHECK(reply_to(site, "text" + end + smuggled) == bare);
    }
    CHECK(site.test.store().spool().length() == 0);
    CHECK(site.service().counters().refused_messages == 11);
    CHECK(site.service().counters().accepted == 0);
}

TEST_CASE("smtp DATA: a NUL refuses the message, every other octet is kept") { // RFC 2045 2.8
    TestSite site;
    CHECK(reply_to(site, std::string("a\0b\r\n.\r\n", 8)) == "554 5.6.0 Message holds a NUL octet (RFC 2045 2.8)");
    std::string every = "Subject: x\r\n\r\n";
    for (int c = 1; c < 256; ++c) {
        if (c != '\r' && c != '\n') every += static_cast<char>(c);
    }
    every += "\r\n";
    CHECK(reply_to(site, every + ".\r\n").starts_with("250 2.0.0 "));
    CHECK(stored(site) == std::vector<std::string>{every});
}

TEST_CASE("smtp DATA: messages are stored as they came, whatever their shape") {
    const std::string long_line(100'000, 'x');
    const std::vector<std::string> messages = {
        "",
        "\r\n",
        "one line\r\n",
        "A: b\r\n\r\n",
        "A: b\r\n",
        "A: b\r\n\r\n.dot\r\n..\r\n.\x20\r\n",
        "Subject: long\r\n\r\n" + long_line + "\r\n",
        "\r\n\r\n\r\n",
        ":\r\n \r\n\r\nx\r\n",
    };
    TestSite site;
    for (const std::string& message : messages) {
        std::string stuffed;
        bool start = true;
        for (const char c : message) {
            if (start && c == '.') stuffed += '.';
            stuffed += c;
            start = c == '\n';
        }
        CHECK(reply_to(site, stuffed + ".\r\n").starts_with("250 "));
    }
    CHECK(stored(site) == messages);
}

TEST_CASE("smtp DATA: messages of n-1, n and n+1 octets; what comes behind a large one is read") {
    TestSite site;
    site.settings.limits.message = 5000;
    const auto message = [](std::size_t octets) {
        return "A: b\r\n\r\n" + std::string(octets - 10, 'x') + "\r\n.\r\n";
    };
    CHECK(reply_to(site, message(4999)).starts_with("250 "));
    CHECK(reply_to(site, message(5000)).starts_with("250 "));
    CHECK(reply_to(site, message(5001)) == "552 5.3.4 Message larger than 5000");
    CHECK(reply_to(site, message(3'000'000), mx, "C: NOOP\nS: 250 2.0.0 Ok\n") == "552 5.3.4 Message larger than 5000");
    CHECK(stored(site).size() == 2);
}

TEST_CASE("smtp DATA: a large message goes through a body file unchanged") {
    TestSite site;
    std::string message = "Subject: large\r\n\r\n";
    for (int line = 0; message.size() < 3'000'000; ++line) message += std::to_string(line * 7919) + " some text\r\n";
    CHECK(reply_to(site, message + ".\r\n").starts_with("250 "));
    const auto texts = stored(site);
    REQUIRE(texts.size() == 1);
    CHECK((texts[0] == message));
}

TEST_CASE("smtp DATA: header sections of n-1, n and n+1 octets") { // DESIGN 4: 256 KiB, our trace fields included
    TestSite site;
    REQUIRE(reply_to(site, "A: b\r\n\r\n.\r\n").starts_with("250 "));
    site.deliver();
    const std::string small = site.messages(site.alice)[0];
    const std::size_t trace = small.find("A: b") - small.find("Received:");
    const auto message = [trace](std::size_t header) {
        std::string text;
        const std::string field = "X-Filler: " + std::string(88, 'x') + "\r\n"; // 100 octets
        const std::size_t room = header - trace - 2;
        while (text.size() + 200 < room) text += field;
        text += "X: " + std::string(room - text.size() - 5, 'y') + "\r\n";
        return text + "\r\nbody\r\n.\r\n";
    };
    const std::size_t limit = 256 * 1024;
    CHECK(reply_to(site, message(limit - 1)).starts_with("250 "));
    CHECK(reply_to(site, message(limit)).starts_with("250 "));
    CHECK(reply_to(site, message(limit + 1)) == "552 5.3.4 Header section of the message too large");
    CHECK(reply_to(site, message(4 * limit)) == "552 5.3.4 Header section of the message too large");
}

TEST_CASE("smtp DATA: Received fields at n-1, n and n+1") { // RFC 5321 6.3
    TestSite site;
    site.settings.limits.received_fields = 5;
    const auto message = [](int count) {
        std::string text = "Subject: round and round\r\n";
        for (int i = 0; i < count; ++i) text += i % 2 ? "RECEIVED: by x\r\n" : "Received: from y\r\n\tby z\r\n";
        return text + "\r\nReceived: not in the header\r\n.\r\n";
    };
    CHECK(reply_to(site, message(4)).starts_with("250 "));
    CHECK(reply_to(site, message(5)).starts_with("250 "));
    CHECK(reply_to(site, message(6)) == "554 5.4.6 Too many Received fields: the message runs in a loop");
}

TEST_CASE("smtp DATA: Received names the recipient when there is one only") { // RFC 5321 4.4, 7.2
    TestSite site;
    CHECK(reply_to(site, ".\r\n").starts_with("250 "));
    TestClient client(site, mx, "2001:db8::7");
    client("S: 220 *\nC: HELO [IPv6:2001:db8::7]\nS: 250 *\nC: MAIL FROM:<>\nS: 250 *\nC: RCPT TO:<alice@example.org>\n"
           "S: 250 *\nC: RCPT TO:<bob@example.org>\nS: 250 *\nC: DATA\nS: 354 *\nC: .\nS: 250 *\n");
    site.deliver();
    const auto mail = site.messages(site.alice);
    REQUIRE(mail.size() == 2);
    CHECK(mail[0].find("\r\n\tfor <alice@example.org>;\r\n") != std::string::npos);
    CHECK(mail[1].find("for <") == std::string::npos);
    CHECK(mail[1].find("Received: from [IPv6:2001:db8::7] ([IPv6:2001:db8::7])\r\n"
                       "\tby mail.example.org with SMTP id ") != std::string::npos);
}

TEST_CASE("smtp DATA: the 250, the Received field and nothing else carry the transaction's id") {
    TestSite site;
    const std::string first = reply_to(site, ".\r\n");
    const std::string second = reply_to(site, ".\r\n");
    REQUIRE(first.starts_with("250 2.0.0 Accepted as "));
    CHECK(first != second);
    site.deliver();
    const auto mail = site.messages(site.alice);
    REQUIRE(mail.size() == 2);
    CHECK(mail[0].find(" id " + first.substr(22) + "\r\n") != std::string::npos);
    CHECK(mail[1].find(" id " + second.substr(22) + "\r\n") != std::string::npos);
}

TEST_CASE("smtp DATA: an account removed between RCPT and DATA") {
    TestSite site;
    TestClient client(site, mx);
    client("S: 220 *\nC: HELO a.example\nS: 250 *\nC: MAIL FROM:<>\nS: 250 *\nC: RCPT TO:<alice@example.org>\n"
           "S: 250 *\n");
    REQUIRE(site.test.run(site.test.store().remove("alice")));
    client("C: DATA\nS: 550 5.1.1 No such user here\nC: NOOP\nS: 250 *\n");
}
