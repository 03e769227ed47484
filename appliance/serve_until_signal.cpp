// Runs a server between its start and the signal that ends it.
#include "appliance/serve_until_signal.h"

#include "appliance/runtime/loop.h"
#include "appliance/runtime/signals.h"
#include "appliance/server.h"

#include <csignal>

namespace pillarbox::appliance {

namespace {

runtime::Task<void> heed_signals(runtime::Signals& signals, Server& server) {
    for (;;) {
        const int number = co_await signals.next();
        if (number != SIGHUP) co_return;
        server.reload();
    }
}

/// Gives SIGTERM and SIGINT back to the system: the next one ends the process where it stands. The store takes that as
/// it takes a power cut.
void let_second_signal_kill() {
    sigset_t ending;
    sigemptyset(&ending);
    sigaddset(&ending, SIGTERM);
    sigaddset(&ending, SIGINT);
    pthread_sigmask(SIG_UNBLOCK, &ending, nullptr);
}

} // namespace

void serve_until_signal(Server& server, const std::function<void()>& started) {
    runtime::Loop control;
    runtime::Signals signals(control, {SIGTERM, SIGINT, SIGHUP}); // before any thread: they inherit the mask
    server.start();
    started();
    control.start([&] { return heed_signals(signals, server); });
    control.stop();
    control.run();
    let_second_signal_kill();
    server.stop();
}

} // namespace pillarbox::appliance
