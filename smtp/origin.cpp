// Where a message came from, as kept with it: a versioned blob (DESIGN 4, message.origin).
//
// One octet for the version, then fields: two octets of length, high one first, and the text. Fields are only appended.
#include "smtp/origin.h"

#include <algorithm>
#include <array>

namespace pillarbox::smtp {
namespace {

constexpr char version = 1;
constexpr std::size_t longest = 0xffff;
constexpr std::array fields = {&Origin::transaction, &Origin::address, &Origin::greeting, &Origin::protocol,
                               &Origin::cipher,      &Origin::account, &Origin::sender};

} // namespace

std::string Origin::encode() const {
    std::string blob(1, version);
    for (const auto field : fields) {
        const std::string_view text = std::string_view(this->*field).substr(0, longest);
        blob += static_cast<char>(text.size() >> 8);
        blob += static_cast<char>(text.size() & 0xff);
        blob += text;
    }
    return blob;
}

std::optional<Origin> Origin::decode(std::string_view blob) {
    if (blob.empty() || blob.front() != version) return std::nullopt;
    blob.remove_prefix(1);
    Origin origin;
    for (const auto field : fields) {
        if (blob.size() < 2) return std::nullopt;
        const auto octet = [&](std::size_t i) { return static_cast<std::size_t>(static_cast<unsigned char>(blob[i])); };
        const std::size_t size = octet(0) << 8 | octet(1);
        blob.remove_prefix(2);
        if (blob.size() < size) return std::nullopt;
        origin.*field = blob.substr(0, size);
        blob.remove_prefix(size);
    }
    return origin;
}

} // namespace pillarbox::smtp
