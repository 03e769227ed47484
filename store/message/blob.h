// How bodies are stored: a format octet, then the octets raw or as zstd in the seekable format with frames of 128 KiB.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace pillarbox::message {

/// A stored blob that is not what it should be: damaged, cut short or from a newer version.
struct BlobError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// The first octet of a stored body.
enum class BlobFormat : unsigned char { raw = 0, zstd_seekable = 1 };

/// Octets of the body in one frame: what a reader unpacks at the least.
inline constexpr std::size_t frame_octets = 128 * 1024;

/// Takes octets as they come; a view is valid during the call only.
using OctetSink = std::function<void(std::string_view)>;

/// Packs a whole body: zstd, or raw where that gains under 5 %.
std::string encode_body(std::string_view body);

/// Packs a body that arrives in pieces; holds one frame at most. Whether it is worth packing is decided by the first
/// frame. One object, one body, one thread at a time.
class BodyEncoder {
public:
    /// @param stored  gets the stored octets, format octet first
    explicit BodyEncoder(OctetSink stored) : stored_(std::move(stored)) {}

    void feed(std::string_view octets);

    /// Writes what is left, and the table by which a reader finds the frames. Must be called once, at the end.
    void finish();

    /// Octets fed and octets written so far.
    std::uint64_t body_octets() const { return body_octets_; }
    std::uint64_t stored_octets() const { return stored_octets_; }

private:
    struct Frame {
        std::uint32_t stored, unpacked; // octets
    };
    void write(std::string_view octets);
    void write_frame(std::string_view octets);
    void write_table();

    OctetSink stored_;
    std::string pending_, packed_;
    std::vector<Frame> frames_;
    std::uint64_t body_octets_ = 0, stored_octets_ = 0;
    BlobFormat format_ = BlobFormat::zstd_seekable;
    bool begun_ = false;
};

/// Reads any range of a stored body; unpacks only the frames it lies in and holds one of them. Every error in the
/// stored octets throws BlobError. One thread at a time.
class BodyReader {
public:
    /// Reads up to n stored octets at an offset into `out` like pread(2).
    /// @return how many there were; fewer than asked means damage. May throw.
    using ReadAt = std::function<std::size_t(std::uint64_t offset, char* out, std::size_t n)>;

    /// @param stored  the whole stored body; must outlive the reader
    explicit BodyReader(std::string_view stored);

    /// @param stored_octets  size of the file
    BodyReader(ReadAt read_at, std::uint64_t stored_octets);

    /// Octets of the body when unpacked.
    std::uint64_t size() const { return size_; }

    /// Hands the octets [offset, offset + length) to a sink in pieces; what is beyond the end is left out.
    void read(std::uint64_t offset, std::uint64_t length, const OctetSink& sink);

    /// The same as one string.
    std::string read(std::uint64_t offset, std::uint64_t length);

private:
    struct Frame {
        std::uint64_t stored_offset, body_offset;
    };
    void open();
    void read_table();
    std::string_view stored(std::uint64_t offset, std::size_t n);
    std::string_view frame(std::size_t index);

    std::string_view memory_;
    ReadAt read_at_;
    std::uint64_t stored_octets_ = 0, size_ = 0;
    BlobFormat format_ = BlobFormat::raw;
    std::vector<Frame> frames_; // one more than there are: the end
    std::string buffer_, unpacked_;
    std::size_t current_ = static_cast<std::size_t>(-1); // the frame in unpacked_
};

} // namespace pillarbox::message
