// Passwords: the conversations of RFC 5802 5 and RFC 7677 3 as vectors.
#include "appliance/runtime/password.h"

#include <chrono>
#include <doctest/doctest.h>

using namespace pillarbox::runtime;

namespace {

std::string from_hex(std::string_view hex) {
    std::string out;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
        out.push_back(static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
    return out;
}

struct Example {
    ScramHash hash;
    const char* salt; // hex, like the proof and the signature
    const char* client_first;
    const char* server_first;
    const char* client_final; // without the proof
    const char* proof;
    const char* signature;
};

constexpr Example examples[] = {
    {ScramHash::sha256, "5b6d99689d12358eeca04b141236fa81", "n=user,r=rOprNGfwEbeRWgbNEkqO",
     "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
     "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0",
     "747cdb65aa56224e2352137e52d7bdcad6a0f738df30782caa69a2cfb0277554",
     "eabae24d1062db75a9451ff0b6ea7e98c8546549ff741e672d3251b2397de46e"},
    {ScramHash::sha1, "4125c247e43ab1e93c6dff76", "n=user,r=fyko+d2lbbFgONRv9qkxdawL",
     "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
     "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j", "bf45fcbf7073d93d022466c94321745fe1c8e13b",
     "ae617da6a57c4bbb2e0286568dae1d251905b0a4"},
};

} // namespace

TEST_CASE("runtime scram_keys: verify the proofs and yield the signatures of the RFCs' examples") {
    for (const Example& e : examples) {
        const ScramKeys keys = scram_keys(e.hash, "pencil", from_hex(e.salt), 4096);
        const std::string message = std::string(e.client_first) + "," + e.server_first + "," + e.client_final;
        CHECK(hmac(e.hash, keys.server_key, message) == from_hex(e.signature));
        std::string client_key = from_hex(e.proof); // ClientKey XOR ClientSignature
        const std::string client_signature = hmac(e.hash, keys.stored_key, message);
        REQUIRE(client_signature.size() == client_key.size());
        for (std::size_t i = 0; i < client_key.size(); ++i)
            client_key[i] = static_cast<char>(client_key[i] ^ client_signature[i]);
        CHECK(digest(e.hash, client_key) == keys.stored_key);
    }
}

TEST_CASE("runtime scram_keys: password, salt and iterations all count; spellings of one password do not") {
    const ScramKeys keys = scram_keys(ScramHash::sha256, "p\xc3\xa4ss", "0123456789abcdef", 10);
    CHECK(keys == scram_keys(ScramHash::sha256, "pa\xcc\x88ss", "0123456789abcdef", 10));
    CHECK(keys.stored_key != scram_keys(ScramHash::sha256, "pass", "0123456789abcdef", 10).stored_key);
    CHECK(keys.stored_key != scram_keys(ScramHash::sha256, "p\xc3\xa4ss", "0123456789abcdeF", 10).stored_key);
    CHECK(keys.stored_key != scram_keys(ScramHash::sha256, "p\xc3\xa4ss", "0123456789abcdef", 11).stored_key);
}

TEST_CASE("runtime prepare_password: what SASLprep refuses is taken as it is") {
    CHECK(prepare_password("I\xc2\xadX") == "IX");
    CHECK(prepare_password("a\tb") == "a\tb");
    CHECK(prepare_password("\xff\xfe") == "\xff\xfe");
}

TEST_CASE("runtime hmac and digest: RFC 4231 4.3, FIPS 180 vectors") {
    const std::string text = "what do ya want for nothing?";
    CHECK(hmac(ScramHash::sha256, "Jefe", text) ==
          from_hex("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"));
    CHECK(hmac(ScramHash::sha1, "Jefe", text) == from_hex("effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"));
    CHECK(digest(ScramHash::sha256, "abc") ==
          from_hex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
}

TEST_CASE("runtime equal_in_constant_time: equal means equal") {
    CHECK(equal_in_constant_time("", ""));
    CHECK(equal_in_constant_time("abc", "abc"));
    CHECK(!equal_in_constant_time("abc", "abd"));
    CHECK(!equal_in_constant_time("xbc", "abc"));
    CHECK(!equal_in_constant_time("abc", "abcd"));
}

TEST_CASE("runtime scram_keys: 15,000 iterations cost milliseconds") {
    const auto start = std::chrono::steady_clock::now();
    CHECK(scram_keys(ScramHash::sha256, "pencil", "0123456789abcdef", 15'000).stored_key.size() == 32);
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
    MESSAGE("15,000 iterations: " << took.count() << " ms");
}
