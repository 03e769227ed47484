// Signals as events of a loop, by signalfd(2).
#include "appliance/runtime/signals.h"

#include <cerrno>
#include <csignal>
#include <pthread.h>
#include <sys/signalfd.h>
#include <system_error>
#include <unistd.h>

namespace pillarbox::runtime {

Signals::Signals(Loop& loop, std::initializer_list<int> numbers) : loop_(loop) {
    sigset_t set;
    sigemptyset(&set);
    for (const int number : numbers) sigaddset(&set, number);
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    source_.fd = ::signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    if (source_.fd < 0) throw std::system_error(errno, std::generic_category(), "signalfd");
    loop_.add(source_);
}

Signals::~Signals() {
    loop_.remove(source_);
    ::close(source_.fd);
}

Task<int> Signals::next() {
    while (!stopped_) {
        signalfd_siginfo info;
        const ssize_t got = ::read(source_.fd, &info, sizeof info);
        if (got == static_cast<ssize_t>(sizeof info)) co_return static_cast<int>(info.ssi_signo);
        co_await source_.reader.until(Monotonic::max());
    }
    co_return 0;
}

void Signals::stop() {
    loop_.post([this] {
        stopped_ = true;
        source_.reader.wake_soon(Wait::Outcome::interrupted);
    });
}

} // namespace pillarbox::runtime
