// Command line, clock, percentiles and generated text: what all load tools share.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace pillarbox::bench {

/// A wrong command line: the tool prints it and ends with status 2.
struct UsageError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// `--name value` pairs. Every option a tool reads has a default; one it never read is an error.
class Options {
public:
    Options(int argc, char** argv) {
        for (int i = 1; i < argc; i += 2) {
            const std::string name = argv[i];
            if (name.rfind("--", 0) != 0) throw UsageError("expected --NAME VALUE, got '" + name + "'");
            if (i + 1 == argc) throw UsageError(name + " needs a value");
            values_[name.substr(2)] = argv[i + 1];
        }
    }

    std::string text(const std::string& name, const std::string& otherwise) {
        const auto found = values_.find(name);
        if (found == values_.end()) return otherwise;
        std::string value = found->second;
        values_.erase(found);
        return value;
    }

    std::uint64_t number(const std::string& name, std::uint64_t otherwise) {
        const std::string value = text(name, std::to_string(otherwise));
        const bool digits = !value.empty() && value.find_first_not_of("0123456789") == std::string::npos;
        if (!digits || value.size() > 18) throw UsageError("--" + name + " wants a number, got '" + value + "'");
        return std::stoull(value);
    }

    /// Numbers separated by commas: the ids of the server's top processes.
    std::vector<int> pids(const std::string& name) {
        std::vector<int> found;
        std::string list = text(name, "");
        for (std::size_t at = 0; at < list.size();) {
            const std::size_t comma = std::min(list.find(',', at), list.size());
            found.push_back(std::atoi(list.substr(at, comma - at).c_str()));
            at = comma + 1;
        }
        return found;
    }

    /// To be called once everything was read.
    void end() const {
        if (!values_.empty()) throw UsageError("unknown option --" + values_.begin()->first);
    }

private:
    std::map<std::string, std::string> values_;
};

/// Runs a tool and turns what it throws into a message and an exit status: 1 failed, 2 usage.
template <class Tool>
int run_tool(const char* name, int argc, char** argv, Tool tool) {
    try {
        Options options(argc, argv);
        tool(options);
        return 0;
    } catch (const UsageError& error) {
        std::fprintf(stderr, "%s: %s\n", name, error.what());
        return 2;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s: %s\n", name, error.what());
        return 1;
    }
}

/// Seconds on the monotonic clock.
inline double now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// The value that `share` (0..1) of the samples do not exceed; 0 when there are none.
inline double percentile(std::vector<double> samples, double share) {
    if (samples.empty()) return 0;
    const auto rank = static_cast<std::size_t>(share * static_cast<double>(samples.size() - 1) + 0.5);
    std::nth_element(samples.begin(), samples.begin() + static_cast<std::ptrdiff_t>(rank), samples.end());
    return samples[rank];
}

inline void print(const char* key, double value) { std::printf("%s=%.4f\n", key, value); }

/// "user%d" with a number in place of %d; a name without %d stays as it is.
inline std::string numbered(std::string pattern, std::uint64_t number) {
    const std::size_t at = pattern.find("%d");
    if (at != std::string::npos) pattern.replace(at, 2, std::to_string(number));
    return pattern;
}

/// One MiB of lines that read like prose to a compressor: a slice of 10 KB shrinks to about 0.4 with
/// zstd level 1. The same seed gives the same text on every machine.
inline std::string prose(std::uint32_t seed = 1) {
    std::mt19937 random(seed);
    std::vector<std::string> words;
    for (int i = 0; i < 600; ++i) {
        std::string word;
        for (unsigned length = 2 + random() % 8; length > 0; --length) {
            word += "etaoinshrdlucmfwypvbgkjqxz"[std::min(random() % 26, random() % 26)];
        }
        words.push_back(word);
    }
    std::string text;
    std::string line;
    while (text.size() < 1024 * 1024) {
        // The product of two draws favours the front of the list, as prose favours its common words.
        const std::size_t pick = (random() % words.size()) * (random() % words.size()) / words.size();
        line += words[pick];
        if (line.size() > 66) {
            text += line + ".\r\n";
            line.clear();
        } else {
            line += ' ';
        }
    }
    return text;
}

/// Builds messages of one size, each with its own Message-ID and its own slice of the text.
class MessageMaker {
public:
    explicit MessageMaker(std::size_t size) : text_(prose()), size_(size), run_(std::random_device{}()) {}

    /// A whole message with CRLF line ends and no line that begins with a dot: it may go behind DATA as it is.
    std::string make(std::uint64_t number, const std::string& from, const std::string& to) const {
        const std::string name = std::to_string(number) + '.' + std::to_string(run_);
        std::string message = "From: Load <" + from + ">\r\nTo: <" + to + ">\r\nSubject: message " + name +
                              "\r\nDate: Mon, 02 Nov 2026 10:00:00 +0000\r\nMessage-ID: <" + name +
                              "@bench.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=us-ascii\r\n"
                              "X-Bench-Id: " +
                              name + "\r\n\r\n";
        std::size_t at = number * 7919 % (text_.size() / 2);
        at = text_.find('\n', at) + 1;
        const std::size_t wanted = size_ > message.size() + 2 ? size_ - message.size() - 2 : 0;
        message.append(text_, at, wanted);
        // The slice may have ended inside a line, or between CR and LF.
        if (message.back() == '\r') message.back() = '.';
        if (message.back() != '\n') message += "\r\n";
        return message;
    }

private:
    std::string text_;
    std::size_t size_;
    unsigned run_; // tells apart the messages of two runs
};

} // namespace pillarbox::bench
