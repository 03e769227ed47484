// Makes the data folder of a new site.
#pragma once

#include "appliance/privileges.h"

#include <map>
#include <optional>
#include <string>

namespace pillarbox::appliance {

struct NewSite {
    std::string folder; // is made, mode 0700; may be there when it is empty
    std::string domain, hostname;
    std::optional<Identity> owner;               // whom it is for, when root makes it: the process becomes that user
    std::map<std::string, std::string> settings; // further values of pillarbox.ini, by "section.key"
};

/// Makes folder, pillarbox.ini, an empty mailstore and a self-signed certificate (tls/cert.pem, tls/key.pem).
/// Throws Refusal, or StoreFailure; what was made by then is removed again.
void make_site(const NewSite& site);

} // namespace pillarbox::appliance
