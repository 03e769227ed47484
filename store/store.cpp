// The mailstore (see store.h): making, opening, closing; room, status and transaction ids.
#include "store/store.h"

#include "store/names.h"
#include "store/store_impl.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

namespace pillarbox::store {

namespace fs = std::filesystem;

namespace {

std::string site_file(const std::string& folder) { return folder + "/site.db"; }

/// Makes names created or changed in a folder durable.
void sync_folder(const std::string& folder) {
    const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool good = fd >= 0 && fsync(fd) == 0;
    const int error = errno;
    if (fd >= 0) close(fd);
    if (!good) throw StoreFailure(folder + ": " + std::strerror(error));
}

void make_folder(const std::string& folder) {
    if (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) throw StoreFailure(folder + ": " + std::strerror(errno));
    check_data_folder(folder);
    // It may have been there for the configuration; from now on it holds mail.
    if (chmod(folder.c_str(), 0700) != 0) throw StoreFailure(folder + ": " + std::strerror(errno));
}

/// Runs f and tells an administrator what the database or the file system said.
template <class F>
auto opening(const std::string& folder, F f) {
    try {
        return f();
    } catch (const DbError& e) {
        throw StoreFailure(folder + ": the database cannot be opened: " + e.what());
    } catch (const SchemaTooNew& e) {
        throw StoreFailure(e.what());
    } catch (const fs::filesystem_error& e) {
        throw StoreFailure(folder + ": " + e.what());
    }
}

} // namespace

std::string volume_folder(const std::string& data_folder) { return data_folder + "/volume-1"; }

void create_volume(const std::string& data_folder, std::int64_t birth) {
    const std::string unfinished = volume_folder(data_folder) + ".new";
    fs::remove_all(unfinished);
    Volume::create(unfinished, birth);
    fs::permissions(unfinished + "/body", fs::perms::owner_all);
    fs::permissions(unfinished + "/mail.db", fs::perms::owner_read | fs::perms::owner_write);
    sync_folder(unfinished);
    fs::rename(unfinished, volume_folder(data_folder));
    sync_folder(data_folder);
}

void Store::create(const std::string& folder, const std::string& domain) {
    const auto plain = domain_name(domain);
    if (!plain) throw StoreFailure("'" + domain + "' is not a domain name");
    make_folder(folder);
    const FolderLock lock(folder);
    opening(folder, [&] {
        Site::create(site_file(folder), *plain);
        Site site(site_file(folder));
        create_volume(folder, site.next_birth());
    });
}

namespace {

/// Checks and locks before anything is opened; hands the settings through.
const StoreSettings& checked(const StoreSettings& settings) {
    check_data_folder(settings.folder);
    if (!fs::exists(site_file(settings.folder)))
        throw StoreFailure(settings.folder + " holds no site: make one with 'pillarbox init'");
    return settings;
}

} // namespace

Store::Impl::Impl(const StoreSettings& wanted, runtime::Pool& worker_pool)
    : settings(checked(wanted)), pool(worker_pool), lock(settings.folder), site(site_file(settings.folder)) {
    site.run_here([this](Site& opened) {
        credentials.emplace(opened.secret(), settings.iterations);
        credentials->replace(opened.secrets());
        boot = opened.next_boot();
        publish(opened);
    });
    open_volume();
    space.emplace(volume->folder(), settings.floor_octets, pool);
    finish_accounts();
}

void Store::Impl::open_volume() {
    const auto people = who();
    for (const Account& account : people->accounts)
        if (account.volume != VolumeId{1})
            throw StoreFailure("account " + account.name + " lives on volume " + std::to_string(account.volume.value) +
                               ", which this version does not know");
    if (!fs::exists(volume_folder(settings.folder) + "/mail.db")) {
        const bool was_used = std::any_of(people->accounts.begin(), people->accounts.end(), [](const Account& account) {
            return account.state != AccountState::creating;
        });
        if (was_used)
            throw StoreFailure(volume_folder(settings.folder) + "/mail.db is missing: restore it from a backup");
        const auto birth = site.run_here([](Site& opened) { return opened.next_birth(); });
        create_volume(settings.folder, birth); // init was cut short
    }
    VolumeSettings how;
    how.undelete_seconds = settings.undelete_days * 86'400;
    volume.emplace(volume_folder(settings.folder), VolumeId{1}, pool, how);
}

Store::Store(const StoreSettings& settings, runtime::Pool& pool)
    : impl_(opening(settings.folder, [&] { return std::make_unique<Impl>(settings, pool); })) {}

Store::~Store() = default;

std::shared_ptr<const Directory> Store::Impl::who() const {
    const std::lock_guard guard(mutex);
    return directory;
}

void Store::Impl::publish(Site& picture) {
    auto fresh = std::make_shared<const Directory>(picture.directory());
    const std::lock_guard guard(mutex);
    directory = std::move(fresh);
}

std::shared_ptr<const Directory> Store::directory() const { return impl_->who(); }

Result<Done> Store::Impl::room(std::uint64_t octets) {
    if (!volume->open()) return refused(StoreError::unavailable);
    if (!space->look().takes(octets)) return refused(StoreError::no_space);
    return Done{};
}

std::string Store::new_transaction_id() {
    // Digits without i, l, o and u: these ids are read out on the telephone.
    constexpr char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";
    const auto append = [&](std::string& text, std::uint64_t number) {
        const auto start = text.size();
        do {
            text.insert(text.begin() + static_cast<std::ptrdiff_t>(start), digits[number % 32]);
            number /= 32;
        } while (number > 0);
    };
    std::string id;
    append(id, static_cast<std::uint64_t>(impl_->boot));
    id.push_back('-');
    append(id, impl_->transactions.fetch_add(1, std::memory_order_relaxed));
    return id;
}

Volume& Store::volume_of(AccountId) { return *impl_->volume; }
Spool& Store::spool() { return impl_->volume->spool(); }

/// What an administrator must look at first; "" when all is well.
std::string Store::Impl::trouble(const Space::Look& look) const {
    if (auto said = volume->trouble(); !said.empty()) return said;
    if (!volume->open()) return "volume 1 is closed after a failure: see the log";
    if (auto said = site.trouble(); !said.empty()) return said;
    if (look.takes(0)) return "";
    return "the disk is nearly full: " + std::to_string(look.free >> 20) + " MiB left for mail, " +
           std::to_string(look.floor >> 20) + " MiB are kept free";
}

StoreStatus Store::status() const {
    const auto people = directory();
    const auto look = impl_->space->look();
    const auto& figures = impl_->volume->figures();
    StoreStatus status;
    status.accounts = static_cast<std::size_t>(
        std::count_if(people->accounts.begin(), people->accounts.end(),
                      [](const Account& account) { return account.state == AccountState::active; }));
    status.free_octets = look.free;
    status.floor_octets = look.floor;
    status.accepting = static_cast<bool>(impl_->room(0));
    status.trouble = impl_->trouble(look);
    status.spool_length = impl_->volume->spool().length();
    status.accepted = impl_->accepted.load(std::memory_order_relaxed);
    status.delivered = impl_->volume->spool().delivered();
    status.commits = figures.commits.load(std::memory_order_relaxed);
    status.last_commit_ms = static_cast<double>(figures.last_commit_us.load(std::memory_order_relaxed)) / 1000;
    return status;
}

} // namespace pillarbox::store
