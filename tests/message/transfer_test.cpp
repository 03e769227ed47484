// Tests of base64 and quoted-printable.
#include "store/message/transfer.h"
#include "tests/message/octets.h"

#include <doctest/doctest.h>

using namespace pillarbox::message;
using namespace pillarbox::message::tests;

namespace {

// Decodes in two pieces, cut everywhere, and checks that the cut does not matter.
std::string decode(std::string_view octets, TransferEncoding encoding) {
    const std::string whole = decode_transfer(octets, encoding);
    for (std::size_t cut = 0; cut <= octets.size(); ++cut) {
        std::string out;
        TransferDecoder decoder(encoding);
        decoder.feed(octets.substr(0, cut), out);
        decoder.feed(octets.substr(cut), out);
        decoder.finish(out);
        CHECK(out == whole);
    }
    return whole;
}

std::string quoted_printable(std::string_view octets) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    std::size_t column = 0;
    for (const char c : octets) {
        if (column > 70) out += "=\r\n", column = 0;
        const auto value = static_cast<unsigned char>(c);
        if (value > 32 && value < 127 && value != '=') {
            out += c, ++column;
            continue;
        }
        out += {'=', digits[value >> 4], digits[value & 15]};
        column += 3;
    }
    return out;
}

} // namespace

TEST_CASE("transfer: names of encodings") {
    CHECK(transfer_encoding("BASE64") == TransferEncoding::base64);
    CHECK(transfer_encoding("Quoted-Printable") == TransferEncoding::quoted_printable);
    for (const std::string_view name : {"7bit", "8BIT", "binary", ""})
        CHECK(transfer_encoding(name) == TransferEncoding::identity);
    CHECK(transfer_encoding("x-uuencode") == TransferEncoding::unknown);
    CHECK(decode("=41 x\n", TransferEncoding::unknown) == "=41 x\n");
    CHECK(decode("=41 x\n", TransferEncoding::identity) == "=41 x\n");
}

TEST_CASE("transfer: base64, well formed and not") { // RFC 4648 10
    struct Row {
        std::string_view encoded, decoded;
    };
    const Row rows[] = {
        {"", ""},
        {"Zg==", "f"},
        {"Zm8=", "fo"},
        {"Zm9v", "foo"},
        {"Zm9vYg==", "foob"},
        {"Zm8", "fo"},
        {"Zg", "f"},
        {"Z", ""},
        {"Zm\r\n9 v", "foo"},
        {"Zm9*v!", "foo"},
        {"Zg==Zm8=", "ffo"},
        {"Zg===\r\nZm9v", "ffoo"},
        {"====", ""},
        {"Zm9vYmFy\r\n", "foobar"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.encoded);
        CHECK(decode(row.encoded, TransferEncoding::base64) == row.decoded);
    }
}

TEST_CASE("transfer: quoted-printable, well formed and not") { // RFC 2045 6.7
    struct Row {
        std::string_view encoded, decoded;
    };
    const Row rows[] = {
        {"", ""},
        {"a=3Db=\r\nc", "a=bc"},
        {"now's the time =\r\nfor all\r\n", "now's the time for all\r\n"},
        {"=e4=E4", "\xe4\xe4"},
        {"soft= \t\r\nbreak", "softbreak"},
        {"soft=\nbreak", "softbreak"},
        {"trailing \t \r\nblanks  ", "trailing\r\nblanks"},
        {"inner  blanks", "inner  blanks"},
        {"=XY =4 = a=", "=XY =4 = a"},
        {"=4", "=4"},
        {"=\rx", "=\rx"},
        {" \rx", " \rx"},
        {"a=  b", "a=  b"},
        {"==41", "=A"},
        {"=\r\n=\r\n", ""},
    };
    for (const Row& row : rows) {
        CAPTURE(row.encoded);
        CHECK(decode(row.encoded, TransferEncoding::quoted_printable) == row.decoded);
    }
}

TEST_CASE("transfer: random octets come back") {
    std::mt19937 random(2045);
    for (std::size_t n = 0; n < 200; ++n) {
        const std::string octets = random_octets(random, n);
        CHECK(decode_transfer(base64(octets), TransferEncoding::base64) == octets);
        CHECK(decode_transfer(quoted_printable(octets), TransferEncoding::quoted_printable) == octets);
    }
}

TEST_CASE("transfer: a line of blanks without end is not held back for ever") {
    std::string out;
    TransferDecoder decoder(TransferEncoding::quoted_printable);
    const std::string blanks(999, ' ');
    decoder.feed(blanks, out);
    CHECK(out.empty());
    decoder.feed(" ", out);
    CHECK(out.size() == 1000);
}
