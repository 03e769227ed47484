// The log: lines are put together by whoever speaks and written by one thread behind a bounded queue.
#include "appliance/runtime/log.h"

#include "appliance/runtime/clock.h"
#include "appliance/runtime/log_format.h"
#include "appliance/runtime/threads.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <cstdlib>
#include <deque>
#include <fcntl.h>
#include <mutex>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace pillarbox::runtime {

namespace {

constexpr std::size_t queue_octets = 4 * 1024 * 1024; // what a stuck disk may cost; then lines are counted, not kept
constexpr std::size_t ring_lines = 100;

class Log {
public:
    /// Never destroyed: others speak until the very end. What is queued then is written by flush() at exit.
    static Log& get() {
        static Log* const log = new Log;
        return *log;
    }

    void configure(const LogSettings& settings) {
        int fd = STDERR_FILENO;
        if (settings.file != "-") {
            fd = ::open(settings.file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
            if (fd < 0) throw std::runtime_error(settings.file + ": " + std::generic_category().message(errno));
        }
        flush();
        const std::lock_guard lock(mutex_);
        if (fd_ != STDERR_FILENO) ::close(fd_);
        fd_ = fd;
        level_.store(settings.level, std::memory_order_relaxed);
        json_.store(settings.json, std::memory_order_relaxed);
    }

    LogLevel level() const noexcept { return level_.load(std::memory_order_relaxed); }
    bool json() const noexcept { return json_.load(std::memory_order_relaxed); }

    void write(std::string line) {
        const std::lock_guard lock(mutex_);
        if (queue_.size() + line.size() > queue_octets) {
            ++dropped_;
            return;
        }
        if (queue_.empty()) wake_.notify_one();
        queue_ += line;
    }

    void remember(std::string line) {
        const std::lock_guard lock(mutex_);
        if (ring_.size() == ring_lines) ring_.pop_front();
        ring_.push_back(std::move(line));
    }

    std::string remembered(std::size_t count) {
        const std::lock_guard lock(mutex_);
        std::string lines;
        const std::size_t skip = ring_.size() - std::min(count, ring_.size());
        for (std::size_t i = skip; i < ring_.size(); ++i) lines += ring_[i];
        return lines;
    }

    void flush() {
        std::unique_lock lock(mutex_);
        written_.wait(lock, [this] { return queue_.empty() && !writing_; });
    }

private:
    Log() {
        std::thread([this] {
            block_all_signals();
            run();
        }).detach();
        std::atexit(flush_log);
    }

    [[noreturn]] void run() {
        std::unique_lock lock(mutex_);
        for (;;) {
            wake_.wait(lock, [this] { return !queue_.empty(); });
            std::string lines = std::exchange(queue_, {});
            if (const auto dropped = std::exchange(dropped_, 0)) {
                lines +=
                    format_log(json(), LogLevel::failure, "server", "", "log lines were dropped", {{"count", dropped}});
            }
            writing_ = true;
            const int fd = fd_;
            lock.unlock();
            write_all(fd, lines);
            lock.lock();
            writing_ = false;
            written_.notify_all();
        }
    }

    /// A log that cannot be written (disk full, closed pipe) is no reason to stop: the lines are lost.
    static void write_all(int fd, std::string_view lines) {
        while (!lines.empty()) {
            const ssize_t sent = ::write(fd, lines.data(), lines.size());
            if (sent < 0 && errno == EINTR) continue;
            if (sent <= 0) return;
            lines.remove_prefix(static_cast<std::size_t>(sent));
        }
    }

    std::atomic<LogLevel> level_{LogLevel::major};
    std::atomic<bool> json_{false};
    std::mutex mutex_; // guards what follows
    std::condition_variable wake_, written_;
    std::string queue_;
    std::deque<std::string> ring_;
    std::size_t dropped_ = 0;
    bool writing_ = false;
    int fd_ = STDERR_FILENO;
};

} // namespace

void configure_log(const LogSettings& settings) { Log::get().configure(settings); }

LogLevel log_level() noexcept { return Log::get().level(); }

void log(LogLevel level, std::string_view area, std::string_view session, std::string_view event,
         std::initializer_list<LogField> fields) {
    Log& log = Log::get();
    const bool remember = level == LogLevel::failure || level == LogLevel::problem;
    const bool write = level <= log.level();
    if (!remember && !write) return;
    std::string text;
    if (remember || !log.json()) text = format_log(false, level, area, session, event, fields);
    if (remember) log.remember(text);
    if (!write) return;
    log.write(log.json() ? format_log(true, level, area, session, event, fields) : std::move(text));
}

void flush_log() { Log::get().flush(); }

std::string recent_problems(std::size_t count) { return Log::get().remembered(count); }

} // namespace pillarbox::runtime
