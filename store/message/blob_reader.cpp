// Reads ranges of stored bodies. What is stored may be damaged: every number is checked before it is used.
#include "store/message/blob.h"
#include "store/message/blob_format.h"

#include <algorithm>
#include <zstd.h>

namespace pillarbox::message {
namespace {

constexpr std::size_t raw_piece_octets = frame_octets;

struct FreeContext {
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

ZSTD_DCtx* unpacker() {
    thread_local const std::unique_ptr<ZSTD_DCtx, FreeContext> context(ZSTD_createDCtx());
    if (context == nullptr) throw std::bad_alloc();
    return context.get();
}

std::uint32_t le32(std::string_view octets, std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 4; i-- > 0;) value = value << 8 | static_cast<unsigned char>(octets[at + i]);
    return value;
}

} // namespace

BodyReader::BodyReader(std::string_view stored) : memory_(stored), stored_octets_(stored.size()) { open(); }

BodyReader::BodyReader(ReadAt read_at, std::uint64_t stored_octets)
    : read_at_(std::move(read_at)), stored_octets_(stored_octets) {
    open();
}

// @return n stored octets; valid until the next call
std::string_view BodyReader::stored(std::uint64_t offset, std::size_t n) {
    if (offset > stored_octets_ || n > stored_octets_ - offset) throw BlobError("stored body: cut short");
    if (!read_at_) return memory_.substr(offset, n);
    buffer_.resize(n);
    if (read_at_(offset, buffer_.data(), n) != n) throw BlobError("stored body: cut short");
    return buffer_;
}

void BodyReader::open() {
    if (stored_octets_ == 0) throw BlobError("stored body: empty");
    format_ = static_cast<BlobFormat>(stored(0, 1)[0]);
    if (format_ == BlobFormat::zstd_seekable) return read_table();
    if (format_ != BlobFormat::raw) throw BlobError("stored body: of an unknown format");
    size_ = stored_octets_ - 1;
}

void BodyReader::read_table() {
    if (stored_octets_ < 1 + table_octets(0)) throw BlobError("stored body: no table");
    const std::string_view footer = stored(stored_octets_ - table_footer_octets, table_footer_octets);
    const std::size_t count = le32(footer, 0);
    if (le32(footer, 5) != table_magic || footer[4] != 0) throw BlobError("stored body: no table");
    if (table_octets(count) > stored_octets_ - 1) throw BlobError("stored body: table too long");

    const std::uint64_t table_offset = stored_octets_ - table_octets(count);
    const std::string_view table = stored(table_offset, table_octets(count));
    if (le32(table, 0) != table_frame_magic || le32(table, 4) != table_octets(count) - table_header_octets)
        throw BlobError("stored body: damaged table");
    frames_.reserve(count + 1);
    Frame at{1, 0};
    for (std::size_t i = 0; i < count; ++i) {
        frames_.push_back(at);
        const std::size_t entry = table_header_octets + i * table_entry_octets;
        const std::uint32_t packed = le32(table, entry), unpacked = le32(table, entry + 4);
        if (unpacked == 0 || unpacked > frame_octets || packed > ZSTD_compressBound(frame_octets))
            throw BlobError("stored body: damaged table");
        at = {at.stored_offset + packed, at.body_offset + unpacked};
    }
    frames_.push_back(at);
    if (at.stored_offset != table_offset) throw BlobError("stored body: damaged table");
    size_ = at.body_offset;
}

// @return an unpacked frame; valid until the next call
std::string_view BodyReader::frame(std::size_t index) {
    if (current_ == index) return unpacked_;
    const Frame begin = frames_[index], end = frames_[index + 1];
    const std::string_view packed = stored(begin.stored_offset, end.stored_offset - begin.stored_offset);
    current_ = static_cast<std::size_t>(-1); // in case of an error
    unpacked_.resize(end.body_offset - begin.body_offset);
    const std::size_t n =
        ZSTD_decompressDCtx(unpacker(), unpacked_.data(), unpacked_.size(), packed.data(), packed.size());
    if (ZSTD_isError(n) != 0) throw BlobError(std::string("stored body: ") + ZSTD_getErrorName(n));
    if (n != unpacked_.size()) throw BlobError("stored body: a frame of the wrong size");
    current_ = index;
    return unpacked_;
}

void BodyReader::read(std::uint64_t offset, std::uint64_t length, const OctetSink& sink) {
    if (offset >= size_) return;
    const std::uint64_t end = offset + std::min(length, size_ - offset);
    if (format_ == BlobFormat::raw) {
        const std::uint64_t piece = read_at_ ? raw_piece_octets : size_;
        for (; offset < end; offset += std::min(piece, end - offset))
            sink(stored(1 + offset, std::min(piece, end - offset)));
        return;
    }
    const auto above = [](std::uint64_t value, const Frame& frame) { return value < frame.body_offset; };
    auto index =
        static_cast<std::size_t>(std::upper_bound(frames_.begin(), frames_.end(), offset, above) - frames_.begin() - 1);
    for (; offset < end; ++index) {
        const std::string_view octets = frame(index);
        const std::uint64_t from = offset - frames_[index].body_offset;
        const std::uint64_t n = std::min(octets.size() - from, end - offset);
        sink(octets.substr(from, n));
        offset += n;
    }
}

std::string BodyReader::read(std::uint64_t offset, std::uint64_t length) {
    std::string out;
    if (offset < size_) out.reserve(std::min(length, size_ - offset));
    read(offset, length, [&out](std::string_view octets) { out += octets; });
    return out;
}

} // namespace pillarbox::message
