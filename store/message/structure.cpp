// The stored form of a structure: written once, taken apart without copying texts.
#include "store/message/structure.h"
#include "store/message/bytes.h"
#include "store/message/encoded_word.h"
#include "store/message/header.h"
#include "store/message/structure_writer.h"

#include <algorithm>

namespace pillarbox::message {
namespace {

constexpr char version = 1;
constexpr std::uint64_t least_part_octets = 18; // every member takes one at least

// The counts in a blob are only believed up to what its octets can hold.
void check_count(std::uint64_t count, std::uint64_t least_octets, std::string_view blob) {
    if (count > blob.size() / least_octets) throw BlobError("message blob: a count too high");
}

void put_parameters(std::string& out, const std::vector<OwnedParameter>& parameters) {
    put_number(out, parameters.size());
    for (const OwnedParameter& parameter : parameters) {
        put_text(out, parameter.name);
        put_text(out, parameter.value);
    }
}

void put_part(std::string& out, const FoundPart& part) {
    const MimeHeader& mime = part.mime;
    put_text(out, mime.type);
    put_text(out, mime.subtype);
    put_text(out, mime.encoding);
    put_parameters(out, mime.parameters);
    for (const auto* text : {&mime.id, &mime.description, &mime.md5, &mime.location, &mime.disposition, &part.envelope})
        put_optional(out, *text);
    put_parameters(out, mime.disposition_parameters);
    put_number(out, mime.languages.size());
    for (const std::string& language : mime.languages) put_text(out, language);
    for (const std::uint64_t number :
         {part.header_offset, part.header_size, part.body_offset, part.body_size, part.lines})
        put_number(out, number);
    put_number(out, part.children);
}

class StructureReader {
public:
    explicit StructureReader(std::string_view blob) : bytes_(blob), blob_(blob) {}

    Structure read() {
        bytes_.expect_version(version);
        const std::uint64_t parts = count(least_part_octets), parameters = count(2), languages = count(1);
        if (parts == 0) throw BlobError("message blob: no parts");
        out_.parts.reserve(parts);
        // Spans point into these: they must not grow beyond what is reserved.
        out_.parameters.reserve(parameters);
        out_.languages.reserve(languages);
        for (std::uint64_t i = 0; i < parts; ++i) part();
        bytes_.expect_end();
        link();
        return std::move(out_);
    }

private:
    std::uint64_t count(std::uint64_t least_octets) {
        const std::uint64_t value = bytes_.number();
        check_count(value, least_octets, blob_);
        return value;
    }

    void part() {
        Part& part = out_.parts.emplace_back();
        part.type = bytes_.text();
        part.subtype = bytes_.text();
        part.encoding = bytes_.text();
        part.parameters = parameters();
        for (auto* text : {&part.id, &part.description, &part.md5, &part.location, &part.disposition, &part.envelope})
            *text = bytes_.optional();
        part.disposition_parameters = parameters();
        part.languages = languages();
        for (auto* number : {&part.header_offset, &part.header_size, &part.body_offset, &part.body_size, &part.lines})
            *number = bytes_.number();
        part.children = static_cast<std::uint32_t>(count(1));
    }

    std::span<const Parameter> parameters() {
        const std::uint64_t n = bytes_.number();
        auto& all = out_.parameters;
        if (n > all.capacity() - all.size()) throw BlobError("message blob: too many parameters");
        for (std::uint64_t i = 0; i < n; ++i) {
            Parameter& parameter = all.emplace_back();
            parameter.name = bytes_.text();
            parameter.value = bytes_.text();
        }
        return {all.data() + all.size() - n, n};
    }

    std::span<const std::string_view> languages() {
        const std::uint64_t n = bytes_.number();
        auto& all = out_.languages;
        if (n > all.capacity() - all.size()) throw BlobError("message blob: too many languages");
        for (std::uint64_t i = 0; i < n; ++i) all.push_back(bytes_.text());
        return {all.data() + all.size() - n, n};
    }

    // Finds parents and ends from the counts of children.
    void link() {
        struct Open {
            std::uint32_t index, left;
        };
        std::vector<Open> open;
        auto& parts = out_.parts;
        for (std::uint32_t i = 0; i < parts.size(); ++i) {
            if (i > 0 && open.empty()) throw BlobError("message blob: a part outside of all others");
            parts[i].parent = i > 0 ? open.back().index : 0;
            if (i > 0) --open.back().left;
            check_children(parts[i]);
            open.push_back({i, parts[i].children});
            while (!open.empty() && open.back().left == 0) {
                parts[open.back().index].end = i + 1;
                open.pop_back();
            }
        }
        if (!open.empty()) throw BlobError("message blob: parts are missing");
    }

    static void check_children(const Part& part) {
        const bool is_wrong = part.is_message() ? part.children != 1 : !part.is_multipart() && part.children != 0;
        if (is_wrong) throw BlobError("message blob: parts where none can be");
    }

    ByteReader bytes_;
    std::string_view blob_;
    Structure out_;
};

const Parameter* find(std::span<const Parameter> parameters, std::string_view name, bool is_extended) {
    for (const Parameter& parameter : parameters) {
        const std::string_view stem = parameter.name.substr(0, parameter.name.size() - is_extended);
        if (parameter.name.ends_with('*') == is_extended && stem == name) return &parameter;
    }
    return nullptr;
}

} // namespace

// The blob: version, counts of parts, parameters and languages, then the parts, each with the count of its children.
std::string encode_structure(const std::vector<FoundPart>& parts) {
    std::size_t parameters = 0, languages = 0;
    for (const FoundPart& part : parts) {
        parameters += part.mime.parameters.size() + part.mime.disposition_parameters.size();
        languages += part.mime.languages.size();
    }
    std::string out(1, version);
    for (const std::size_t count : {parts.size(), parameters, languages}) put_number(out, count);
    for (const FoundPart& part : parts) put_part(out, part);
    return out;
}

Structure decode_structure(std::string_view blob) { return StructureReader(blob).read(); }

std::optional<std::string> parameter_text(std::span<const Parameter> parameters, std::string_view name) {
    if (const Parameter* extended = find(parameters, name, true)) {
        const std::size_t language = extended->value.find('\'');
        const std::size_t text = language == extended->value.npos ? language : extended->value.find('\'', language + 1);
        if (text != extended->value.npos) return percent_decode(extended->value.substr(text + 1));
    }
    if (const Parameter* plain = find(parameters, name, false)) return decode_words(plain->value);
    return std::nullopt;
}

std::string_view charset(const Part& part) {
    const Parameter* parameter = find(part.parameters, "charset", false);
    return parameter != nullptr && !parameter->value.empty() ? parameter->value : "us-ascii";
}

} // namespace pillarbox::message
