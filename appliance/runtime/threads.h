// What every thread of the process does first.
#pragma once

namespace pillarbox::runtime {

/// Leaves all signals to the one place that waits for them (signals.h); the faults of this thread stay deliverable.
void block_all_signals();
/// Makes a write to a peer that is gone an error, as OpenSSL has no flag for it.
void ignore_broken_pipes();
/// The name that ps and a debugger show, at most 15 octets.
void name_thread(const char* name);

} // namespace pillarbox::runtime
