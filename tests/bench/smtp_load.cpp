// smtp_load: how fast a server accepts mail, and what an accepted message costs it.
#include "proc.h"
#include "smtp_driver.h"

using namespace pillarbox::bench;

namespace {

void smtp_load(Options& options) {
    const SmtpJob job = smtp_job(options);
    const std::vector<int> servers = options.pids("server-pid");
    options.end();
    raise_descriptor_limit();

    const double before = usage_of(servers).cpu_ms;
    const SmtpOutcome outcome = run_smtp(job);
    const double cpu = usage_of(servers).cpu_ms - before;

    const auto messages = static_cast<double>(job.messages);
    print("messages", messages);
    print("connections", static_cast<double>(job.connections));
    print("size", static_cast<double>(job.size));
    print("seconds", outcome.seconds);
    print("accepted_per_s", messages / outcome.seconds);
    print("latency_p50_ms", percentile(outcome.latency_ms, 0.5));
    print("latency_p99_ms", percentile(outcome.latency_ms, 0.99));
    print("server_cpu_ms_per_message", cpu / messages);
}

} // namespace

int main(int argc, char** argv) { return run_tool("smtp_load", argc, argv, smtp_load); }
