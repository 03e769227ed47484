// The digest of a message: SHA-256 cut to 16 octets (FIPS 180-4).
#pragma once
#include <array>
#include <memory>
#include <string_view>

namespace pillarbox::message {

using Digest = std::array<unsigned char, 16>;

/// Computes the digest of octets that arrive in pieces.
class DigestSink {
public:
    DigestSink();
    ~DigestSink();
    DigestSink(DigestSink&&) noexcept;
    DigestSink& operator=(DigestSink&&) noexcept;

    void feed(std::string_view octets);

    /// @return the digest of all that was fed; ends the computation.
    Digest finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// The digest of these octets.
Digest digest(std::string_view octets);

} // namespace pillarbox::message
