// TLS of the server side: certificates by name, the versions and suites we allow. OpenSSL stays behind this header.
#pragma once

#include <memory>
#include <string>

namespace pillarbox::runtime {

/// A certificate chain and its key, as PEM text.
struct Certificate {
    std::string chain_pem;
    std::string key_pem;
};

/// What a listener needs to speak TLS: TLS 1.2 with AEAD suites and 1.3, no renegotiation, no compression (DESIGN 3).
/// reload() may be called at any time from any thread: new handshakes take the new certificate.
class TlsContext {
public:
    /// Throws std::runtime_error with OpenSSL's reason when the certificate or key is unusable or they do not match.
    explicit TlsContext(const Certificate& certificate);
    ~TlsContext();
    void reload(const Certificate& certificate);
    /// Unix seconds of the end of validity; for the status page.
    long long not_after() const;

    struct Impl;
    Impl& impl() noexcept { return *impl_; }

private:
    std::unique_ptr<Impl> impl_;
};

/// A self-signed P-256 certificate, valid for the given days.
/// @param hostnames  one or several by comma; an address stands as such
Certificate make_self_signed(const std::string& hostnames, int days);

} // namespace pillarbox::runtime
