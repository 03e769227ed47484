// A small blocking client for line protocols.
#include "appliance/line_client.h"

#include "appliance/refusal.h"

#include <Poco/Net/SocketAddress.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace pillarbox::appliance {

namespace {

constexpr std::size_t longest = 1 << 20; // octets of a line or literal: our own server sends less

/// The size a line's literal announces at its end, as in "{123}"; 0: none.
std::size_t literal_size(const std::string& line) {
    const auto open = line.rfind('{');
    if (line.empty() || line.back() != '}' || open == std::string::npos) return 0;
    std::size_t size = 0;
    std::from_chars(line.data() + open + 1, line.data() + line.size() - 1, size);
    return size;
}

} // namespace

LineClient::LineClient(const std::string& name, const std::string& address, std::chrono::seconds patience)
    : name_(name) {
    const Poco::Net::SocketAddress peer(address); // numeric: nothing is looked up
    fd_ = socket(peer.af(), SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd_ < 0) fail(std::strerror(errno));
    const timeval limit{patience.count(), 0};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    if (connect(fd_, peer.addr(), peer.length()) != 0) {
        const std::string reason = std::strerror(errno);
        close(fd_);
        fail("no connection to " + address + ": " + reason);
    }
}

LineClient::~LineClient() { close(fd_); }

void LineClient::fail(const std::string& what) const { throw Refusal(name_ + ": " + what); }

void LineClient::send(const std::string& octets) {
    for (std::size_t sent = 0; sent < octets.size();) {
        const ssize_t n = ::send(fd_, octets.data() + sent, octets.size() - sent, MSG_NOSIGNAL);
        if (n < 0) fail(std::strerror(errno));
        sent += static_cast<std::size_t>(n);
    }
}

void LineClient::fill() {
    std::array<char, 8192> piece{};
    const ssize_t n = recv(fd_, piece.data(), piece.size(), 0);
    if (n < 0) fail(errno == EAGAIN ? "no answer in time" : std::strerror(errno));
    if (n == 0) fail("the connection was closed");
    buffer_.append(piece.data(), static_cast<std::size_t>(n));
}

std::string LineClient::line() {
    std::size_t end = 0;
    while ((end = buffer_.find("\r\n")) == std::string::npos) {
        if (buffer_.size() > longest) fail("a line without end");
        fill();
    }
    std::string text = buffer_.substr(0, end);
    buffer_.erase(0, end + 2);
    return text;
}

std::string LineClient::exactly(std::size_t octets) {
    if (octets > longest) fail("a literal too large");
    while (buffer_.size() < octets) fill();
    std::string text = buffer_.substr(0, octets);
    buffer_.erase(0, octets);
    return text;
}

std::string LineClient::expect_reply(char digit) {
    std::string text = line();
    while (text.size() > 3 && text[3] == '-') text = line(); // RFC 5321 4.2.1
    if (text.empty() || text.front() != digit) fail("answered " + text);
    return text;
}

std::string LineClient::command(const std::string& text, char digit) {
    send(text + "\r\n");
    return expect_reply(digit);
}

std::string LineClient::tagged(const std::string& tag, const std::string& text) {
    send(tag + " " + text + "\r\n");
    std::string answer;
    for (;;) {
        const std::string next = line();
        if (next.compare(0, tag.size() + 1, tag + " ") == 0) {
            if (next.compare(tag.size() + 1, 2, "OK") != 0) fail("answered " + next.substr(tag.size() + 1));
            return answer;
        }
        answer += next + "\r\n";
        answer += exactly(literal_size(next));
    }
}

} // namespace pillarbox::appliance
