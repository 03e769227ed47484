// The site's certificate: where it is, whether it can be used.
#include "appliance/certificate.h"

#include "appliance/configuration.h"
#include "appliance/files.h"
#include "appliance/refusal.h"

namespace pillarbox::appliance {

namespace {
constexpr std::size_t largest = 1 << 20; // octets; a long chain takes some ten thousand
}

runtime::Certificate load_certificate(const Settings& settings, const std::string& data) {
    return {read_whole(in_data_folder(data, settings.tls.certificate), largest),
            read_whole(in_data_folder(data, settings.tls.key), largest)};
}

void check_certificate(const runtime::Certificate& certificate, const Settings& settings) {
    try {
        const runtime::TlsContext context(certificate);
    } catch (const std::runtime_error& error) {
        throw Refusal("[tls] certificate " + settings.tls.certificate + " with key " + settings.tls.key + ": " +
                      error.what());
    }
}

} // namespace pillarbox::appliance
