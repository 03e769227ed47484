// The site's certificate: where it is, whether it can be used.
#pragma once

#include "appliance/runtime/tls.h"
#include "appliance/settings.h"

#include <string>

namespace pillarbox::appliance {

/// Certificate and key of the settings. Throws Refusal naming the file that cannot be read.
runtime::Certificate load_certificate(const Settings& settings, const std::string& data);

/// Throws Refusal naming the files when OpenSSL cannot use them.
void check_certificate(const runtime::Certificate& certificate, const Settings& settings);

} // namespace pillarbox::appliance
