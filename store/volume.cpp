// A volume (see volume.h): wires writer, readers, hub, spool and collector.
#include "store/volume.h"

#include "appliance/runtime/log.h"
#include "store/body_folder.h"
#include "store/db.h"
#include "store/failure.h"
#include "store/hub.h"
#include "store/job_collect.h"
#include "store/mail_schema.h"
#include "store/spool.h"
#include "store/table_account.h"
#include "store/table_mailbox.h"
#include "store/table_message.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <mutex>
#include <unordered_map>

namespace pillarbox::store {
namespace {

constexpr int failures_per_hour = 3; // then the volume stays closed (DESIGN 5.2)

std::int64_t next_boot(Db& db) {
    Transaction transaction(db);
    const auto boot = meta_table::get(db, "boot").value_or(0) + 1;
    meta_table::set(db, "boot", boot);
    transaction.commit();
    return boot;
}

} // namespace

struct Volume::Impl final : WriterObserver {
    Impl(Volume& owner, std::string path, VolumeId number, const VolumeSettings& wanted)
        : volume(owner), folder(std::move(path)), id(number), settings(wanted) {}

    Volume& volume;
    std::string folder;
    VolumeId id;
    VolumeSettings settings;
    Gate gate;
    Hub hub;
    std::unique_ptr<BodyFolder> bodies;
    std::unique_ptr<Collector> collector;
    std::unique_ptr<Spool> spool;
    std::unique_ptr<Writer> writer;

    mutable std::mutex mutex; // of what follows
    std::vector<std::unique_ptr<Db>> readers;
    std::unordered_map<AccountId, Usage> usages;
    std::vector<std::chrono::steady_clock::time_point> failures;
    std::string trouble;
    int generation = 0; // of reader connections: those from before a failure are not used again

    std::string database() const { return folder + "/mail.db"; }
    void recover();
    void load_usages(Db& db);

    void committed(Writing& writing) override;
    bool housekeep(Writing& writing) override;
    void housekept() override { collector->committed(); }
    bool failed(const std::string& reason) override;
};

void Volume::create(const std::string& folder, std::int64_t birth) {
    namespace fs = std::filesystem;
    fs::create_directories(folder + "/body");
    fs::permissions(folder, fs::perms::owner_all);
    const std::string file = folder + "/mail.db";
    if (fs::exists(file)) throw StoreFailure(file + " exists already");
    Db db(file, DbOptions{.read_only = false, .create = true, .cache_kib = 1024, .shred = false});
    migrate_mail_db(db, file.c_str());
    Transaction transaction(db);
    meta_table::set(db, "birth", birth);
    transaction.commit();
}

Volume::Volume(std::string folder, VolumeId id, runtime::Pool& pool, const VolumeSettings& settings)
    : pool_(pool), impl_(std::make_unique<Impl>(*this, std::move(folder), id, settings)) {
    impl_->recover();
}

/// Opens: migrates, counts the boot, sweeps what it left unfinished, loads counters and the spool.
void Volume::Impl::recover() {
    Db db(database(), DbOptions{.read_only = false, .create = false, .cache_kib = 1024, .shred = false});
    migrate_mail_db(db, database().c_str());
    bodies = std::make_unique<BodyFolder>(folder + "/body", next_boot(db));
    bodies->sweep([&db](const std::string& name) { return message_table::names_file(db, name); });
    load_usages(db);
    if (settings.shred) settings.undelete_seconds = 0;
    collector = std::make_unique<Collector>(*bodies, settings.undelete_seconds);
    const auto birth = meta_table::get(db, "birth").value_or(0);
    spool = std::make_unique<Spool>(volume);
    spool->load(db);
    writer = std::make_unique<Writer>(database(), birth, gate, *this, settings.shred);
}

Volume::~Volume() {
    impl_->spool->stop();
    impl_->writer.reset(); // runs what is queued, then closes
    impl_->readers.clear();
}

VolumeId Volume::id() const noexcept { return impl_->id; }
const std::string& Volume::folder() const noexcept { return impl_->folder; }
Hub& Volume::hub() noexcept { return impl_->hub; }
Spool& Volume::spool() noexcept { return *impl_->spool; }
BodyFolder& Volume::bodies() noexcept { return *impl_->bodies; }
std::int64_t Volume::undelete_seconds() const noexcept { return impl_->settings.undelete_seconds; }
void Volume::submit(QueuedJob& job) { impl_->writer->submit(job); }
void Volume::expect(int change) noexcept { impl_->writer->expect(change); }
bool Volume::open() const noexcept { return impl_->writer->open(); }
const WriterFigures& Volume::figures() const noexcept { return impl_->writer->figures(); }

void Volume::Impl::load_usages(Db& db) {
    for (const AccountRow& row : account_table::all(db)) usages[row.id] = Usage{row.octets, row.messages, row.reserved};
}

std::optional<Usage> Volume::usage(AccountId account) const {
    const std::lock_guard lock(impl_->mutex);
    const auto it = impl_->usages.find(account);
    if (it == impl_->usages.end()) return std::nullopt;
    return it->second;
}

std::string Volume::trouble() const {
    const std::lock_guard lock(impl_->mutex);
    return impl_->trouble;
}

void Volume::Impl::committed(Writing& writing) {
    {
        const std::lock_guard lock(mutex);
        for (const AccountRow& row : writing.changed_accounts())
            usages[row.id] = Usage{row.octets, row.messages, row.reserved};
        for (const AccountId gone : writing.removed_accounts()) usages.erase(gone);
    }
    spool->release_due();
    hub.publish(writing.notes(), [&](MailboxId mailbox) { return keyword_table::get(writing.db(), mailbox); });
}

bool Volume::Impl::housekeep(Writing& writing) {
    spool->release_due();
    return collector->slice(writing);
}

bool Volume::Impl::failed(const std::string& reason) {
    const auto now = std::chrono::steady_clock::now();
    const std::lock_guard lock(mutex);
    readers.clear();
    ++generation;
    std::erase_if(failures, [now](auto when) { return now - when > std::chrono::hours(1); });
    failures.push_back(now);
    const bool reopen = failures.size() < failures_per_hour;
    if (!reopen) trouble = "volume " + std::to_string(id.value) + " closed after repeated failures: " + reason;
    return reopen;
}

void Volume::report_failure(const std::string& reason) { impl_->writer->fail(reason); }

/// A connection on loan and its generation.
struct Volume::ReadScope::Held {
    explicit Held(Gate& gate) : pass(gate) {}
    GatePass pass;
    std::unique_ptr<Db> db;
    int generation = 0;
};

Volume::ReadScope::ReadScope(Volume& volume) : volume_(volume), held_(std::make_unique<Held>(volume.impl_->gate)) {
    Impl& impl = *volume_.impl_;
    {
        const std::lock_guard lock(impl.mutex);
        held_->generation = impl.generation;
        if (!impl.readers.empty()) {
            held_->db = std::move(impl.readers.back());
            impl.readers.pop_back();
        }
    }
    if (!held_->db)
        held_->db = std::make_unique<Db>(
            impl.database(), DbOptions{.read_only = true, .create = false, .cache_kib = 1024, .shred = false});
    held_->db->begin();
    snapshot_.emplace(*held_->db, *impl.bodies);
}

Volume::ReadScope::~ReadScope() {
    snapshot_.reset();
    held_->db->rollback(); // a read transaction has nothing to commit
    Impl& impl = *volume_.impl_;
    const std::lock_guard lock(impl.mutex);
    if (held_->generation == impl.generation) impl.readers.push_back(std::move(held_->db));
}

} // namespace pillarbox::store
