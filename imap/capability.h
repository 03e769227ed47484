// What the server can do, as it is announced (RFC 9051 6.1.1).
#pragma once

#include <string>

namespace pillarbox::imap {

class Session;

/// Appends the capabilities for this session at this moment, by spaces; those the settings hide are left out.
void write_capabilities(std::string& out, const Session& session);

} // namespace pillarbox::imap
