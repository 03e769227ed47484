// Takes a message once and hands its octets to everything that has to see them (DESIGN: a chain of sinks).
#include "store/message/parse.h"
#include "store/message/envelope.h"
#include "store/message/header.h"
#include "store/message/mime_parser.h"
#include "store/message/preview.h"

namespace pillarbox::message {
namespace {

constexpr std::size_t max_references = 1000;

// Longer than a line may be (RFC 5322 2.1.1): no identifier to compare by.
constexpr std::size_t longest_id = 998;

// What stands in angle brackets, without blanks (RFC 5322 3.6.4); everything else in the field is comment.
std::vector<std::string> message_ids(std::string_view value) {
    std::vector<std::string> ids;
    for (std::size_t at = value.find('<'); at != value.npos; at = value.find('<', at)) {
        const std::size_t end = value.find('>', at);
        if (end == value.npos) break;
        std::string id(value.substr(at + 1, end - at - 1));
        std::erase_if(id, [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\0'; });
        if (!id.empty() && id.size() <= longest_id) ids.push_back(std::move(id));
        at = end;
    }
    if (ids.size() > max_references) ids.erase(ids.begin(), ids.end() - max_references);
    return ids;
}

std::vector<std::string> ids_of(std::string_view header, std::string_view name) {
    const auto field = find_field(header, name);
    return field ? message_ids(field->value) : std::vector<std::string>();
}

// Some write theirs without brackets.
std::string message_id(std::string_view header) {
    const auto field = find_field(header, "Message-ID");
    if (!field) return {};
    auto ids = message_ids(field->value);
    if (!ids.empty()) return std::move(ids.front());
    std::string bare = unfold(field->value);
    return bare.size() <= longest_id && bare.find_first_of("<> \t") == bare.npos ? bare : std::string();
}

} // namespace

struct MessageSink::State {
    OctetSink body;
    HeaderSplitter splitter;
    DigestSink digest;
    std::optional<MimeParser> mime;
    ParsedMessage message;

    // Takes what still belongs to the header.
    // @return the rest
    std::string_view feed_header(std::string_view octets) {
        const std::size_t n = splitter.feed(octets);
        message.header_size += n;
        if (message.header_size > max_header_octets) {
            message.header_too_large = true;
            message.header = {};
            return {};
        }
        message.header += octets.substr(0, n);
        if (splitter.done()) mime.emplace(message.header);
        return octets.substr(n);
    }
};

MessageSink::MessageSink(OctetSink body) : state_(std::make_unique<State>()) { state_->body = std::move(body); }
MessageSink::~MessageSink() = default;
MessageSink::MessageSink(MessageSink&&) noexcept = default;
MessageSink& MessageSink::operator=(MessageSink&&) noexcept = default;

void MessageSink::feed(std::string_view octets) {
    state_->message.size += octets.size();
    state_->digest.feed(octets);
    if (state_->message.header_too_large) return;
    if (!state_->mime) octets = state_->feed_header(octets);
    if (octets.empty()) return;
    state_->mime->feed(octets);
    if (state_->body) state_->body(octets);
}

bool MessageSink::header_too_large() const { return state_->message.header_too_large; }

ParsedMessage MessageSink::finish() {
    ParsedMessage& message = state_->message;
    message.digest = state_->digest.finish();
    if (message.header_too_large) return std::move(message);

    const Envelope envelope = read_envelope(message.header);
    if (!state_->mime) state_->mime.emplace(message.header); // a message without empty line
    message.structure = state_->mime->finish();
    message.envelope = encode_envelope(envelope);
    message.preview = make_preview(state_->mime->take_first_text());
    if (envelope.date) message.sent = parse_date(*envelope.date);
    message.message_id = message_id(message.header);
    message.in_reply_to = ids_of(message.header, "In-Reply-To");
    message.references = ids_of(message.header, "References");
    return std::move(message);
}

ParsedMessage parse_message(std::string_view message, std::string* body) {
    OctetSink sink;
    if (body != nullptr) sink = [body](std::string_view octets) { *body += octets; };
    MessageSink parser(std::move(sink));
    parser.feed(message);
    return parser.finish();
}

} // namespace pillarbox::message
