// The store's lock: one holder, the right user, a local disk.
#include "store/lock.h"

#include "store/failure.h"
#include "tests/store/temp_folder.h"

#include <doctest/doctest.h>
#include <fstream>
#include <optional>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace pillarbox::store;

namespace {

/// The words of the StoreFailure that f throws; "" when it throws none.
template <class F>
std::string failure(F f) {
    try {
        f();
    } catch (const StoreFailure& e) {
        return e.what();
    }
    return "";
}

bool says(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

} // namespace

TEST_CASE("store FolderLock: a second holder is told who is the first") {
    const TempFolder folder;
    std::optional<FolderLock> first(folder.path());
    const std::string said = failure([&] { const FolderLock second(folder.path()); });
    CHECK(says(said, "in use by process " + std::to_string(getpid())));
    CHECK(says(said, folder.path()));
    first.reset();
    CHECK(failure([&] { const FolderLock again(folder.path()); }).empty());
    struct stat status {};
    REQUIRE(stat((folder / "lock").c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
}

TEST_CASE("store FolderLock: a killed holder leaves no lock behind, a forked child holds none") {
    const TempFolder folder;
    const pid_t child = fork();
    if (child == 0) {
        const FolderLock held(folder.path());
        raise(SIGKILL);
    }
    REQUIRE(waitpid(child, nullptr, 0) == child);
    std::optional<FolderLock> held(folder.path());

    int pipe_ends[2];
    REQUIRE(pipe(pipe_ends) == 0);
    const pid_t heir = fork(); // inherits the descriptor and lives on until the pipe closes
    if (heir == 0) {
        close(pipe_ends[1]);
        char octet = 0;
        _exit(read(pipe_ends[0], &octet, 1) == 0 ? 0 : 1);
    }
    held.reset();
    CHECK(failure([&] { const FolderLock again(folder.path()); }).empty());
    close(pipe_ends[1]);
    close(pipe_ends[0]);
    int status = 1;
    REQUIRE(waitpid(heir, &status, 0) == heir);
    CHECK(status == 0);
}

TEST_CASE("store FolderLock: a longer pid of before is wiped out") {
    const TempFolder folder;
    std::ofstream(folder / "lock") << "99999999999\n";
    const FolderLock held(folder.path());
    CHECK(says(failure([&] { const FolderLock second(folder.path()); }), "process " + std::to_string(getpid()) + ":"));
}

TEST_CASE("store check_data_folder: what is not there or no folder is refused by name") {
    const TempFolder folder;
    CHECK(failure([&] { check_data_folder(folder.path()); }).empty());
    CHECK(says(failure([&] { check_data_folder(folder / "no"); }), "No such file"));
    std::ofstream(folder / "file") << "x";
    CHECK(says(failure([&] { check_data_folder(folder / "file"); }), "not a folder"));
}

TEST_CASE("store check_data_folder: data of another user is refused, for root too" * doctest::skip(geteuid() != 0)) {
    const TempFolder folder;
    REQUIRE(chown(folder.path().c_str(), 12345, 12345) == 0);
    const std::string said = failure([&] { check_data_folder(folder.path()); });
    CHECK(says(said, "belongs to uid 12345, but this process runs as uid 0"));
    CHECK(says(said, "--reuid 12345"));
    REQUIRE(chown(folder.path().c_str(), 0, 0) == 0);
    std::ofstream(folder / "site.db") << "x";
    REQUIRE(chown((folder / "site.db").c_str(), 12345, 12345) == 0);
    CHECK(says(failure([&] { check_data_folder(folder.path()); }), "site.db belongs to uid 12345"));
}

TEST_CASE("store network_file_system: NFS and CIFS are known, local disks are not") {
    CHECK(network_file_system(0x6969) == std::string("NFS"));
    CHECK(network_file_system(0xff534d42) == std::string("CIFS"));
    CHECK(network_file_system(static_cast<unsigned long>(static_cast<int>(0xff534d42))) == std::string("CIFS"));
    CHECK(network_file_system(0xfe534d42) == std::string("CIFS"));
    CHECK(network_file_system(0xef53) == nullptr);     // ext4
    CHECK(network_file_system(0x01021994) == nullptr); // tmpfs
    CHECK(network_file_system(0x9123683e) == nullptr); // btrfs
}
