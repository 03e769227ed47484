// The command's end of the admin socket: connects, sends its line, waits for the answer.
#include "appliance/admin.h"
#include "appliance/refusal.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

namespace pillarbox::appliance {

namespace {

/// A blocking connection that closes itself.
class Connection {
public:
    Connection() : fd_(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        if (fd_ < 0) throw Refusal(std::string("no socket: ") + std::strerror(errno));
        const timeval limit{60, 0}; // deleting a large account takes its time
        setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    }
    ~Connection() { close(fd_); }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// False: nobody listens there.
    bool connect(const std::string& path) const {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path.copy(address.sun_path, path.size());
        if (::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return true;
        if (errno == ENOENT || errno == ECONNREFUSED) return false;
        throw Refusal(path + ": " + std::strerror(errno));
    }
    void send_line(const std::string& line) const {
        const std::string octets = line + "\r\n";
        for (std::size_t sent = 0; sent < octets.size();) {
            const ssize_t n = send(fd_, octets.data() + sent, octets.size() - sent, MSG_NOSIGNAL);
            if (n < 0) throw Refusal(std::string("the server does not listen: ") + std::strerror(errno));
            sent += static_cast<std::size_t>(n);
        }
    }
    std::string read_line() const {
        std::string line;
        std::array<char, 4096> piece{};
        while (line.find('\n') == std::string::npos && line.size() <= admin_line_limit) {
            const ssize_t n = recv(fd_, piece.data(), piece.size(), 0);
            if (n < 0) throw Refusal(std::string("the server does not answer: ") + std::strerror(errno));
            if (n == 0) throw Refusal("the server broke off before it answered: see its log");
            line.append(piece.data(), static_cast<std::size_t>(n));
        }
        return line.substr(0, line.find_first_of("\r\n"));
    }

private:
    int fd_;
};

} // namespace

std::string reachable_admin_socket(const std::string& data) {
    const std::string name = "admin.sock";
    const std::string path = data + "/" + name;
    if (path.size() < sizeof(sockaddr_un::sun_path)) return path;
    if (chdir(data.c_str()) != 0) throw Refusal(data + ": " + std::strerror(errno));
    return name;
}

std::optional<AdminReply> ask_server(const std::string& data, const AdminRequest& request) {
    const Connection connection;
    if (!connection.connect(reachable_admin_socket(data))) return std::nullopt;
    connection.send_line(encode(request));
    auto reply = decode_reply(connection.read_line());
    if (!reply) throw Refusal("the server's answer is none: is it of another version?");
    return reply;
}

} // namespace pillarbox::appliance
