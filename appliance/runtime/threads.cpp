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

void name_thread(const char* name) { pthread_setname_np(pthread_self(), name); }

} // namespace pillarbox::runtime
