// Whom the process is: names of a passwd file, owners of folders.
#include "appliance/privileges.h"
#include "appliance/refusal.h"
#include "tests/appliance/folder.h"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace pillarbox::appliance;

namespace {

/// The words f is refused with in a process of its own, as becoming somebody is for good; "" when it is done.
template <class F>
std::string refusal_in_child(F f) {
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    const pid_t child = fork();
    if (child == 0) {
        std::string words;
        try {
            f();
        } catch (const Refusal& refusal) {
            words = refusal.what();
        }
        const ssize_t written = write(ends[1], words.data(), words.size());
        _exit(written == static_cast<ssize_t>(words.size()) ? 0 : 1);
    }
    close(ends[1]);
    std::string words(4096, '\0');
    const ssize_t size = read(ends[0], words.data(), words.size());
    close(ends[0]);
    int status = 1;
    waitpid(child, &status, 0);
    CHECK(status == 0);
    words.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    return words;
}

const Identity stranger{54321, 54322};

} // namespace

TEST_CASE("privileges: users are found in a passwd file, odd lines are skipped") {
    const Folder folder;
    folder.put(
        "passwd",
        "root:x:0:0:root:/root:/bin/sh\n\nmail\nmail:x\nmail:x:abc:8::/:\nmail:x:8:\nmail:*:8:12:Mail:/var/mail:/no\n"
        "mailer:x:9:9::/:\nbig:x:4294967296:1::/:\nlast:x:7:6");
    const std::string file = folder.path + "/passwd";
    CHECK(find_user("mail", file) == Identity{8, 12});
    CHECK(find_user("mailer", file) == Identity{9, 9});
    CHECK(find_user("last", file) == Identity{7, 6});
    CHECK_FALSE(find_user("big", file));
    CHECK_FALSE(find_user("mai", file));
    CHECK_FALSE(find_user("", file));
    CHECK_FALSE(find_user("mail", folder.path + "/none"));
}

TEST_CASE("privileges: a user is a number, a name, or nobody") {
    CHECK(resolve_user({"", true, 7, 8}) == Identity{7, 8});
    CHECK_FALSE(resolve_user({"", false, 0, 0}));
    CHECK_FALSE(resolve_user({"no-such-user-here", false, 0, 0}));
}

TEST_CASE("privileges: a folder that is not there is said with what to do") {
    const Folder folder;
    folder.put("file", "");
    CHECK(owner_of(folder.path).uid == geteuid());
    CHECK(refusal_in_child([&] { owner_of(folder.path + "/none"); }) ==
          "data folder " + folder.path +
              "/none: No such file or directory; `pillarbox init` makes a new site, -d names another folder");
    CHECK(refusal_in_child([&] { owner_of(folder.path + "/file"); }) ==
          "data folder " + folder.path + "/file: is not a folder");
}

TEST_CASE("privileges: root becomes the owner of the data, another user is refused") {
    if (geteuid() != 0) return; // only root can be somebody else
    const Folder folder;
    REQUIRE(chown(folder.path.c_str(), stranger.uid, stranger.gid) == 0);
    CHECK(refusal_in_child([&] {
              adopt_owner(folder.path);
              if (getuid() != stranger.uid || getgid() != stranger.gid || getgroups(0, nullptr) != 1) {
                  throw Refusal("did not become the owner");
              }
              if (setuid(0) == 0) throw Refusal("could go back");
          }) == "");
    CHECK(refusal_in_child([&] {
              become({12345, 12345});
              adopt_owner(folder.path);
          }) ==
          "data folder " + folder.path + " belongs to uid 54321, you are uid 12345: run this as its owner, or as root");
}

TEST_CASE("privileges: the server becomes the user of the settings, if the data is that user's") {
    if (geteuid() != 0) return;
    const Folder folder;
    const User wanted{"", true, stranger.uid, stranger.gid};
    CHECK(refusal_in_child([&] { settle_identity(folder.path, wanted); }) ==
          "data folder " + folder.path + " belongs to uid 0, but [server] user is uid 54321: chown -R 54321:54322 " +
              folder.path + ", or set [server] user to its owner");
    REQUIRE(chown(folder.path.c_str(), stranger.uid, stranger.gid) == 0);
    CHECK(refusal_in_child([&] {
              if (!settle_identity(folder.path, wanted).empty() || geteuid() != stranger.uid) throw Refusal("wrong");
          }) == "");
    CHECK(refusal_in_child([&] { // nobody is named: the folder's owner
              if (!settle_identity(folder.path, {}).empty() || geteuid() != stranger.uid) throw Refusal("wrong");
          }) == "");
}

TEST_CASE("privileges: a server that stays root says so") {
    if (geteuid() != 0) return;
    const Folder folder;
    CHECK(settle_identity(folder.path, {}) == "runs as root: make a user for it and set [server] user");
}
