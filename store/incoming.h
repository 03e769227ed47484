// A message on its way in: every octet is seen once by the size count, the digest, the MIME parser and the body.
//
// Up to 64 KiB stay in memory; beyond that the body goes to a file of the volume, compressed, in steps that the
// session awaits, so that memory stays bounded whatever the client sends.
#pragma once

#include "appliance/runtime/task.h"
#include "store/types.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace pillarbox::store {

class Volume;
struct Prepared;

/// One message being received. Not thread-safe; drain() and finish() hop to the pool for heavy work.
/// Destroying it unfinished removes its unfinished body file.
class Incoming {
public:
    explicit Incoming(Volume& volume);
    ~Incoming();
    Incoming(Incoming&&) noexcept;
    Incoming& operator=(Incoming&&) noexcept;

    /// Takes octets of the message (header first). Cheap and never waits. Call drain() when full() says so.
    void feed(std::string_view octets);
    bool full() const noexcept;
    /// Writes what memory holds to the body file, on the pool.
    runtime::Task<void> drain();
    /// Octets so far.
    std::uint64_t size() const noexcept;

    /// Parses to the end, compresses, makes a body file durable. After it the message can be accepted or appended.
    /// Errors: too_large (header over 256 KiB), no_space, unavailable.
    runtime::Task<Result<Done>> finish();

    /// What the header held of trace: number of Received fields (loop detection, RFC 5321 6.3). After finish().
    std::size_t received_fields() const noexcept;
    /// For Accept and Append: the finished message. Gives it away.
    std::shared_ptr<Prepared> take();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace pillarbox::store
