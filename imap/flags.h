// Flags between the client's words and the store's bits (RFC 9051 2.3.2).
#pragma once

#include "imap/parser.h"
#include "store/types.h"

#include <string>
#include <string_view>

namespace pillarbox::imap {

/// The bit of a system flag as the parser spells it; 0 for anything else.
store::Flags system_flag(std::string_view name);

/// A client's list as the store takes it.
store::FlagChange flag_change(store::FlagMode mode, const FlagList& flags);

/// `\Seen $Forwarded`
void write_flag_names(std::string& out, store::Flags flags, const store::Keywords& keywords);
/// `(\Seen $Forwarded \Recent)`
void write_flags(std::string& out, store::Flags flags, const store::Keywords& keywords, bool recent);

} // namespace pillarbox::imap
