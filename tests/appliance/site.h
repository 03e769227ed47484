// A site on ports of its own, for tests that run a whole server.
#pragma once

#include "appliance/demo_site.h"
#include "appliance/line_client.h"
#include "appliance/server.h"
#include "tests/appliance/folder.h"

namespace pillarbox::appliance {

/// A folder with the demo's site in it: demo.test, alice and bob; every port is one the system chooses.
struct TestSite {
    static DemoOptions options(const std::string& folder) {
        DemoOptions demo;
        demo.data = folder + "/site";
        for (const char* port :
             {"smtp.listen", "smtp.submission", "smtp.submissions", "imap.listen", "imap.listen_tls", "web.listen"}) {
            demo.sets.push_back(std::string(port) + "=127.0.0.1:0");
        }
        return demo;
    }
    Folder folder;
    DemoSite demo{options(folder.path)};
    const std::string& data() const { return demo.site().data; }
    Configuration configuration() const { return load_configuration(demo.site()); }
};

/// That site, serving.
struct RunningSite : TestSite {
    RunningSite() { server.start(); }
    std::string address(const std::string& service) const { return address_of(server.status().listeners, service); }
    std::string log() const {
        std::ifstream in(data() + "/pillarbox.log");
        return {std::istreambuf_iterator<char>(in), {}};
    }
    Server server{demo.site(), configuration()};
};

} // namespace pillarbox::appliance
