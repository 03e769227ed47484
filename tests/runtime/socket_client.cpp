// A blocking client on loopback.
#include "tests/runtime/socket_client.h"

#include <arpa/inet.h>
#include <cstring>
#include <netinet/in.h>
#include <openssl/err.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

namespace {

union Address {
    sockaddr any;
    sockaddr_in v4;
    sockaddr_in6 v6;
    sockaddr_un local;
};

socklen_t parse(const std::string& text, Address& address) {
    std::memset(&address, 0, sizeof address);
    if (text.compare(0, 5, "unix:") == 0) {
        address.local.sun_family = AF_UNIX;
        std::strncpy(address.local.sun_path, text.c_str() + 5, sizeof address.local.sun_path - 1);
        return sizeof address.local;
    }
    const std::size_t colon = text.rfind(':');
    const auto port = htons(static_cast<unsigned short>(std::stoi(text.substr(colon + 1))));
    if (text[0] == '[') {
        address.v6.sin6_family = AF_INET6;
        address.v6.sin6_port = port;
        ::inet_pton(AF_INET6, text.substr(1, colon - 2).c_str(), &address.v6.sin6_addr);
        return sizeof address.v6;
    }
    address.v4.sin_family = AF_INET;
    address.v4.sin_port = port;
    ::inet_pton(AF_INET, text.substr(0, colon).c_str(), &address.v4.sin_addr);
    return sizeof address.v4;
}

} // namespace

SocketClient::SocketClient(const std::string& address) {
    Address to;
    const socklen_t size = parse(address, to);
    fd_ = ::socket(to.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const timeval limit{10, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    connected_ = ::connect(fd_, &to.any, size) == 0;
}

SocketClient::~SocketClient() { close(); }

void SocketClient::forget_tls() {
    SSL_free(ssl_);
    SSL_CTX_free(ctx_);
    ssl_ = nullptr;
    ctx_ = nullptr;
}

void SocketClient::close() {
    forget_tls();
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
}

bool SocketClient::send(std::string_view octets) {
    while (!octets.empty()) {
        const int size = static_cast<int>(octets.size());
        const auto sent = ssl_ ? SSL_write(ssl_, octets.data(), size)
                               : static_cast<int>(::send(fd_, octets.data(), octets.size(), MSG_NOSIGNAL));
        if (sent <= 0) return false;
        octets.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

bool SocketClient::receive(char& c) {
    ERR_clear_error();
    return (ssl_ ? SSL_read(ssl_, &c, 1) : static_cast<int>(::recv(fd_, &c, 1, 0))) == 1;
}

std::string SocketClient::line() {
    std::string text;
    char c = 0;
    while (receive(c)) {
        text += c;
        if (c == '\n') break;
    }
    return text;
}

std::string SocketClient::octets(std::size_t size) {
    std::string text(size, '\0');
    std::size_t got = 0;
    while (got < size) {
        const int left = static_cast<int>(size - got);
        const auto count = ssl_ ? SSL_read(ssl_, text.data() + got, left)
                                : static_cast<int>(::recv(fd_, text.data() + got, size - got, 0));
        if (count <= 0) break;
        got += static_cast<std::size_t>(count);
    }
    text.resize(got);
    return text;
}

bool SocketClient::at_end() {
    char c = 0;
    return !receive(c);
}

std::string SocketClient::start_tls(const char* sni, int max_version, SSL_SESSION* session) {
    ERR_clear_error();
    ctx_ = SSL_CTX_new(TLS_client_method());
    if (max_version) SSL_CTX_set_max_proto_version(ctx_, max_version);
    SSL_CTX_set_min_proto_version(ctx_, TLS1_VERSION);
    SSL_CTX_set_cipher_list(ctx_, "ALL:@SECLEVEL=0");
    ssl_ = SSL_new(ctx_);
    SSL_set_fd(ssl_, fd_);
    if (sni) SSL_set_tlsext_host_name(ssl_, sni);
    if (session) SSL_set_session(ssl_, session);
    if (SSL_connect(ssl_) == 1) return "";
    const unsigned long code = ERR_get_error();
    const char* reason = ERR_reason_error_string(code);
    return reason ? reason : "failed";
}
