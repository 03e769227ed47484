// Reads envelopes out of headers (RFC 9051 7.5.2), and packs them for the store.
#include "store/message/envelope.h"
#include "store/message/bytes.h"
#include "store/message/charset.h"
#include "store/message/encoded_word.h"
#include "store/message/header.h"
#include "store/message/imap_text.h"

namespace pillarbox::message {
namespace {

constexpr char version = 1;
constexpr std::uint64_t has_date = 1, is_reply = 2;

// What SORT compares is cut here: a bound, as no one looks further.
constexpr std::size_t longest_key = 1024;

using Text = std::optional<std::string> Envelope::*;
using List = std::vector<Address> Envelope::*;

struct TextField {
    std::string_view name;
    Text member;
};
struct ListField {
    std::string_view name;
    List member;
};
constexpr TextField text_fields[] = {{"Date", &Envelope::date},
                                     {"Subject", &Envelope::subject},
                                     {"Message-ID", &Envelope::message_id},
                                     {"In-Reply-To", &Envelope::in_reply_to}};
constexpr ListField list_fields[] = {
    {"From", &Envelope::from},         {"To", &Envelope::to},        {"Cc", &Envelope::cc}, {"Bcc", &Envelope::bcc},
    {"Reply-To", &Envelope::reply_to}, {"Sender", &Envelope::sender}};

void read_field(Envelope& envelope, const HeaderField& field) {
    for (const TextField& known : text_fields) {
        if (!equal_ignoring_case(known.name, field.name)) continue;
        auto& text = envelope.*known.member;
        if (!text) text = unfold(field.value);
        return;
    }
    for (const ListField& known : list_fields) {
        if (!equal_ignoring_case(known.name, field.name)) continue;
        // Joined, so that a second From cannot hide behind the first.
        auto& list = envelope.*known.member;
        const std::size_t left = max_addresses - std::min(list.size(), max_addresses);
        for (Address& address : parse_addresses(field.value, left)) list.push_back(std::move(address));
        return;
    }
}

std::string_view first_mailbox(const std::vector<Address>& list) {
    if (list.empty() || !list.front().mailbox) return {};
    return cut_utf8(*list.front().mailbox, longest_key);
}

// RFC 5957: the display name, else the address itself.
std::string display(const std::vector<Address>& list) {
    if (list.empty()) return {};
    const Address& first = list.front();
    std::string out;
    if (first.name && !first.name->empty())
        out = decode_words(*first.name);
    else
        out = decode_words(first.mailbox.value_or("")) + (first.host ? '@' + *first.host : "");
    return std::string(cut_utf8(out, longest_key));
}

} // namespace

Envelope read_envelope(std::string_view header) {
    Envelope envelope;
    HeaderFields fields(header);
    while (const auto field = fields.next())
        if (!field->name.empty()) read_field(envelope, *field);
    if (envelope.sender.empty()) envelope.sender = envelope.from;
    if (envelope.reply_to.empty()) envelope.reply_to = envelope.from;
    return envelope;
}

// The blob: version, flags, [date, zone,] subject, from, to, cc, display from, display to, each behind its length; what
// is left is the text of IMAP.
std::string encode_envelope(const Envelope& envelope) {
    const auto sent = envelope.date ? parse_date(*envelope.date) : std::nullopt;
    const BaseSubject subject = base_subject(envelope.subject.value_or(""));

    std::string out(1, version);
    put_number(out, (sent ? has_date : 0) | (subject.is_reply_or_forward ? is_reply : 0));
    if (sent) {
        put_signed(out, sent->unix_seconds);
        put_signed(out, sent->zone_minutes);
    }
    put_text(out, subject.text);
    for (const auto* list : {&envelope.from, &envelope.to, &envelope.cc}) put_text(out, first_mailbox(*list));
    for (const auto* list : {&envelope.from, &envelope.to}) put_text(out, display(*list));
    std::string imap;
    append_envelope(imap, envelope);
    put_text(out, imap);
    return out;
}

StoredEnvelope decode_envelope(std::string_view blob) {
    ByteReader bytes(blob);
    bytes.expect_version(version);
    StoredEnvelope out;
    const std::uint64_t flags = bytes.number();
    out.is_reply_or_forward = (flags & is_reply) != 0;
    if ((flags & has_date) != 0) {
        const std::int64_t seconds = bytes.signed_number();
        out.sent = DateTime{seconds, static_cast<int>(bytes.signed_number())};
    }
    for (auto* text : {&out.subject, &out.from, &out.to, &out.cc, &out.display_from, &out.display_to, &out.imap})
        *text = bytes.text();
    bytes.expect_end();
    return out;
}

} // namespace pillarbox::message
