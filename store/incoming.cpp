// A message on its way in (see incoming.h).
#include "store/incoming.h"

#include "appliance/runtime/log.h"
#include "store/message/header.h"
#include "store/prepared.h"
#include "store/volume.h"

#include <cerrno>
#include <system_error>

namespace pillarbox::store {
namespace {

constexpr std::size_t memory_octets = 64 * 1024; // a body beyond it goes to a file (DESIGN 4)
constexpr std::size_t drain_octets = 256 * 1024; // what one step to the pool takes
constexpr std::size_t inline_octets = 16 * 1024; // below it compressing costs less than the hop to the pool

std::size_t count_received(std::string_view header) {
    std::size_t count = 0;
    message::HeaderFields fields(header);
    while (const auto field = fields.next())
        if (message::equal_ignoring_case(field->name, "Received")) ++count;
    return count;
}

} // namespace

struct Incoming::Impl {
    explicit Impl(Volume& home) : volume(home), sink([this](std::string_view more) { body += more; }) {}
    Volume& volume;
    message::MessageSink sink;
    std::string body; // octets behind the header, not yet written
    std::uint64_t octets = 0;
    std::unique_ptr<message::BodyEncoder> encoder; // of the file
    std::shared_ptr<Prepared> prepared = std::make_shared<Prepared>();
    StoreError failure = StoreError::unavailable;
    bool failed = false;

    void spill();
    void complete();
    template <class F>
    void guarded(F f) noexcept;
};

/// Runs file work; a full disk and a failed one are told apart (DESIGN 5.2).
template <class F>
void Incoming::Impl::guarded(F f) noexcept {
    if (failed) return;
    try {
        f();
    } catch (const std::system_error& e) {
        failed = true;
        const bool full = e.code().value() == ENOSPC || e.code().value() == EDQUOT;
        failure = full ? StoreError::no_space : StoreError::unavailable;
        runtime::log(runtime::LogLevel::failure, "store", "", "body file", {{"reason", e.what()}});
        if (!full) volume.report_failure(e.what());
    }
}

/// Moves what memory holds to the body file, opening it at first.
void Incoming::Impl::spill() {
    if (!encoder) {
        prepared->file = std::make_unique<BodyFile>(volume.bodies(), volume.bodies().new_name());
        BodyFile& file = *prepared->file;
        encoder = std::make_unique<message::BodyEncoder>([&file](std::string_view stored) { file.write(stored); });
    }
    encoder->feed(body);
    body.clear();
}

void Incoming::Impl::complete() {
    if (encoder || body.size() > memory_octets) {
        spill();
        encoder->finish();
        prepared->file->sync();
    } else {
        prepared->body = message::encode_body(body);
    }
    body = std::string();
}

Incoming::Incoming(Volume& volume) : impl_(std::make_unique<Impl>(volume)) { volume.expect(+1); }
Incoming::~Incoming() {
    if (impl_) impl_->volume.expect(-1);
}
Incoming::Incoming(Incoming&&) noexcept = default;
Incoming& Incoming::operator=(Incoming&& other) noexcept {
    if (this != &other) {
        if (impl_) impl_->volume.expect(-1);
        impl_ = std::move(other.impl_);
    }
    return *this;
}

void Incoming::feed(std::string_view octets) {
    impl_->octets += octets.size();
    impl_->sink.feed(octets);
}

bool Incoming::full() const noexcept { return impl_->body.size() >= drain_octets; }

std::uint64_t Incoming::size() const noexcept { return impl_->octets; }

runtime::Task<void> Incoming::drain() {
    Impl& impl = *impl_;
    auto work = [&impl] { impl.guarded([&impl] { impl.spill(); }); };
    co_await impl.volume.pool().run(runtime::Lane::read, work);
    if (impl.failed) impl.body.clear();
}

runtime::Task<Result<Done>> Incoming::finish() {
    Impl& impl = *impl_;
    impl.prepared->parsed = impl.sink.finish();
    if (impl.prepared->parsed.header_too_large) co_return refused(StoreError::too_large);
    auto work = [&impl] { impl.guarded([&impl] { impl.complete(); }); };
    if (impl.encoder || impl.body.size() > inline_octets) {
        co_await impl.volume.pool().run(runtime::Lane::read, work);
    } else {
        work();
    }
    if (impl.failed) co_return refused(impl.failure);
    impl.prepared->received_fields = count_received(impl.prepared->parsed.header);
    co_return Done{};
}

std::size_t Incoming::received_fields() const noexcept { return impl_->prepared->received_fields; }

std::shared_ptr<Prepared> Incoming::take() { return std::move(impl_->prepared); }

} // namespace pillarbox::store
