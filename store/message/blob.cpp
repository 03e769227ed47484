// Packs bodies in zstd's seekable format: independent frames, and behind them a table in a skippable frame.
#include "store/message/blob.h"
#include "store/message/blob_format.h"

#include <memory>
#include <zstd.h>

namespace pillarbox::message {
namespace {

struct FreeContext {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};

// Making a context costs more than packing a small body: one a thread.
ZSTD_CCtx* packer() {
    thread_local const std::unique_ptr<ZSTD_CCtx, FreeContext> context = [] {
        std::unique_ptr<ZSTD_CCtx, FreeContext> made(ZSTD_createCCtx());
        if (made == nullptr) throw std::bad_alloc();
        ZSTD_CCtx_setParameter(made.get(), ZSTD_c_compressionLevel, 1);
        ZSTD_CCtx_setParameter(made.get(), ZSTD_c_checksumFlag, 1);
        return made;
    }();
    return context.get();
}

void pack(std::string_view octets, std::string& out) {
    out.resize(ZSTD_compressBound(octets.size()));
    const std::size_t n = ZSTD_compress2(packer(), out.data(), out.size(), octets.data(), octets.size());
    if (ZSTD_isError(n) != 0) throw std::runtime_error(std::string("zstd: ") + ZSTD_getErrorName(n));
    out.resize(n);
}

// Packing and unpacking is worth a gain of 5 % or more.
bool is_gain(std::size_t packed, std::size_t raw) { return packed * 20 <= raw * 19; }

void put_le32(std::string& out, std::uint32_t value) {
    for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>(value >> shift);
}

} // namespace

void BodyEncoder::write(std::string_view octets) {
    stored_octets_ += octets.size();
    stored_(octets);
}

// The first frame decides on the format; so a body of one frame is raw whenever that is no larger.
void BodyEncoder::write_frame(std::string_view octets) {
    if (!begun_ || format_ == BlobFormat::zstd_seekable) pack(octets, packed_);
    if (!begun_) {
        begun_ = true;
        format_ =
            is_gain(packed_.size() + table_octets(1), octets.size()) ? BlobFormat::zstd_seekable : BlobFormat::raw;
        const char format = static_cast<char>(format_);
        write({&format, 1});
    }
    if (format_ == BlobFormat::raw) return write(octets);
    write(packed_);
    frames_.push_back({static_cast<std::uint32_t>(packed_.size()), static_cast<std::uint32_t>(octets.size())});
}

void BodyEncoder::feed(std::string_view octets) {
    body_octets_ += octets.size();
    while (pending_.size() + octets.size() >= frame_octets) {
        const std::string_view part = octets.substr(0, frame_octets - pending_.size());
        octets.remove_prefix(part.size());
        if (pending_.empty()) {
            write_frame(part);
            continue;
        }
        pending_ += part;
        write_frame(pending_);
        pending_.clear();
    }
    pending_ += octets;
}

void BodyEncoder::finish() {
    if (!pending_.empty() || !begun_) write_frame(pending_);
    pending_.clear();
    if (format_ == BlobFormat::zstd_seekable) write_table();
}

void BodyEncoder::write_table() {
    std::string table;
    table.reserve(table_octets(frames_.size()));
    put_le32(table, table_frame_magic);
    put_le32(table, static_cast<std::uint32_t>(table_octets(frames_.size()) - table_header_octets));
    for (const Frame& frame : frames_) {
        put_le32(table, frame.stored);
        put_le32(table, frame.unpacked);
    }
    put_le32(table, static_cast<std::uint32_t>(frames_.size()));
    table += '\0'; // descriptor: no checksums here, each frame has its own
    put_le32(table, table_magic);
    write(table);
}

std::string encode_body(std::string_view body) {
    std::string out;
    out.reserve(body.size() + 1);
    BodyEncoder encoder([&out](std::string_view octets) { out += octets; });
    encoder.feed(body);
    encoder.finish();
    return out;
}

} // namespace pillarbox::message
