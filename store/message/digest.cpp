// SHA-256 cut to 16 octets. Crypto++'s, as it needs no global set-up, and uses the processor's own instructions.
#include "store/message/digest.h"

#include <algorithm>
#include <cryptopp/sha.h>

namespace pillarbox::message {

struct DigestSink::State {
    CryptoPP::SHA256 hash;
};

DigestSink::DigestSink() : state_(std::make_unique<State>()) {}
DigestSink::~DigestSink() = default;
DigestSink::DigestSink(DigestSink&&) noexcept = default;
DigestSink& DigestSink::operator=(DigestSink&&) noexcept = default;

void DigestSink::feed(std::string_view octets) {
    state_->hash.Update(reinterpret_cast<const unsigned char*>(octets.data()), octets.size());
}

Digest DigestSink::finish() {
    Digest out{};
    state_->hash.TruncatedFinal(out.data(), out.size());
    return out;
}

Digest digest(std::string_view octets) {
    DigestSink sink;
    sink.feed(octets);
    return sink.finish();
}

} // namespace pillarbox::message
