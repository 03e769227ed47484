// Fuzzes the reading of stored blobs: damaged ones are errors of their kind, and nothing else happens.
#include "store/message/blob.h"
#include "store/message/envelope.h"
#include "store/message/imap_text.h"
#include "store/message/structure.h"

#include <cstdint>

using namespace pillarbox::message;

namespace {

template <class F>
void attempt(const F& read) {
    try {
        read();
    } catch (const BlobError&) {
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view blob(reinterpret_cast<const char*>(data), size);
    attempt([&] { decode_envelope(blob); });
    attempt([&] {
        const Structure structure = decode_structure(blob);
        std::string out;
        append_body(out, structure, true);
        section_range(structure, "1.1", Section::header);
    });
    attempt([&] {
        BodyReader reader(blob);
        reader.read(size, 100);
        reader.read(0, 1 << 20);
    });
    return 0;
}
