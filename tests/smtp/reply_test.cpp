#include "smtp/reply.h"

#include <doctest/doctest.h>

using pillarbox::smtp::Reply;

TEST_CASE("smtp Reply: one line with its enhanced code") { // RFC 2034 4
    CHECK(Reply(250, "2.1.0", "Sender ok").wire() == "250 2.1.0 Sender ok\r\n");
    CHECK(Reply(354, "", "Go ahead").wire() == "354 Go ahead\r\n");
    CHECK(Reply(334, "", "").wire() == "334 \r\n"); // RFC 4954 4: the space stays
}

TEST_CASE("smtp Reply: several lines, all but the last with a hyphen") { // RFC 5321 4.2.1
    CHECK(Reply(250, "", "mail.example\nSIZE 10\nPIPELINING").wire() ==
          "250-mail.example\r\n250-SIZE 10\r\n250 PIPELINING\r\n");
    CHECK(Reply(550, "5.7.1", "No\nSorry").wire() == "550-5.7.1 No\r\n550 5.7.1 Sorry\r\n");
}

TEST_CASE("smtp Reply: the peer's octets cannot end a line") {
    CHECK(Reply(550, "5.1.1", "<a\r@b\x01\xc3\x7f>").wire() == "550 5.1.1 <a?@b??"
                                                               "?>\r\n");
}

TEST_CASE("smtp Reply: a line has at most 512 octets") { // RFC 5321 4.5.3.1.5
    const std::size_t room = 512 - std::string("250 2.0.0 \r\n").size();
    CHECK(Reply(250, "2.0.0", std::string(room - 1, 'x')).wire().size() == 511);
    CHECK(Reply(250, "2.0.0", std::string(room, 'x')).wire().size() == 512);
    const std::string cut = Reply(250, "2.0.0", std::string(room + 1, 'x')).wire();
    CHECK(cut.size() == 512);
    CHECK(cut.substr(510) == "\r\n");
}
