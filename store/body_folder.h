// Body files of a volume: body/xx/NAME, where NAME is the boot number and a counter, so that names never repeat.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace pillarbox::store {

/// Thread-safe.
class BodyFolder {
public:
    /// @param path  the volume's body/, made when missing
    /// @param boot  number of this opening of the volume
    BodyFolder(std::string path, std::int64_t boot);

    std::string new_name();
    std::string path(std::string_view name) const; // body/xx/NAME
    /// Makes the entries of a new file's folder durable. Throws std::system_error.
    void sync_folder(std::string_view name) const;
    /// True when the file is gone, now or before.
    bool unlink(std::string_view name) const noexcept;
    /// Files that the last boot left unfinished: named by that boot and wanted by no row.
    /// @param wanted  whether a row of the database names the file
    template <class F>
    void sweep(F wanted) const {
        for_each_of_boot(boot_ - 1, [&](const std::string& name) {
            if (!wanted(name)) unlink(name);
        });
    }

private:
    template <class F>
    void for_each_of_boot(std::int64_t boot, F f) const {
        each_name([&](const std::string& name) {
            if (boot_of(name) == boot) f(name);
        });
    }
    static std::int64_t boot_of(const std::string& name);
    void each_name(const std::function<void(const std::string&)>& f) const;
    std::string path_;
    std::int64_t boot_;
    std::atomic<std::uint64_t> counter_{0};
};

/// A file being written: created exclusively, removed again unless kept.
class BodyFile {
public:
    BodyFile(const BodyFolder& folder, std::string name);
    ~BodyFile();
    BodyFile(const BodyFile&) = delete;
    BodyFile& operator=(const BodyFile&) = delete;

    void write(std::string_view octets); // throws std::system_error
    void sync();                         // file and folder are durable; throws std::system_error
    void keep() noexcept { kept_ = true; }
    const std::string& name() const noexcept { return name_; }

private:
    const BodyFolder& folder_;
    std::string name_;
    int fd_ = -1;
    bool kept_ = false;
};

} // namespace pillarbox::store
