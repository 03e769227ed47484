// Reads the Content- fields of a part (RFC 2045 5, RFC 2183, RFC 3282).
#include "store/message/mime_header.h"
#include "store/message/header.h"
#include "store/message/lexer.h"

namespace pillarbox::message {
namespace {

// RFC 3282 has no bound for the list.
constexpr std::size_t max_languages = 100;

void lower(std::string& text) {
    for (char& c : text)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
}

std::string next_token(Lexer& lexer) {
    std::string out;
    lexer.skip_cfws();
    lexer.token(out);
    lexer.skip_cfws();
    lower(out);
    return out;
}

void repair_type(MimeHeader& header) {
    if (!header.type.empty() && !header.subtype.empty()) return;
    const bool is_text = header.type.empty() || header.type == "text";
    const bool is_multipart = header.type == "multipart";
    header.type = is_text ? "text" : is_multipart ? "multipart" : "application";
    header.subtype = is_text ? "plain" : is_multipart ? "mixed" : "octet-stream";
}

void read_type(MimeHeader& header, std::string_view value) {
    Lexer lexer(value);
    header.type = next_token(lexer);
    header.subtype = lexer.take('/') ? next_token(lexer) : std::string();
    header.parameters = read_parameters(lexer);
    repair_type(header);
}

void read_disposition(MimeHeader& header, std::string_view value) {
    Lexer lexer(value);
    const std::string type = next_token(lexer);
    if (type.empty()) return;
    header.disposition = type;
    header.disposition_parameters = read_parameters(lexer);
}

void read_encoding(MimeHeader& header, std::string_view value) {
    Lexer lexer(value);
    const std::string name = next_token(lexer);
    if (!name.empty()) header.encoding = name;
}

void read_languages(MimeHeader& header, std::string_view value) {
    Lexer lexer(value);
    while (!lexer.at_end() && header.languages.size() < max_languages) {
        std::string language;
        lexer.skip_cfws();
        lexer.token(language);
        if (language.empty())
            lexer.skip();
        else
            header.languages.push_back(std::move(language));
    }
}

void read_text(std::optional<std::string>& text, std::string_view value) {
    std::string unfolded = unfold(value);
    if (!unfolded.empty()) text = std::move(unfolded);
}

using Reader = void (*)(MimeHeader&, std::string_view);
struct Field {
    std::string_view name; // behind "Content-"
    Reader read;
};
constexpr Field fields[] = {
    {"Type", read_type},
    {"Transfer-Encoding", read_encoding},
    {"Disposition", read_disposition},
    {"Language", read_languages},
    {"ID", [](MimeHeader& header, std::string_view value) { read_text(header.id, value); }},
    {"Description", [](MimeHeader& header, std::string_view value) { read_text(header.description, value); }},
    {"MD5", [](MimeHeader& header, std::string_view value) { read_text(header.md5, value); }},
    {"Location", [](MimeHeader& header, std::string_view value) { read_text(header.location, value); }},
};

std::size_t octets_of(const std::vector<OwnedParameter>& parameters) {
    std::size_t n = 0;
    for (const OwnedParameter& parameter : parameters) n += parameter.name.size() + parameter.value.size();
    return n;
}

} // namespace

std::string_view MimeHeader::parameter(std::string_view name) const {
    for (const OwnedParameter& parameter : parameters)
        if (parameter.name == name) return parameter.value;
    return {};
}

std::size_t MimeHeader::text_octets() const {
    std::size_t n = type.size() + subtype.size() + encoding.size();
    n += octets_of(parameters) + octets_of(disposition_parameters);
    for (const auto* text : {&id, &description, &md5, &location, &disposition})
        if (*text) n += (*text)->size();
    for (const std::string& language : languages) n += language.size();
    return n;
}

MimeHeader read_mime_header(std::string_view block, bool in_digest) {
    constexpr std::string_view prefix = "Content-";
    MimeHeader header;
    bool seen[std::size(fields)] = {};
    HeaderFields lines(block);
    while (const auto line = lines.next()) {
        if (!equal_ignoring_case(line->name.substr(0, prefix.size()), prefix)) continue;
        for (std::size_t i = 0; i < std::size(fields); ++i) {
            if (seen[i] || !equal_ignoring_case(line->name.substr(prefix.size()), fields[i].name)) continue;
            fields[i].read(header, line->value);
            seen[i] = true;
        }
    }
    if (!seen[0] && in_digest) header.type = "message", header.subtype = "rfc822";
    return header;
}

} // namespace pillarbox::message
