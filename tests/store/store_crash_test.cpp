// Store killed at work: every account whose enrollment was answered is there, whole, and none is left half made.
#include "store/store.h"

#include "store/volume.h"
#include "tests/store/test_store.h"

#include <csignal>
#include <doctest/doctest.h>
#include <set>
#include <sys/wait.h>
#include <unistd.h>

using namespace pillarbox;
using namespace pillarbox::store;

#ifdef __SANITIZE_THREAD__
constexpr bool may_fork = false; // ThreadSanitizer allows no new threads in the child of a threaded process
#else
constexpr bool may_fork = true;
#endif

namespace {

/// In the child: enrolls u0, u1, ... and removes every third again; one octet to the pipe for each answer.
[[noreturn]] void enroll_for_ever(const StoreSettings& settings, int acknowledged) {
    runtime::Pool pool(2);
    runtime::Loop loop;
    Store store(settings, pool);
    const auto work = [](Store& mail, int fd) -> runtime::Task<void> {
        for (int i = 0;; ++i) {
            const std::string name = "u" + std::to_string(i);
            const auto account = co_await mail.enroll(name, "secret", std::nullopt);
            if (!account || write(fd, "e", 1) != 1) _exit(1);
            if (i % 3 != 2) continue;
            const auto removed = co_await mail.remove(name);
            if (!removed || write(fd, "r", 1) != 1) _exit(1);
        }
    };
    loop.spawn(work(store, acknowledged));
    for (;;) loop.run_once(std::chrono::milliseconds(100));
}

/// Reads answers until there are that many, kills the child, and reads what it still answered.
std::string answers_before_kill(pid_t child, int fd, std::size_t count) {
    std::string answers;
    char octet = 0;
    while (answers.size() < count && read(fd, &octet, 1) == 1) answers.push_back(octet);
    kill(child, SIGKILL);
    while (read(fd, &octet, 1) == 1) answers.push_back(octet);
    waitpid(child, nullptr, 0);
    return answers;
}

} // namespace

TEST_CASE("store: killed while it makes and removes accounts, it keeps its answers" * doctest::skip(!may_fork)) {
    for (const std::size_t count : {1u, 4u, 7u, 12u, 20u}) {
        const TempFolder folder;
        StoreSettings settings;
        settings.folder = folder.path();
        settings.floor_octets = 1 << 20;
        settings.iterations = 64;
        Store::create(settings.folder, "example.org");
        int ends[2];
        REQUIRE(pipe(ends) == 0);
        const pid_t child = fork();
        if (child == 0) {
            close(ends[0]);
            enroll_for_ever(settings, ends[1]);
        }
        close(ends[1]);
        const std::string answers = answers_before_kill(child, ends[0], count);
        close(ends[0]);
        REQUIRE(answers.size() >= count);

        std::set<std::string> there;
        int next = 0;
        for (const char answer : answers) {
            if (answer == 'e') there.insert("u" + std::to_string(next++));
            if (answer == 'r') there.erase("u" + std::to_string(next - 1));
        }
        runtime::Pool pool(2);
        Store store(settings, pool);
        const auto directory = store.directory();
        const std::string undecided = "u" + std::to_string(answers.back() == 'e' && next % 3 == 0 ? next - 1 : next);
        for (const Account& account : directory->accounts) {
            CHECK(account.state == AccountState::active);
            const bool expected = there.count(account.name) == 1 || account.name == undecided;
            CHECK_MESSAGE(expected, account.name << " after " << answers);
            const auto boxes = store.volume_of(account.id).read_here([&](Snapshot& snapshot) {
                return snapshot.mailboxes(account.id).size();
            });
            CHECK(boxes == 6);
        }
        for (const std::string& name : there)
            CHECK_MESSAGE((directory->by_name(name) != nullptr || name == undecided), name << " after " << answers);
    }
}
