// BODY and BODYSTRUCTURE in the words of IMAP (RFC 9051 7.5.2 and 9).
#include "store/message/imap_text.h"
#include "store/message/structure.h"

#include <algorithm>

namespace pillarbox::message {
namespace {

class BodyWriter {
public:
    BodyWriter(std::string& out, const Structure& structure, bool with_extension)
        : out_(out), parts_(structure.parts), with_extension_(with_extension) {}

    // Parts are in preorder: each is opened as it comes, and closed when its last descendant has been.
    void write() {
        std::vector<std::size_t> open;
        for (std::size_t i = 0; i < parts_.size(); ++i) {
            begin(parts_[i]);
            open.push_back(i);
            while (!open.empty() && parts_[open.back()].end == i + 1) {
                end(parts_[open.back()]);
                open.pop_back();
            }
        }
    }

private:
    void begin(const Part& part) {
        out_ += '(';
        if (part.is_multipart()) {
            if (part.children == 0) out_ += R"(("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 0 0))";
            return;
        }
        string(part.type);
        space_string(part.subtype);
        parameters(part);
        nstring(part.id);
        nstring(part.description);
        space_string(part.encoding);
        number(part.body_size);
        if (!part.is_message()) return;
        out_ += ' ';
        out_ += *part.envelope;
        out_ += ' ';
    }

    void end(const Part& part) {
        if (part.is_multipart()) {
            space_string(part.subtype);
            if (with_extension_) list(part.parameters);
        } else {
            if (part.is_message() || part.type == "text") number(part.lines);
            if (with_extension_) nstring(part.md5);
        }
        if (with_extension_) extension(part);
        out_ += ')';
    }

    void extension(const Part& part) {
        if (part.disposition) {
            out_ += " (";
            string(*part.disposition);
            list(part.disposition_parameters);
            out_ += ')';
        } else {
            out_ += " NIL";
        }
        languages(part);
        nstring(part.location);
    }

    // A text without charset is US-ASCII (RFC 2045 5.2), and said to be so.
    void parameters(const Part& part) {
        const auto is_charset = [](const Parameter& parameter) { return parameter.name == "charset"; };
        const bool says_charset = std::any_of(part.parameters.begin(), part.parameters.end(), is_charset);
        if (part.type != "text" || says_charset) return list(part.parameters);
        const char* before = " (";
        for (const Parameter& parameter : part.parameters) pair(parameter, before);
        pair({"charset", "us-ascii"}, before);
        out_ += ')';
    }

    void list(std::span<const Parameter> parameters) {
        const char* before = " (";
        for (const Parameter& parameter : parameters) pair(parameter, before);
        out_ += parameters.empty() ? " NIL" : ")";
    }

    void pair(const Parameter& parameter, const char*& before) {
        out_ += before;
        string(parameter.name);
        space_string(parameter.value);
        before = " ";
    }

    void languages(const Part& part) {
        if (part.languages.empty()) return nstring(std::nullopt);
        if (part.languages.size() == 1) return space_string(part.languages.front());
        const char* before = " (";
        for (const std::string_view language : part.languages) {
            out_ += before;
            string(language);
            before = " ";
        }
        out_ += ')';
    }

    void string(std::string_view text) { append_string(out_, text); }
    void space_string(std::string_view text) { out_ += ' ', append_string(out_, text); }
    void nstring(const std::optional<std::string_view>& text) { out_ += ' ', append_nstring(out_, text); }
    void number(std::uint64_t value) { out_ += ' ', out_ += std::to_string(value); }

    std::string& out_;
    const std::vector<Part>& parts_;
    bool with_extension_;
};

} // namespace

void append_body(std::string& out, const Structure& structure, bool with_extension) {
    BodyWriter(out, structure, with_extension).write();
}

} // namespace pillarbox::message
