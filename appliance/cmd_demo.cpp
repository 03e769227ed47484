// pillarbox demo: a throw-away site to try, with two accounts and a first message that came the whole way.
#include "appliance/demo_site.h"
#include "appliance/serve_until_signal.h"
#include "appliance/server.h"

#include <algorithm>
#include <cstdio>

namespace pillarbox::appliance {

namespace {

using Listeners = std::vector<webstatus::ListenerStatus>;

void print_lines(const std::string& text) {
    for (std::size_t begin = 0; begin < text.size();) {
        const auto end = std::min(text.find("\r\n", begin), text.size());
        std::printf("    %s\n", text.substr(begin, end - begin).c_str());
        begin = end + 2;
    }
}

void print_next_steps(const DemoSite& demo, const Listeners& listeners) {
    const std::string smtp = address_of(listeners, "SMTP"), submission = address_of(listeners, "submission"),
                      imap = address_of(listeners, "IMAP"), web = address_of(listeners, "status page");
    const std::string alice = demo.password("alice"), bob = demo.password("bob");
    std::printf("\npillarbox " PILLARBOX_VERSION " serves the throw-away site demo.test from %s\n\n"
                "  accounts     alice  %s\n               bob    %s\n"
                "  listeners   ",
                demo.site().data.c_str(), alice.c_str(), bob.c_str());
    for (const auto& each : listeners) std::printf(" %s %s,", each.service.c_str(), each.address.c_str());
    std::printf("\n\nA welcome message has come in by SMTP and lies in both mailboxes. Try next, in another window:\n\n"
                "  send a message as bob:\n"
                "    printf 'Subject: hello\\r\\n\\r\\nGood day, Alice.\\r\\n' | curl -s smtp://%s --mail-from "
                "bob@demo.test \\\n        --mail-rcpt alice@demo.test -u bob:%s -T -\n"
                "  read what alice got:\n"
                "    curl -s 'imap://%s/INBOX;MAILINDEX=*' -u alice:%s\n"
                "  see how it is:\n    http://%s/\n\nCtrl-C ends it.\n",
                submission.c_str(), bob.c_str(), imap.c_str(), alice.c_str(), web.c_str());
    std::fflush(stdout);
}

int run_once(const DemoSite& demo, Server& server) {
    server.start();
    const Listeners listeners = server.status().listeners;
    std::printf("sent by SMTP to %s: %s\n", address_of(listeners, "SMTP").c_str(),
                demo.send_welcome(listeners).c_str());
    const std::string shown = demo.read_welcome(listeners);
    std::printf("read by IMAP from %s, all octets as sent, below the trace fields:\n\n",
                address_of(listeners, "IMAP").c_str());
    print_lines(shown);
    const auto status = server.status();
    std::printf("\nIt works: %llu message accepted, %llu deliveries made.\n",
                static_cast<unsigned long long>(status.accepted), static_cast<unsigned long long>(status.delivered));
    server.stop();
    return 0;
}

} // namespace

int cmd_demo(const DemoOptions& options) {
    const DemoSite demo(options);
    Server server(demo.site(), load_configuration(demo.site()));
    if (options.once) return run_once(demo, server);
    serve_until_signal(server, [&] {
        const Listeners listeners = server.status().listeners;
        demo.send_welcome(listeners);
        print_next_steps(demo, listeners);
    });
    return 0;
}

} // namespace pillarbox::appliance
