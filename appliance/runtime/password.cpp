// Passwords as SCRAM keeps them (see password.h).
#include "appliance/runtime/password.h"

#include "appliance/runtime/saslprep.h"

#include <cryptopp/hmac.h>
#include <cryptopp/pwdbased.h>
#include <cryptopp/sha.h>

namespace pillarbox::runtime {

namespace {

using CryptoPP::byte;

const byte* bytes(std::string_view text) { return reinterpret_cast<const byte*>(text.data()); }
byte* bytes(std::string& text) { return reinterpret_cast<byte*>(text.data()); }

template <class Hash>
std::string digest_with(std::string_view text) {
    std::string out(Hash::DIGESTSIZE, '\0');
    Hash().CalculateDigest(bytes(out), bytes(text), text.size());
    return out;
}

template <class Hash>
std::string hmac_with(std::string_view key, std::string_view text) {
    std::string out(Hash::DIGESTSIZE, '\0');
    CryptoPP::HMAC<Hash>(bytes(key), key.size()).CalculateDigest(bytes(out), bytes(text), text.size());
    return out;
}

/// Hi() of RFC 5802 2.2.
template <class Hash>
std::string salted_password(std::string_view password, std::string_view salt, std::uint32_t iterations) {
    std::string out(Hash::DIGESTSIZE, '\0');
    CryptoPP::PKCS5_PBKDF2_HMAC<Hash>().DeriveKey(bytes(out), out.size(), 0, bytes(password), password.size(),
                                                  bytes(salt), salt.size(), iterations);
    return out;
}

template <class Hash>
ScramKeys keys_with(std::string_view password, std::string_view salt, std::uint32_t iterations) {
    const std::string salted = salted_password<Hash>(password, salt, iterations);
    const std::string client_key = hmac_with<Hash>(salted, "Client Key");
    return ScramKeys{digest_with<Hash>(client_key), hmac_with<Hash>(salted, "Server Key")};
}

} // namespace

std::string prepare_password(std::string_view password) {
    auto prepared = saslprep(password);
    return prepared ? std::move(*prepared) : std::string(password);
}

ScramKeys scram_keys(ScramHash hash, std::string_view password, std::string_view salt, std::uint32_t iterations) {
    const std::string prepared = prepare_password(password);
    return hash == ScramHash::sha1 ? keys_with<CryptoPP::SHA1>(prepared, salt, iterations)
                                   : keys_with<CryptoPP::SHA256>(prepared, salt, iterations);
}

std::string hmac(ScramHash hash, std::string_view key, std::string_view text) {
    return hash == ScramHash::sha1 ? hmac_with<CryptoPP::SHA1>(key, text) : hmac_with<CryptoPP::SHA256>(key, text);
}

std::string digest(ScramHash hash, std::string_view text) {
    return hash == ScramHash::sha1 ? digest_with<CryptoPP::SHA1>(text) : digest_with<CryptoPP::SHA256>(text);
}

bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept {
    if (a.size() != b.size()) return false;
    volatile unsigned char difference = 0; // volatile: the loop must not end early
    for (std::size_t i = 0; i < a.size(); ++i)
        difference = static_cast<unsigned char>(difference | (static_cast<unsigned char>(a[i] ^ b[i])));
    return difference == 0;
}

} // namespace pillarbox::runtime
