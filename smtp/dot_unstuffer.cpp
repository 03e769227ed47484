// The mail data after DATA: takes out the dots of transparency and finds the end (RFC 5321 4.1.1.4, 4.5.2).
#include "smtp/dot_unstuffer.h"

#include <algorithm>

namespace pillarbox::smtp {

std::string_view DotUnstuffer::next(std::string_view& in) {
    if (in.empty() || done()) return {};
    const char c = in.front();
    switch (state_) {
    case State::line_start:
        if (c != '.') break;
        in.remove_prefix(1);
        state_ = State::dot;
        return {};
    case State::dot:
        if (c != '\r') {
            state_ = State::text; // the dot was stuffed; an LF right behind it is text too, and bare
            break;
        }
        in.remove_prefix(1);
        state_ = State::dot_cr;
        return {};
    case State::dot_cr:
        if (c == '\n') {
            in.remove_prefix(1);
            state_ = State::done;
            return {};
        }
        bare_line_end_ = true;
        state_ = State::text;
        return "\r";
    case State::text_cr:
    case State::text:
    case State::done:
        break;
    }
    return run(in);
}

/// Takes text up to a line that begins with a dot, or all of it. The scans go through memchr, so a line costs a few
/// nanoseconds.
std::string_view DotUnstuffer::run(std::string_view& in) {
    std::size_t at = 0;
    while (at < in.size()) {
        if (state_ == State::line_start && in[at] == '.') break;
        if (state_ == State::text_cr && in[at] != '\n') bare_line_end_ = true;
        const std::size_t lf = std::min(in.find('\n', at), in.size());
        const std::string_view line = in.substr(at, lf - at);
        const bool cr = line.empty() ? state_ == State::text_cr : line.back() == '\r';
        inspect(cr && !line.empty() ? line.substr(0, line.size() - 1) : line);
        if (lf == in.size()) {
            state_ = cr ? State::text_cr : State::text;
            at = lf;
        } else {
            if (!cr) bare_line_end_ = true;
            state_ = cr ? State::line_start : State::text;
            at = lf + 1;
        }
    }
    const std::string_view taken = in.substr(0, at);
    in.remove_prefix(at);
    return taken;
}

void DotUnstuffer::inspect(std::string_view text) {
    if (text.find('\r') != text.npos) bare_line_end_ = true;
    if (text.find('\0') != text.npos) nul_ = true;
}

} // namespace pillarbox::smtp
