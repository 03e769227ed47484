// The inside of TLS, shared by its rooms: OpenSSL's types with an owner.
#pragma once

#include "appliance/runtime/clock.h"
#include "appliance/runtime/tls.h"

#include <memory>
#include <mutex>
#include <openssl/err.h>
#include <openssl/ssl.h>

namespace pillarbox::runtime {

/// Calls one of OpenSSL's free functions.
template <auto function>
struct Free {
    template <class T>
    void operator()(T* object) const noexcept {
        function(object);
    }
};
using Free509 = std::unique_ptr<X509, Free<X509_free>>;
using FreeKey = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;

/// The reasons in this thread's error queue, which is empty afterwards.
std::string ssl_error_text();

struct TlsContext::Impl {
    /// Puts a certificate in force, or throws and leaves everything as it was.
    void set(const Certificate& from);
    /// For a new handshake; it keeps what it was given while others may get another.
    std::shared_ptr<SSL_CTX> current();

private:
    static std::shared_ptr<SSL_CTX> build(const Certificate& from);

    std::mutex mutex; // guards all
    Certificate certificate;
    std::shared_ptr<SSL_CTX> ctx; // shared with handshakes under way
    Monotonic built;
};

} // namespace pillarbox::runtime
