// Signal mask and name of a thread.
#include "appliance/runtime/threads.h"

#include <csignal>
#include <initializer_list>
#include <pthread.h>

namespace pillarbox::runtime {

void block_all_signals() {
    sigset_t set;
    sigfillset(&set);
    for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS}) sigdelset(&set, fault);
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

void ignore_broken_pipes() { [[maybe_unused]] static const auto before = std::signal(SIGPIPE, SIG_IGN); }

void name_thread(const char* name) { pthread_setname_np(pthread_self(), name); }

} // namespace pillarbox::runtime
