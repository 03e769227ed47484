// Submission: gives a message the Date and Message-ID it lacks (RFC 6409 8.2, 8.3).
#include "smtp/completion.h"

#include "store/message/date.h"

namespace pillarbox::smtp {
namespace {

/// Whether a line of the block is no field, so that fields put behind it would fall into what is meant as text.
bool is_malformed(std::string_view header) {
    message::HeaderFields fields(header);
    while (const auto field = fields.next()) {
        if (field->name.empty()) return true;
    }
    return false;
}

} // namespace

std::string_view Completion::pass(std::string_view octets) {
    if (open_) {
        held_.clear();
        return octets;
    }
    const std::size_t of_header = splitter_.feed(octets);
    held_ += octets.substr(0, of_header);
    if (!splitter_.done() && held_.size() <= message::max_header_octets) return {};
    if (splitter_.done()) {
        const std::size_t empty_line = held_.ends_with("\r\n") ? 2 : 1;
        held_.insert(held_.size() - empty_line, missing());
    }
    held_ += octets.substr(of_header);
    open_ = true;
    return held_;
}

std::string_view Completion::finish() {
    if (open_) return {};
    open_ = true;
    if (held_.empty() || held_.ends_with('\n')) held_ += missing();
    return held_;
}

std::string Completion::missing() const {
    std::string fields;
    if (is_malformed(held_)) return fields;
    message::DateTime when;
    when.unix_seconds = time_;
    if (!message::find_field(held_, "Date")) fields += "Date: " + message::format_date(when) + "\r\n";
    if (!message::find_field(held_, "Message-ID")) fields += "Message-ID: <" + id_ + ">\r\n";
    return fields;
}

} // namespace pillarbox::smtp
