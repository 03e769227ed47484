// The STATUS response (RFC 9051 7.3.3; RFC 3501 7.2.4 for RECENT).
#pragma once

#include "imap/list_request.h"
#include "store/snapshot.h"

#include <string>
#include <string_view>

namespace pillarbox::imap {

/// Writes one STATUS response. On a pool thread.
/// @param wire_name  the mailbox's name as it goes over the wire, quoted where needed
void write_status(std::string& out, std::string_view wire_name, const store::Mailbox& mailbox, const StatusItems& items,
                  store::Snapshot& snapshot);

} // namespace pillarbox::imap
