// The addresses of a socket's ends as text.
#include "appliance/runtime/address.h"

#include <arpa/inet.h>
#include <array>
#include <cstring>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

namespace pillarbox::runtime {

namespace {

struct End {
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;

    sockaddr* any() { return reinterpret_cast<sockaddr*>(&storage); }
    const sockaddr_in& v4() const { return reinterpret_cast<const sockaddr_in&>(storage); }
    const sockaddr_in6& v6() const { return reinterpret_cast<const sockaddr_in6&>(storage); }
    const sockaddr_un& local() const { return reinterpret_cast<const sockaddr_un&>(storage); }
};

std::string text_of(int family, const void* address) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    ::inet_ntop(family, address, text.data(), text.size());
    return text.data();
}

void describe(const End& end, std::string& address, unsigned short& port) {
    if (end.storage.ss_family == AF_INET) {
        address = text_of(AF_INET, &end.v4().sin_addr);
        port = ntohs(end.v4().sin_port);
    } else if (end.storage.ss_family == AF_INET6) {
        const in6_addr& v6 = end.v6().sin6_addr;
        address = IN6_IS_ADDR_V4MAPPED(&v6) ? text_of(AF_INET, &v6.s6_addr[12]) : text_of(AF_INET6, &v6);
        port = ntohs(end.v6().sin6_port);
    }
}

} // namespace

std::string local_address(int fd) {
    End end;
    if (::getsockname(fd, end.any(), &end.size) != 0) return {};
    if (end.storage.ss_family == AF_UNIX) return std::string("unix:") + end.local().sun_path;
    std::string address;
    unsigned short port = 0;
    describe(end, address, port);
    if (end.storage.ss_family == AF_INET6) address = "[" + address + "]";
    return address + ":" + std::to_string(port);
}

Peer peer_of(int fd) {
    Peer peer;
    End here, there;
    if (::getpeername(fd, there.any(), &there.size) == 0) describe(there, peer.address, peer.port);
    if (::getsockname(fd, here.any(), &here.size) == 0) describe(here, peer.local_address, peer.local_port);
    if (here.storage.ss_family == AF_UNIX) {
        ucred who{};
        socklen_t size = sizeof who;
        if (::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &size) == 0) peer.uid = who.uid;
    }
    return peer;
}

} // namespace pillarbox::runtime
