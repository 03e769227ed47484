// What the server can do, as it is announced (RFC 9051 6.1.1). Only what is whole stands here.
#include "imap/capability.h"

#include "imap/session.h"

#include <algorithm>
#include <iterator>
#include <string_view>

namespace pillarbox::imap {
namespace {

constexpr std::string_view from_the_start[] = {
    "IMAP4rev1", // RFC 3501
    "IMAP4rev2", // RFC 9051
    "SASL-IR",   // RFC 4959
    "LITERAL+",  // RFC 7888
    "ENABLE",    // RFC 5161
    "ID",        // RFC 2971
};
constexpr std::string_view once_logged_in[] = {
    "IDLE",               // RFC 2177
    "NAMESPACE",          // RFC 2342
    "CHILDREN",           // RFC 3348
    "UNSELECT",           // RFC 3691
    "UIDPLUS",            // RFC 4315
    "ESEARCH",            // RFC 4731
    "SEARCHRES",          // RFC 5182
    "LIST-EXTENDED",      // RFC 5258
    "LIST-STATUS",        // RFC 5819
    "SPECIAL-USE",        // RFC 6154
    "CREATE-SPECIAL-USE", // RFC 6154
    "MOVE",               // RFC 6851
    "STATUS=SIZE",        // RFC 8438
};

} // namespace

void write_capabilities(std::string& out, const Session& session) {
    const auto& hidden = session.settings().hidden_capabilities;
    bool first = true;
    const auto announce = [&](std::string_view name) {
        if (std::ranges::find(hidden, name) != hidden.end()) return;
        if (!first) out += ' ';
        first = false;
        out += name;
    };
    std::ranges::for_each(from_the_start, announce);
    if (session.phase() != Phase::not_authenticated) {
        std::ranges::for_each(once_logged_in, announce);
        return;
    }
    if (session.service().tls() && !session.stream().tls()) announce("STARTTLS");
    announce(session.takes_passwords() ? "AUTH=PLAIN" : "LOGINDISABLED");
}

} // namespace pillarbox::imap
