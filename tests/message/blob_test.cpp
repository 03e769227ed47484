// Tests of stored bodies: both formats, ranges, damage.
#include "store/message/blob.h"
#include "tests/message/octets.h"

#include <doctest/doctest.h>
#include <zstd.h>

using namespace pillarbox::message;
using namespace pillarbox::message::tests;

namespace {

std::string text_of(std::size_t n, unsigned seed = 1) {
    std::mt19937 random(seed);
    std::string out;
    while (out.size() < n) out += "word" + std::to_string(random() % 1000) + (random() % 9 == 0 ? "\r\n" : " ");
    out.resize(n);
    return out;
}

BlobFormat format_of(std::string_view stored) { return static_cast<BlobFormat>(stored.at(0)); }

std::string encode_in_pieces(std::string_view body, std::size_t piece) {
    std::string out;
    BodyEncoder encoder([&](std::string_view octets) { out += octets; });
    for (std::size_t at = 0; at < body.size(); at += piece) encoder.feed(body.substr(at, piece));
    encoder.finish();
    CHECK(encoder.body_octets() == body.size());
    CHECK(encoder.stored_octets() == out.size());
    return out;
}

// A reader over a file, here in memory.
BodyReader file_reader(const std::string& stored) {
    const auto read_at = [&stored](std::uint64_t offset, char* out, std::size_t n) {
        return stored.copy(out, n, offset);
    };
    return BodyReader(read_at, stored.size());
}

} // namespace

TEST_CASE("blob: what gains little stays raw, what gains is packed") {
    std::mt19937 random(7);
    CHECK(encode_body("") == std::string(1, '\0'));
    CHECK(format_of(encode_body("short")) == BlobFormat::raw);
    CHECK(format_of(encode_body(text_of(10'000))) == BlobFormat::zstd_seekable);
    CHECK(encode_body(text_of(10'000)).size() < 5'000);
    const std::string noise = random_octets(random, 300'000);
    CHECK(format_of(encode_body(noise)) == BlobFormat::raw);
    CHECK(encode_body(noise).size() == noise.size() + 1);
    CHECK(format_of(encode_body(base64(noise))) == BlobFormat::zstd_seekable);
}

TEST_CASE("blob: bodies around the frame size come back whole and in ranges") {
    for (const std::size_t n : {std::size_t{0}, std::size_t{1}, std::size_t{5000}, frame_octets - 1, frame_octets,
                                frame_octets + 1, 2 * frame_octets, 3 * frame_octets + 77}) {
        CAPTURE(n);
        const std::string body = text_of(n);
        const std::string stored = encode_body(body);
        CHECK(encode_in_pieces(body, 4096) == stored);
        CHECK(encode_in_pieces(body, frame_octets) == stored);
        CHECK(encode_in_pieces(body, 1000 * 1000) == stored);
        BodyReader readers[] = {BodyReader(std::string_view(stored)), file_reader(stored)};
        for (BodyReader& reader : readers) {
            CHECK(reader.size() == n);
            CHECK((reader.read(0, n) == body));
            CHECK((reader.read(0, UINT64_MAX) == body));
            CHECK(reader.read(n, 10) == "");
            CHECK(reader.read(UINT64_MAX, UINT64_MAX) == "");
            for (const std::size_t offset :
                 {std::size_t{0}, n / 2, frame_octets - 3, frame_octets, n - std::min<std::size_t>(n, 5)})
                for (const std::size_t length : {0, 1, 6, 70'000, 140'000}) {
                    const std::string expected = offset < n ? body.substr(offset, length) : "";
                    CHECK((reader.read(offset, length) == expected));
                }
        }
    }
}

TEST_CASE("blob: a read unpacks only the frames of its range") {
    std::string stored = encode_body(text_of(4 * frame_octets));
    stored[20] = static_cast<char>(stored[20] + 1); // inside the first frame
    BodyReader reader(stored);
    CHECK_THROWS_AS(reader.read(0, 1), BlobError);
    CHECK((reader.read(2 * frame_octets, 100) == text_of(4 * frame_octets).substr(2 * frame_octets, 100)));
    CHECK_THROWS_AS(reader.read(frame_octets - 1, 2), BlobError);
}

TEST_CASE("blob: frames are those of zstd's seekable format") {
    const std::string body = text_of(frame_octets + 100);
    const std::string stored = encode_body(body);
    std::string out(body.size(), '\0');
    // The library's own decompressor goes over frames in a row and skips the table.
    const std::size_t n = ZSTD_decompress(out.data(), out.size(), stored.data() + 1, stored.size() - 1);
    CHECK(n == body.size());
    CHECK((out == body));
}

TEST_CASE("blob: cut anywhere or changed anywhere, a stored body is an error or the same, never something else") {
    const std::string body = text_of(3000);
    const std::string stored = encode_body(body);
    REQUIRE(format_of(stored) == BlobFormat::zstd_seekable);
    for (std::size_t n = 0; n < stored.size(); ++n)
        CHECK_THROWS_AS(BodyReader(std::string_view(stored).substr(0, n)), BlobError);
    std::size_t refused = 0;
    for (std::size_t i = 1; i < stored.size(); ++i) {
        std::string damaged = stored;
        damaged[i] = static_cast<char>(damaged[i] ^ 0x55);
        try {
            BodyReader reader(damaged);
            const std::string read = reader.read(0, UINT64_MAX);
            CHECK((read == body));
        } catch (const BlobError&) {
            ++refused;
        }
    }
    CHECK(refused > stored.size() - 10);
    std::string unknown = stored;
    unknown[0] = 2;
    CHECK_THROWS_AS(BodyReader{std::string_view(unknown)}, BlobError);
}

TEST_CASE("blob: a file that is shorter than announced is an error") {
    const std::string stored = encode_body(text_of(3000));
    const auto read_at = [&](std::uint64_t offset, char* out, std::size_t n) {
        return stored.substr(0, 100).copy(out, n, std::min<std::uint64_t>(offset, 100));
    };
    CHECK_THROWS_AS(BodyReader(read_at, stored.size()), BlobError);
}

TEST_CASE("blob: random octets are no stored body, whatever their format octet says") {
    std::mt19937 random(99);
    for (int i = 0; i < 2000; ++i) {
        std::string octets = random_octets(random, 1 + i % 64);
        octets[0] = 1;
        CHECK_THROWS_AS(BodyReader{std::string_view(octets)}, BlobError);
    }
}

TEST_CASE("blob: random bodies come back") {
    std::mt19937 random(5);
    for (int i = 0; i < 50; ++i) {
        const std::size_t n = random() % 300'000;
        std::string body = text_of(n, static_cast<unsigned>(random()));
        for (std::size_t j = 0; j < n / 100; ++j) body[random() % n] = static_cast<char>(random());
        const std::string stored = encode_body(body);
        BodyReader reader{std::string_view(stored)};
        CHECK((reader.read(0, n) == body));
    }
}
