// What the rooms of Store share: its parts, and changes of site.db as refusals. For store_*.cpp only.
#pragma once

#include "appliance/runtime/log.h"
#include "store/credentials.h"
#include "store/db.h"
#include "store/lock.h"
#include "store/site_writer.h"
#include "store/space.h"
#include "store/store.h"
#include "store/volume.h"

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <type_traits>

namespace pillarbox::store {

/// The folder of the one volume there is so far, inside the data folder.
std::string volume_folder(const std::string& data_folder);
/// Makes a volume's folder and mail.db with that birth number: all of it or nothing, also when cut short.
void create_volume(const std::string& data_folder, std::int64_t birth);

struct Store::Impl {
    Impl(const StoreSettings& wanted, runtime::Pool& worker_pool);

    // In the order of opening; closed the other way round.
    const StoreSettings settings;
    runtime::Pool& pool;
    FolderLock lock;
    SiteWriter site;
    std::optional<Credentials> credentials;
    std::optional<Volume> volume;
    std::optional<Space> space;

    mutable std::mutex mutex;
    std::shared_ptr<const Directory> directory; // an immutable picture, shared with whoever looks at it
    std::int64_t boot = 0;
    std::atomic<std::uint64_t> transactions{0}, accepted{0};

    std::shared_ptr<const Directory> who() const;
    /// On the site's thread, after a change: takes a new picture.
    void publish(Site& picture);
    /// Whether the volume takes that many octets now: no_space, unavailable.
    Result<Done> room(std::uint64_t octets);
    std::string trouble(const Space::Look& look) const;
    void open_volume();
    void finish_accounts();
    void finish_creation(AccountId account);
    void finish_deletion(AccountId account);

    /// Runs f(Site&) -> Result<T> on the site's thread; what the database fails at becomes a refusal.
    template <class F>
    runtime::Task<std::invoke_result_t<F&, Site&>> change(F f) {
        StoreError error = StoreError::unavailable;
        std::string reason;
        try {
            auto result = co_await site.run(std::move(f));
            co_return result;
        } catch (const DbError& e) {
            if (e.full()) error = StoreError::no_space;
            reason = e.what();
        } catch (const StoreFailure& e) {
            reason = e.what();
        }
        runtime::log(runtime::LogLevel::failure, "store", "", "site.db not changed", {{"reason", reason}});
        co_return refused(error);
    }
};

} // namespace pillarbox::store
