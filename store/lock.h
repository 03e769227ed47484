// The store's lock: one process at a time, of the user that owns the data, on a local file system.
#pragma once

#include <string>

namespace pillarbox::store {

/// Throws StoreFailure when the folder is not there, belongs to another user than this process's (root included: what
/// root wrote there the owner could not read, DESIGN 5.7), or lies on a network file system.
void check_data_folder(const std::string& folder);

/// The name of a network file system by the f_type of statfs(2); nullptr for others. SQLite's WAL needs memory shared
/// by all that open the file, which NFS and CIFS do not give.
const char* network_file_system(unsigned long f_type) noexcept;

/// Holds DIR/lock for its life; the file names the holder's pid and stays when it is given up.
class FolderLock {
public:
    /// Throws StoreFailure, which names the pid, when another process holds it.
    explicit FolderLock(const std::string& folder);
    ~FolderLock();
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;

private:
    int fd_ = -1;
};

} // namespace pillarbox::store
