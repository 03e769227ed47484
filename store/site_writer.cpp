// The one thread that writes site.db (see site_writer.h).
#include "store/site_writer.h"

#include "appliance/runtime/clock.h"
#include "appliance/runtime/log.h"
#include "appliance/runtime/threads.h"
#include "store/db.h"
#include "store/failure.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

namespace pillarbox::store {

namespace {

constexpr std::size_t failures_an_hour = 3;

} // namespace

struct SiteWriter::Impl {
    explicit Impl(std::string path) : file(std::move(path)), site(std::make_unique<Site>(file)) {}

    std::string file;

    mutable std::mutex mutex; // of what follows
    std::condition_variable arrived;
    std::deque<SiteWork*> queue;
    bool ending = false;
    std::string trouble;

    // of the thread
    std::unique_ptr<Site> site; // nullptr after a failure: nothing is retried on a handle that failed
    std::vector<runtime::Monotonic> failures;
    std::thread thread;

    void run();
    SiteWork* take();
    std::exception_ptr perform(SiteWork& work);
    Site& open_site();
    std::string describe() const;
    void note_failure(const DbError& error);
};

SiteWriter::SiteWriter(std::string file) : impl_(std::make_unique<Impl>(std::move(file))) {
    impl_->thread = std::thread([impl = impl_.get()] { impl->run(); });
}

SiteWriter::~SiteWriter() {
    {
        const std::lock_guard lock(impl_->mutex);
        impl_->ending = true;
    }
    impl_->arrived.notify_one();
    impl_->thread.join();
}

void SiteWriter::submit(SiteWork& work) {
    {
        const std::lock_guard lock(impl_->mutex);
        impl_->queue.push_back(&work);
    }
    impl_->arrived.notify_one();
}

std::string SiteWriter::trouble() const {
    const std::lock_guard lock(impl_->mutex);
    return impl_->trouble;
}

void SiteWriter::Impl::run() {
    runtime::block_all_signals();
    runtime::name_thread("site");
    while (SiteWork* work = take()) {
        auto error = perform(*work);
        work->finish(std::move(error)); // it may be gone now
    }
}

/// The next work, waited for; nullptr when the queue has run dry and the end has come.
SiteWork* SiteWriter::Impl::take() {
    std::unique_lock lock(mutex);
    arrived.wait(lock, [&] { return ending || !queue.empty(); });
    if (queue.empty()) return nullptr;
    SiteWork* work = queue.front();
    queue.pop_front();
    return work;
}

std::exception_ptr SiteWriter::Impl::perform(SiteWork& work) {
    try {
        work.run(open_site());
        return {};
    } catch (const DbError& error) {
        if (error.io()) note_failure(error);
        return std::current_exception();
    } catch (...) {
        return std::current_exception();
    }
}

Site& SiteWriter::Impl::open_site() {
    if (site) return *site;
    const auto now = runtime::clock().monotonic();
    std::erase_if(failures, [&](runtime::Monotonic when) { return now - when > std::chrono::hours(1); });
    if (failures.size() >= failures_an_hour) throw StoreFailure(describe());
    site = std::make_unique<Site>(file);
    const std::lock_guard lock(mutex);
    trouble.clear();
    return *site;
}

std::string SiteWriter::Impl::describe() const {
    return file + " stays closed: its disk failed " + std::to_string(failures.size()) + " times in an hour";
}

void SiteWriter::Impl::note_failure(const DbError& error) {
    site.reset();
    failures.push_back(runtime::clock().monotonic());
    runtime::log(runtime::LogLevel::failure, "store", "", "site.db failed",
                 {{"reason", error.what()}, {"code", error.code()}});
    const std::lock_guard lock(mutex);
    trouble = failures.size() < failures_an_hour ? "" : describe();
}

} // namespace pillarbox::store
