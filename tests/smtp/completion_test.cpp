#include "smtp/completion.h"

#include <doctest/doctest.h>

using pillarbox::smtp::Completion;

namespace {

/// The message as it comes out, fed in two pieces, or octet by octet with split == npos.
std::string completed(std::string_view message, std::size_t split) {
    Completion completion(880127706, "abc@mail.example.org");
    std::string out;
    if (split != message.npos) {
        out += completion.pass(message.substr(0, split));
        out += completion.pass(message.substr(split));
    } else {
        for (std::size_t i = 0; i < message.size(); ++i) out += completion.pass(message.substr(i, 1));
    }
    out += completion.finish();
    return out;
}

const std::string date = "Date: Fri, 21 Nov 1997 15:55:06 +0000\r\n";
const std::string id = "Message-ID: <abc@mail.example.org>\r\n";

struct Case {
    std::string in, out;
};

} // namespace

TEST_CASE("smtp Completion: adds the Date and Message-ID a submission lacks, wherever it is split") { // RFC 6409 8
    const Case cases[] = {
        {"Subject: x\r\n\r\nbody\r\n", "Subject: x\r\n" + date + id + "\r\nbody\r\n"},
        {"DATE: today\r\nSubject: x\r\n\r\nbody\r\n", "DATE: today\r\nSubject: x\r\n" + id + "\r\nbody\r\n"},
        {"message-id: <1@b>\r\n\r\nbody\r\n", "message-id: <1@b>\r\n" + date + "\r\nbody\r\n"},
        {"Date: a\r\nMessage-ID: <1@b>\r\n\r\nx\r\n", "Date: a\r\nMessage-ID: <1@b>\r\n\r\nx\r\n"},
        {"\r\nDate: this is text\r\n", date + id + "\r\nDate: this is text\r\n"},
        {"Subject: no body\r\n", "Subject: no body\r\n" + date + id},
        {"", date + id},
        {"Hello,\r\nno header at all\r\n\r\nx\r\n", "Hello,\r\nno header at all\r\n\r\nx\r\n"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.in);
        for (std::size_t split = 0; split <= c.in.size(); ++split) CHECK(completed(c.in, split) == c.out);
        CHECK(completed(c.in, std::string::npos) == c.out);
    }
}

TEST_CASE("smtp Completion: a header larger than the store takes goes through at once") {
    const std::string line = "X-Filler: " + std::string(60, 'x') + "\r\n";
    std::string header;
    while (header.size() <= pillarbox::message::max_header_octets) header += line;
    Completion completion(0, "id");
    CHECK(completion.pass(header) == header);
    CHECK(completion.pass("\r\nbody") == "\r\nbody");
    CHECK(completion.finish().empty());
}
