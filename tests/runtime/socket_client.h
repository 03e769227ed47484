// A blocking client on loopback, plain or TLS, for the tests of real sockets. Every call gives up after 10 s.
#pragma once

#include <memory>
#include <openssl/ssl.h>
#include <string>
#include <string_view>

class SocketClient {
public:
    /// @param address  as Listener::address() says it
    explicit SocketClient(const std::string& address);
    ~SocketClient();
    SocketClient(const SocketClient&) = delete;
    SocketClient& operator=(const SocketClient&) = delete;

    int fd() const noexcept { return fd_; }
    bool connected() const noexcept { return connected_; }
    bool send(std::string_view octets);
    /// Up to and with LF, or what came before the end of file.
    std::string line();
    /// Up to size octets, fewer at the end of file.
    std::string octets(std::size_t size);
    /// True when nothing more comes.
    bool at_end();
    /// Starts TLS as a client without checking the certificate; "" or OpenSSL's reason.
    std::string start_tls(const char* sni = nullptr, int max_version = 0, SSL_SESSION* session = nullptr);
    SSL* ssl() const noexcept { return ssl_; }
    /// Frees what TLS takes in memory; the connection stays as it is, of no more use to this end.
    void forget_tls();
    void close();

private:
    bool receive(char& c);
    int fd_ = -1;
    bool connected_ = false;
    SSL_CTX* ctx_ = nullptr;
    SSL* ssl_ = nullptr;
};
