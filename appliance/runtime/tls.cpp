// TLS of the server side: what a context allows, and its certificate's life.
#include "appliance/runtime/tls.h"

#include "appliance/runtime/clock.h"
#include "appliance/runtime/tls_impl.h"

#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdexcept>

namespace pillarbox::runtime {

namespace {

constexpr std::chrono::hours ticket_life(12); // then tickets are sealed with new keys: RFC 5077 5.5, RFC 8446 C.4

using Bio = std::unique_ptr<BIO, Free<BIO_free_all>>;

Bio bio_of(const std::string& text) { return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))); }

void require(bool good, const std::string& what) {
    if (!good) throw std::runtime_error(what + ": " + ssl_error_text());
}

/// A key with a pass phrase cannot be used: OpenSSL would ask for it at the terminal.
int no_phrase(char*, int, int, void*) { return -1; }

void use_certificate(SSL_CTX* ctx, const Certificate& certificate) {
    const Bio chain = bio_of(certificate.chain_pem);
    const Free509 leaf(PEM_read_bio_X509_AUX(chain.get(), nullptr, no_phrase, nullptr));
    require(leaf != nullptr, "no certificate could be read");
    require(SSL_CTX_use_certificate(ctx, leaf.get()) == 1, "the certificate cannot be used");
    while (X509* issuer = PEM_read_bio_X509(chain.get(), nullptr, no_phrase, nullptr)) {
        if (SSL_CTX_add0_chain_cert(ctx, issuer) == 1) continue;
        X509_free(issuer);
        require(false, "the certificate chain cannot be used");
    }
    ERR_clear_error(); // the end of the text is an error to the PEM reader
    const Bio key_text = bio_of(certificate.key_pem);
    const FreeKey key(PEM_read_bio_PrivateKey(key_text.get(), nullptr, no_phrase, nullptr));
    require(key != nullptr, "no private key could be read");
    require(SSL_CTX_use_PrivateKey(ctx, key.get()) == 1, "the key does not belong to the certificate");
    require(SSL_CTX_check_private_key(ctx) == 1, "the key does not belong to the certificate");
}

void set_rules(SSL_CTX* ctx) {
    SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION);
    require(SSL_CTX_set_cipher_list(ctx, "ECDHE+AESGCM:ECDHE+CHACHA20") == 1, "cipher list"); // RFC 9325 4.2
    // Not SSL_OP_IGNORE_UNEXPECTED_EOF: an end without close_notify is told apart from a proper one, and the ticket of
    // a truncated session is not used again.
    SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                                 SSL_OP_PRIORITIZE_CHACHA);
    SSL_CTX_set_mode(ctx,
                     SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_timeout(ctx, std::chrono::seconds(ticket_life).count());
    SSL_CTX_set_num_tickets(ctx, 1);
    require(SSL_CTX_set1_groups_list(ctx, "X25519:P-256:P-384") == 1, "groups");
}

} // namespace

std::string ssl_error_text() {
    std::string text;
    while (const unsigned long code = ERR_get_error()) {
        const char* reason = ERR_reason_error_string(code);
        if (!text.empty()) text += "; ";
        text += reason ? reason : "error " + std::to_string(code);
    }
    return text.empty() ? "no reason given" : text;
}

std::shared_ptr<SSL_CTX> TlsContext::Impl::build(const Certificate& from) {
    OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr); // nothing of the host's openssl.cnf, no modules
    ERR_clear_error();
    std::shared_ptr<SSL_CTX> ctx(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
    require(ctx != nullptr, "TLS");
    set_rules(ctx.get());
    use_certificate(ctx.get(), from);
    return ctx;
}

void TlsContext::Impl::set(const Certificate& from) {
    auto fresh = build(from);
    const std::lock_guard lock(mutex);
    certificate = from;
    ctx = std::move(fresh);
    built = clock().monotonic();
}

std::shared_ptr<SSL_CTX> TlsContext::Impl::current() {
    const std::lock_guard lock(mutex);
    // A context seals its tickets with keys it drew itself and keeps in memory only: a new one has new keys.
    if (clock().monotonic() - built >= ticket_life) {
        ctx = build(certificate);
        built = clock().monotonic();
    }
    return ctx;
}

TlsContext::TlsContext(const Certificate& certificate) : impl_(std::make_unique<Impl>()) { impl_->set(certificate); }
TlsContext::~TlsContext() = default;

void TlsContext::reload(const Certificate& certificate) { impl_->set(certificate); }

long long TlsContext::not_after() const {
    const auto ctx = impl_->current();
    std::tm end{};
    ASN1_TIME_to_tm(X509_get0_notAfter(SSL_CTX_get0_certificate(ctx.get())), &end);
    return ::timegm(&end);
}

} // namespace pillarbox::runtime
