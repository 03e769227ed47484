// Random octets by getrandom(2): works in an empty chroot, where the libraries' own pools fail or fall back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace pillarbox::runtime {

/// Fills size octets with random numbers fit for secrets.
void random_bytes(void* out, std::size_t size);
std::string random_bytes(std::size_t size);
/// size random characters of [2-9a-z] without l and o; 5 bits each, for names and passwords people type.
std::string random_word(std::size_t size);
std::uint64_t random_u64();

} // namespace pillarbox::runtime
