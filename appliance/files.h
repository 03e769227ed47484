// Small files of the data folder.
#pragma once

#include <cstddef>
#include <string>

namespace pillarbox::appliance {

/// A whole file, at most that many octets. Throws Refusal naming the file and the reason.
std::string read_whole(const std::string& file, std::size_t most);

/// Makes a file that is not there yet, mode 0600, and syncs it. Throws Refusal.
void write_new(const std::string& file, const std::string& text);

/// DIR/pillarbox.pid for as long as it lives: written anew, removed at the end.
class PidFile {
public:
    explicit PidFile(std::string file);
    ~PidFile();
    PidFile(const PidFile&) = delete;
    PidFile& operator=(const PidFile&) = delete;

private:
    std::string file_;
};

} // namespace pillarbox::appliance
