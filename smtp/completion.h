// Submission: gives a message the Date and Message-ID it lacks (RFC 6409 8.2, 8.3).
#pragma once

#include "store/message/header.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace pillarbox::smtp {

/// Holds the header of a message back until it has ended, adds what is missing at its end, and from there on lets
/// everything through. A header larger than the store takes is let through as it is.
class Completion {
public:
    /// @param time  unix seconds, for Date
    /// @param id    for Message-ID, without brackets
    Completion(std::int64_t time, std::string id) : time_(time), id_(std::move(id)) {}

    /// What may go on now; may be empty. Holds until the next call.
    std::string_view pass(std::string_view octets);
    /// At the end of the message: what was still held back, a header without the empty line behind it.
    std::string_view finish();

private:
    std::string missing() const;

    std::int64_t time_;
    std::string id_;
    message::HeaderSplitter splitter_;
    std::string held_;
    bool open_ = false; // all goes through
};

} // namespace pillarbox::smtp
