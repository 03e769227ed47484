// Random octets by getrandom(2).
#include "appliance/runtime/random.h"

#include <cerrno>
#include <sys/random.h>
#include <system_error>

namespace pillarbox::runtime {

void random_bytes(void* out, std::size_t size) {
    auto* at = static_cast<unsigned char*>(out);
    while (size > 0) {
        const ssize_t got = ::getrandom(at, size, 0);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) throw std::system_error(errno, std::generic_category(), "getrandom");
        at += got;
        size -= static_cast<std::size_t>(got);
    }
}

std::string random_bytes(std::size_t size) {
    std::string octets(size, '\0');
    random_bytes(octets.data(), size);
    return octets;
}

std::string random_word(std::size_t size) {
    // 32 of the 36: without l, o, 0 and 1, which people mistake for one another.
    static constexpr char letters[] = "abcdefghijkmnpqrstuvwxyz23456789";
    static_assert(sizeof letters == 33);
    std::string word = random_bytes(size);
    for (char& c : word) c = letters[static_cast<unsigned char>(c) & 31U];
    return word;
}

std::uint64_t random_u64() {
    std::uint64_t number = 0;
    random_bytes(&number, sizeof number);
    return number;
}

} // namespace pillarbox::runtime
