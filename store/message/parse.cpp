// Reads a message once, as it arrives (see parse.h).
#include "store/message/parse.h"

#include "store/message/envelope.h"
#include "store/message/header.h"

namespace pillarbox::message {

struct MessageSink::State {
    OctetSink body;
    HeaderSplitter splitter;
    std::string header;
    DigestSink digest;
    std::uint64_t size = 0;
};

MessageSink::MessageSink(OctetSink body) : state_(std::make_unique<State>()) { state_->body = std::move(body); }
MessageSink::~MessageSink() = default;
MessageSink::MessageSink(MessageSink&&) noexcept = default;
MessageSink& MessageSink::operator=(MessageSink&&) noexcept = default;

void MessageSink::feed(std::string_view octets) {
    State& state = *state_;
    state.size += octets.size();
    state.digest.feed(octets);
    const std::size_t of_header = state.splitter.feed(octets);
    state.header.append(octets.substr(0, of_header));
    if (octets.size() > of_header && state.body) state.body(octets.substr(of_header));
}

bool MessageSink::header_too_large() const { return state_->header.size() > max_header_octets; }

ParsedMessage MessageSink::finish() {
    State& state = *state_;
    ParsedMessage parsed;
    parsed.header_size = state.header.size();
    parsed.size = state.size;
    parsed.header_too_large = header_too_large();
    parsed.digest = state.digest.finish();
    if (parsed.header_too_large) return parsed;
    parsed.envelope = encode_envelope(read_envelope(state.header));
    parsed.header = std::move(state.header);
    return parsed;
}

ParsedMessage parse_message(std::string_view message, std::string* body) {
    MessageSink sink([body](std::string_view octets) {
        if (body) body->append(octets);
    });
    sink.feed(message);
    return sink.finish();
}

} // namespace pillarbox::message
