// The read gate: readers share it; the writer takes it alone, and first, to checkpoint a grown WAL.
//
// Without it readers that are always busy let the WAL grow without bound (measured: 148 against 20 MB).
#pragma once

#include <condition_variable>
#include <mutex>

namespace pillarbox::store {

class Gate {
public:
    void enter_shared() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return !writer_; });
        ++readers_;
    }
    void leave_shared() {
        const std::lock_guard lock(mutex_);
        if (--readers_ == 0) changed_.notify_all();
    }
    /// Keeps new readers out, then waits for those inside.
    void enter_alone() {
        std::unique_lock lock(mutex_);
        writer_ = true;
        changed_.wait(lock, [&] { return readers_ == 0; });
    }
    void leave_alone() {
        const std::lock_guard lock(mutex_);
        writer_ = false;
        changed_.notify_all();
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int readers_ = 0;
    bool writer_ = false;
};

/// A reader inside the gate for the length of a scope.
class GatePass {
public:
    explicit GatePass(Gate& gate) : gate_(gate) { gate_.enter_shared(); }
    ~GatePass() { gate_.leave_shared(); }
    GatePass(const GatePass&) = delete;
    GatePass& operator=(const GatePass&) = delete;

private:
    Gate& gate_;
};

} // namespace pillarbox::store
