// A real store in a folder of its own, with a pool and a loop, for tests of everything above it.
#pragma once

#include "appliance/runtime/loop.h"
#include "appliance/runtime/pool.h"
#include "store/store.h"
#include "tests/store/temp_folder.h"

#include <chrono>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace pillarbox::store {

class TestStore {
public:
    TestStore() : TestStore(StoreSettings{}) {}
    /// Folder, floor and iterations are set here: small, so that tests are quick.
    explicit TestStore(StoreSettings settings) : settings_(std::move(settings)) {
        settings_.folder = folder_ / "data";
        settings_.iterations = 64;
        if (settings_.floor_octets == 0) settings_.floor_octets = 1 << 20;
        Store::create(settings_.folder, "example.org");
        open();
    }

    Store& store() { return *store_; }
    runtime::Loop& loop() { return loop_; }
    const std::string& folder() const { return settings_.folder; }
    StoreSettings& settings() { return settings_; }
    void close() { store_.reset(); }
    void open() {
        close();
        store_.emplace(settings_, pool_);
    }

    /// Runs a task on the loop to its end; throws what it threw.
    template <class T>
    T run(runtime::Task<T> task) {
        std::optional<T> value;
        std::exception_ptr error;
        loop_.spawn(into(std::move(task), value, error));
        while (!value && !error) loop_.run_once(std::chrono::milliseconds(100));
        if (error) std::rethrow_exception(error);
        return std::move(*value);
    }
    /// An account with the password "secret".
    Account enroll(const std::string& name, std::optional<Limits> limits = {}) {
        auto account = run(store_->enroll(name, "secret", limits));
        if (!account) throw std::runtime_error("enroll: " + std::string(to_string(account.error())));
        return std::move(*account);
    }
    /// A message of those octets, ready to be accepted or appended.
    Incoming message(const Account& account, std::string_view octets) {
        Incoming incoming = store_->incoming(account);
        incoming.feed(octets);
        const auto finished = run(incoming.finish());
        if (!finished) throw std::runtime_error("finish: " + std::string(to_string(finished.error())));
        return incoming;
    }

private:
    template <class T>
    static runtime::Task<void> into(runtime::Task<T> task, std::optional<T>& value, std::exception_ptr& error) {
        try {
            auto result = co_await task;
            value.emplace(std::move(result));
        } catch (...) {
            error = std::current_exception();
        }
    }
    TempFolder folder_;
    StoreSettings settings_;
    runtime::Pool pool_{2};
    runtime::Loop loop_;
    std::optional<Store> store_;
};

} // namespace pillarbox::store
