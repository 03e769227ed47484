// Tests of the digest: the vectors of FIPS 180-4, cut anywhere.
#include "store/message/digest.h"
#include "tests/message/octets.h"

#include <doctest/doctest.h>

using namespace pillarbox::message;
using namespace pillarbox::message::tests;

namespace {

std::string octets_of(const Digest& digest) { return {digest.begin(), digest.end()}; }

} // namespace

TEST_CASE("digest: the first 16 octets of SHA-256") {
    CHECK(octets_of(digest("")) == unhex("e3b0c44298fc1c149afbf4c8996fb924"));
    CHECK(octets_of(digest("abc")) == unhex("ba7816bf8f01cfea414140de5dae2223"));
    CHECK(octets_of(digest(std::string(1'000'000, 'a'))) == unhex("cdc76e5c9914fb9281a1c7e284d73e67"));
}

TEST_CASE("digest: pieces give what the whole gives") {
    const std::string text = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
        DigestSink sink;
        sink.feed(std::string_view(text).substr(0, cut));
        sink.feed(std::string_view(text).substr(cut));
        CHECK(octets_of(sink.finish()) == unhex("248d6a61d20638b8e5c026930c3e6039"));
    }
}
