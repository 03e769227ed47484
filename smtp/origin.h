// Where a message came from, as kept with it: a versioned blob (DESIGN 4, message.origin).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pillarbox::smtp {

/// What was known at the end of data.
struct Origin {
    std::string transaction;
    std::string address;  // of the client
    std::string greeting; // HELO or EHLO
    std::string protocol; // ESMTPS and its like (RFC 3848)
    std::string cipher;   // "" without TLS
    std::string account;  // that logged in; "" none
    std::string sender;   // MAIL FROM; "" null

    bool operator==(const Origin&) const = default;
    std::string encode() const;
    /// Nothing when it is no such blob; fields that a later version appends are skipped.
    static std::optional<Origin> decode(std::string_view blob);
};

} // namespace pillarbox::smtp
