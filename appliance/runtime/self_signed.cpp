// A self-signed certificate for a site that has none yet (RFC 5280; P-256).
#include "appliance/runtime/tls_impl.h"

#include "appliance/runtime/random.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdexcept>

namespace pillarbox::runtime {

namespace {

constexpr long clock_skew = 86'400; // seconds the validity begins early: clients' clocks differ

void require(bool good) {
    if (!good) throw std::runtime_error("a self-signed certificate could not be made: " + ssl_error_text());
}

void set_serial(X509* certificate) {
    // Positive and at most 20 octets (RFC 5280 4.1.2.2).
    std::string octets = random_bytes(16);
    octets[0] = static_cast<char>((octets[0] & 0x3F) | 0x40);
    const std::unique_ptr<BIGNUM, Free<BN_free>> number(
        BN_bin2bn(reinterpret_cast<const unsigned char*>(octets.data()), static_cast<int>(octets.size()), nullptr));
    require(number && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)));
}

void set_name(X509* certificate, const std::string& hostname) {
    X509_NAME* name = X509_get_subject_name(certificate);
    // The common name holds 64 characters (RFC 5280 ub-common-name); the names that count are in subjectAltName.
    const std::string common = hostname.size() <= 64 ? hostname : "pillarbox";
    require(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(common.data()),
                                       static_cast<int>(common.size()), -1, 0) == 1);
    require(X509_set_issuer_name(certificate, name) == 1);
}

void add_host(GENERAL_NAMES* names, const std::string& host) {
    // An address stands as such, not as a name (RFC 5280 4.2.1.6).
    GENERAL_NAME* name = a2i_GENERAL_NAME(nullptr, nullptr, nullptr, GEN_IPADD, host.c_str(), 0);
    if (!name) name = a2i_GENERAL_NAME(nullptr, nullptr, nullptr, GEN_DNS, host.c_str(), 0);
    ERR_clear_error();
    require(name != nullptr);
    if (sk_GENERAL_NAME_push(names, name) > 0) return;
    GENERAL_NAME_free(name);
    require(false);
}

void set_hosts(X509* certificate, const std::string& hostnames) {
    const std::unique_ptr<GENERAL_NAMES, Free<GENERAL_NAMES_free>> names(GENERAL_NAMES_new());
    require(names != nullptr);
    for (std::size_t at = 0; at < hostnames.size();) {
        const std::size_t end = std::min(hostnames.find(',', at), hostnames.size());
        if (end > at) add_host(names.get(), hostnames.substr(at, end - at));
        at = end + 1;
    }
    require(X509_add1_ext_i2d(certificate, NID_subject_alt_name, names.get(), 0, 0) == 1);
}

void set_text_extension(X509* certificate, int kind, const char* value) {
    const std::unique_ptr<X509_EXTENSION, Free<X509_EXTENSION_free>> extension(
        X509V3_EXT_conf_nid(nullptr, nullptr, kind, value));
    require(extension && X509_add_ext(certificate, extension.get(), -1) == 1);
}

template <class Write>
std::string pem(const Write& write) {
    const std::unique_ptr<BIO, Free<BIO_free_all>> bio(BIO_new(BIO_s_mem()));
    require(bio && write(bio.get()) == 1);
    char* text = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &text);
    return std::string(text, static_cast<std::size_t>(size));
}

} // namespace

Certificate make_self_signed(const std::string& hostnames, int days) {
    OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
    ERR_clear_error();
    const FreeKey key(EVP_EC_gen("P-256"));
    const Free509 certificate(X509_new());
    require(key && certificate);
    X509* x509 = certificate.get();
    require(X509_set_version(x509, X509_VERSION_3) == 1);
    set_serial(x509);
    const std::int64_t now = unix_seconds();
    require(ASN1_TIME_set(X509_getm_notBefore(x509), now - clock_skew) != nullptr);
    require(ASN1_TIME_set(X509_getm_notAfter(x509), now + std::int64_t{days} * 86'400) != nullptr);
    set_name(x509, hostnames.substr(0, hostnames.find(',')));
    require(X509_set_pubkey(x509, key.get()) == 1);
    set_hosts(x509, hostnames);
    set_text_extension(x509, NID_basic_constraints, "critical,CA:FALSE");
    set_text_extension(x509, NID_key_usage, "critical,digitalSignature");
    set_text_extension(x509, NID_ext_key_usage, "serverAuth");
    require(X509_sign(x509, key.get(), EVP_sha256()) > 0);
    return Certificate{pem([&](BIO* bio) { return PEM_write_bio_X509(bio, x509); }), pem([&](BIO* bio) {
                           return PEM_write_bio_PKCS8PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
                       })};
}

} // namespace pillarbox::runtime
