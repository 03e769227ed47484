// A small blocking client for line protocols; the demo speaks SMTP and IMAP to its own server with it.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace pillarbox::appliance {

/// One connection. Everything that goes wrong is a Refusal that says with whom and when.
class LineClient {
public:
    /// @param address  numeric ADDRESS:PORT, or [V6]:PORT
    LineClient(const std::string& name, const std::string& address, std::chrono::seconds patience);
    ~LineClient();
    LineClient(const LineClient&) = delete;
    LineClient& operator=(const LineClient&) = delete;

    void send(const std::string& octets);
    /// The next line, without its CRLF.
    std::string line();
    std::string exactly(std::size_t octets);

    /// SMTP: the last line of the reply. Throws Refusal when its code does not begin with that digit.
    std::string expect_reply(char digit);
    std::string command(const std::string& text, char digit);
    /// IMAP: sends the command under that tag and takes everything up to its tagged answer, which must be OK; literals
    /// are read to their end.
    std::string tagged(const std::string& tag, const std::string& text);

private:
    void fill();
    [[noreturn]] void fail(const std::string& what) const;
    std::string name_, buffer_;
    int fd_ = -1;
};

} // namespace pillarbox::appliance
