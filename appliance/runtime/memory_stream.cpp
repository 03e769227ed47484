// A connection in memory.
#include "appliance/runtime/memory_stream.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <mutex>
#include <optional>

namespace pillarbox::runtime {

namespace {
class MemoryTransport;
}

struct MemoryPeer::Shared : std::enable_shared_from_this<MemoryPeer::Shared> {
    std::mutex mutex; // guards all
    std::string to_session, from_session;
    std::size_t window = std::numeric_limits<std::size_t>::max();
    bool ended = false, closed = false, tls = false;
    std::string sni;
    MemoryTransport* transport = nullptr;      // touched on its loop's thread only, where it comes and goes
    Loop *reader = nullptr, *writer = nullptr; // the loop of one who was told to wait; null when nobody was

    void tell(Loop*& who);
    void wake();
};

namespace {

/// The session's end.
class MemoryTransport final : public Transport {
public:
    explicit MemoryTransport(std::shared_ptr<MemoryPeer::Shared> shared) : shared_(std::move(shared)) {
        const std::lock_guard lock(shared_->mutex);
        shared_->transport = this;
        if (shared_->tls) info_ = TlsInfo{"TLSv1.3", "TLS_AES_256_GCM_SHA384", 256, shared_->sni};
    }
    ~MemoryTransport() override {
        const std::lock_guard lock(shared_->mutex);
        if (shared_->transport != this) return; // spent by an upgrade
        shared_->transport = nullptr;
        shared_->reader = shared_->writer = nullptr;
        shared_->closed = true;
    }

    std::size_t try_read(char* out, std::size_t size) override {
        const std::lock_guard lock(shared_->mutex);
        if (shared_->closed) throw ConnectionLost("closed");
        std::string& input = shared_->to_session;
        size = std::min(size, input.size());
        if (size == 0 && shared_->ended) throw EndOfInput();
        if (size == 0) shared_->reader = Loop::current();
        std::memcpy(out, input.data(), size);
        input.erase(0, size);
        return size;
    }

    std::size_t try_write(const char* data, std::size_t size) override {
        const std::lock_guard lock(shared_->mutex);
        if (shared_->closed) throw ConnectionLost("closed");
        std::string& output = shared_->from_session;
        size = std::min(size, shared_->window - std::min(shared_->window, output.size()));
        if (size == 0) shared_->writer = Loop::current();
        output.append(data, size);
        return size;
    }

    Wait& readable() override { return readable_; }
    Wait& writable() override { return writable_; }

    void close() noexcept override {
        const std::lock_guard lock(shared_->mutex);
        shared_->closed = true;
    }

    const TlsInfo* tls() const noexcept override { return info_ ? &*info_ : nullptr; }

    std::string exporter(std::string_view label, std::size_t size) const override {
        if (!info_) return {};
        std::string material(label); // the same for the same label; a test can foretell it
        material.resize(size, 'x');
        return material;
    }

    std::unique_ptr<Transport> upgrade(TlsContext&) override {
        {
            const std::lock_guard lock(shared_->mutex);
            shared_->tls = true;
        }
        return std::make_unique<MemoryTransport>(shared_);
    }

private:
    std::shared_ptr<MemoryPeer::Shared> shared_; // also held by the test's end
    Wait readable_, writable_;
    std::optional<TlsInfo> info_;
};

} // namespace

/// With the mutex held, which keeps the transport, and so its loop, from going away.
void MemoryPeer::Shared::tell(Loop*& who) {
    if (!who) return;
    std::exchange(who, nullptr)->post([self = shared_from_this()] { self->wake(); });
}

/// On the session's thread: both waits, if the session is still there after the first.
void MemoryPeer::Shared::wake() {
    if (transport) transport->readable().wake();
    if (transport) transport->writable().wake();
}

MemoryPeer::MemoryPeer() : shared_(std::make_shared<Shared>()) {}

MemoryPeer::~MemoryPeer() { close(); }

std::unique_ptr<Transport> MemoryPeer::transport() { return std::make_unique<MemoryTransport>(shared_); }

void MemoryPeer::send(std::string_view octets) {
    const std::lock_guard lock(shared_->mutex);
    shared_->to_session += octets;
    shared_->tell(shared_->reader);
}

std::string MemoryPeer::received() {
    const std::lock_guard lock(shared_->mutex);
    shared_->tell(shared_->writer);
    return std::exchange(shared_->from_session, {});
}

void MemoryPeer::set_window(std::size_t octets) {
    const std::lock_guard lock(shared_->mutex);
    shared_->window = octets;
    shared_->tell(shared_->writer);
}

void MemoryPeer::close() {
    const std::lock_guard lock(shared_->mutex);
    shared_->ended = true;
    shared_->tell(shared_->reader);
}

bool MemoryPeer::closed_by_session() const {
    const std::lock_guard lock(shared_->mutex);
    return shared_->closed;
}

void MemoryPeer::assume_tls(std::string sni) {
    const std::lock_guard lock(shared_->mutex);
    shared_->tls = true;
    shared_->sni = std::move(sni);
}

bool MemoryPeer::tls() const {
    const std::lock_guard lock(shared_->mutex);
    return shared_->tls;
}

} // namespace pillarbox::runtime
