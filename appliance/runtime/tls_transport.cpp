// TLS on a connected socket, as the server: an SSL object that reads and writes the descriptor itself.
//
// OpenSSL keeps one error queue a thread and decides by it whether a call failed: it is emptied before every call, or
// one peer's bad handshake would end the connections of others.
#include "appliance/runtime/socket.h"
#include "appliance/runtime/tls_impl.h"

#include <cerrno>
#include <optional>
#include <system_error>

namespace pillarbox::runtime {

namespace {

class TlsTransport final : public Transport {
public:
    TlsTransport(std::unique_ptr<Socket> socket, TlsContext& context) : socket_(std::move(socket)) {
        ERR_clear_error();
        ssl_.reset(SSL_new(context.impl().current().get()));
        if (!ssl_ || SSL_set_fd(ssl_.get(), socket_->fd()) != 1) fail("TLS: " + ssl_error_text());
        SSL_set_accept_state(ssl_.get());
    }

    std::size_t try_read(char* out, std::size_t size) override {
        if (lingering_) return socket_->read(out, size); // what comes now is dropped, encrypted or not
        require_whole();
        std::size_t got = 0;
        ERR_clear_error();
        if (SSL_read_ex(ssl_.get(), out, size, &got) == 1) return got;
        read_wait_ = wait_for(SSL_get_error(ssl_.get(), 0), "TLS: ");
        return 0;
    }

    std::size_t try_write(const char* data, std::size_t size) override {
        require_whole();
        std::size_t sent = 0;
        ERR_clear_error();
        if (SSL_write_ex(ssl_.get(), data, size, &sent) == 1) return sent;
        write_wait_ = wait_for(SSL_get_error(ssl_.get(), 0), "TLS: ");
        return 0;
    }

    // A read may have to wait for room to write (a key update is answered), a write for input.
    Wait& readable() override { return read_wait_ ? *read_wait_ : socket_->source().reader; }
    Wait& writable() override { return write_wait_ ? *write_wait_ : socket_->source().writer; }

    bool handshake(Wait*& wait_on) override {
        require_whole();
        ERR_clear_error();
        const int result = SSL_do_handshake(ssl_.get());
        if (result != 1) {
            wait_on = wait_for(SSL_get_error(ssl_.get(), result), "TLS handshake: ");
            return false;
        }
        const SSL_CIPHER* cipher = SSL_get_current_cipher(ssl_.get());
        const char* sni = SSL_get_servername(ssl_.get(), TLSEXT_NAMETYPE_host_name);
        info_.emplace();
        info_->version = SSL_get_version(ssl_.get());
        info_->cipher = SSL_CIPHER_get_name(cipher);
        info_->bits = SSL_CIPHER_get_bits(cipher, nullptr);
        info_->sni = sni ? sni : "";
        return true;
    }

    const TlsInfo* tls() const noexcept override { return info_ ? &*info_ : nullptr; }

    std::string exporter(std::string_view label, std::size_t size) const override {
        if (!info_) return {};
        std::string material(size, '\0');
        ERR_clear_error();
        // Without a context, which under TLS 1.3 is the same as an empty one (RFC 8446 7.5, RFC 9266 2).
        const int good = SSL_export_keying_material(ssl_.get(), reinterpret_cast<unsigned char*>(material.data()), size,
                                                    label.data(), label.size(), nullptr, 0, 0);
        return good == 1 ? material : std::string();
    }

    bool linger() noexcept override {
        say_goodbye();
        socket_->end_output();
        lingering_ = true;
        read_wait_ = nullptr;
        return true;
    }

    void close() noexcept override {
        if (socket_->fd() < 0) return;
        say_goodbye();
        socket_->close();
        broken_ = true;
    }

private:
    [[noreturn]] void fail(const std::string& what) {
        broken_ = true;
        throw ConnectionLost(what);
    }
    void require_whole() {
        if (broken_) fail("TLS: the connection has failed before");
    }

    /// What to wait for after a call that did not succeed; throws when waiting does not help.
    Wait* wait_for(int error, const char* where) {
        const int reason = errno;
        if (error == SSL_ERROR_WANT_READ) return &socket_->source().reader;
        if (error == SSL_ERROR_WANT_WRITE) return &socket_->source().writer;
        if (error == SSL_ERROR_ZERO_RETURN) throw EndOfInput();
        if (error == SSL_ERROR_SYSCALL) fail(where + std::generic_category().message(reason));
        fail(where + ssl_error_text());
    }

    /// close_notify, unless the handshake is not over or something failed: then the state is not to be relied on.
    void say_goodbye() noexcept {
        if (broken_ || lingering_ || !info_) return;
        ERR_clear_error();
        SSL_shutdown(ssl_.get());
        ERR_clear_error();
    }

    std::unique_ptr<Socket> socket_;
    std::unique_ptr<SSL, Free<SSL_free>> ssl_; // dies before the socket it writes to
    std::optional<TlsInfo> info_;
    Wait *read_wait_ = nullptr, *write_wait_ = nullptr; // when not the usual one
    bool broken_ = false, lingering_ = false;
};

} // namespace

std::unique_ptr<Transport> tls_transport(std::unique_ptr<Socket> socket, TlsContext& context) {
    return std::make_unique<TlsTransport>(std::move(socket), context);
}

} // namespace pillarbox::runtime
