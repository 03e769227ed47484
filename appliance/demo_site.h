// The throw-away site of the demo: its folder, accounts and first message.
#pragma once

#include "appliance/commands.h"
#include "webstatus/site_status.h"

#include <string>
#include <vector>

namespace pillarbox::appliance {

/// A site demo.test with the accounts alice and bob. Its folder is removed with it when it is a temporary one.
class DemoSite {
public:
    /// Makes the folder and enrolls both. Throws Refusal.
    explicit DemoSite(const DemoOptions& options);
    ~DemoSite();
    DemoSite(const DemoSite&) = delete;
    DemoSite& operator=(const DemoSite&) = delete;

    const SiteOptions& site() const { return site_; }
    const std::string& password(const std::string& account) const { return account == "alice" ? alice_ : bob_; }

    /// Sends the welcome message to both by SMTP. Throws Refusal.
    /// @return the line that acknowledged it
    std::string send_welcome(const std::vector<webstatus::ListenerStatus>& listeners) const;
    /// Reads alice's message by IMAP, waiting for it at most ten seconds, and compares it with what was sent.
    /// @return it, as IMAP showed it
    std::string read_welcome(const std::vector<webstatus::ListenerStatus>& listeners) const;

private:
    void enroll(const std::string& name, const std::string& password) const;
    bool temporary_;
    SiteOptions site_;
    std::string alice_, bob_;
};

/// The address a service of the server can be reached at.
std::string address_of(const std::vector<webstatus::ListenerStatus>& listeners, const std::string& service);

} // namespace pillarbox::appliance
