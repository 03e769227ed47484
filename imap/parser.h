// Reads one IMAP command, one method per grammar rule (RFC 9051 9; RFC 3501 9 for what rev1 clients still say).
//
// It works on a whole command, literals in place, and does no I/O. Every count and depth is bounded; nothing recurses.
#pragma once

#include "imap/fetch_request.h"
#include "imap/list_request.h"
#include "imap/search_program.h"
#include "imap/sequence_set.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pillarbox::imap {

/// The command is not what the grammar says; what() tells the client where and why. The dispatcher answers BAD.
struct SyntaxError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Bounds on what one command may hold; each is tested at n - 1, n and n + 1.
namespace limits {
inline constexpr std::size_t command = 64 * 1024; // octets, literals included, CRLFs not
inline constexpr std::size_t tag = 255;
inline constexpr std::size_t flags = 100;       // in one list
inline constexpr std::size_t keyword = 250;     // octets
inline constexpr std::size_t fetch_items = 100; // of one FETCH
inline constexpr std::size_t field_names = 500; // of one HEADER.FIELDS
inline constexpr std::size_t part_depth = 100;  // numbers in 1.2.3
inline constexpr std::size_t search_keys = 1000;
inline constexpr std::size_t search_depth = 100;
inline constexpr std::size_t patterns = 100;  // of one LIST
inline constexpr std::size_t id_pairs = 30;   // RFC 2971 3.3
inline constexpr std::size_t id_field = 30;   // octets, same place
inline constexpr std::size_t id_value = 1024; // octets, same place
} // namespace limits

/// Flags as written. System flags go by name too: which bits they are is the store's business.
struct FlagList {
    std::vector<std::string> system; ///< as RFC 9051 2.3.2 spells them: `\Seen`; \Recent is left out
    std::vector<std::string> keywords;
};

/// What STORE does (RFC 9051 6.4.6).
struct StoreRequest {
    enum class Mode : std::uint8_t { replace, add, remove };
    Mode mode = Mode::replace;
    bool silent = false;
    FlagList flags;
};

/// The announcement of a literal whose octets have not been read: APPEND's message.
struct LiteralSize {
    std::uint64_t octets = 0;
    bool synchronizing = true; ///< the client waits for `+` (RFC 7888)
    bool binary = false;       ///< literal8 (RFC 3516 4.4)
};

class Parser {
public:
    /// @param command  without its last CRLF
    explicit Parser(std::string command) : text_(std::move(command)) {}
    Parser(const Parser&) = delete; // views point into it
    Parser& operator=(const Parser&) = delete;

    // -- words
    std::string_view tag();
    std::string_view atom();
    std::string astring();
    std::string string();
    std::optional<std::string> nstring();
    std::uint32_t number();
    std::uint64_t number64();
    std::uint32_t nz_number();

    // -- what stands between them
    void space();
    void expect(char c);
    bool accept(char c);
    /// Takes this word if it comes next, whole: not as the start of a longer one.
    bool accept_word(std::string_view word);
    /// Whether this character comes next.
    bool at(char c) const { return peek() == c; }
    bool at_end() const { return at_ == text_.size(); }
    /// Nothing may follow.
    void end();

    // -- rules with a meaning
    std::string mailbox() { return astring(); }
    SequenceSet sequence_set();
    std::string flag_keyword();
    FlagList flag_list();
    StoreRequest store_att_flags();
    std::int64_t date();      ///< days since 1970-01-01
    std::int64_t date_time(); ///< unix seconds
    FetchRequest fetch_att();
    SearchRequest search();
    ListRequest list();
    std::string list_mailbox();
    StatusItems status_items(); ///< `(MESSAGES UIDNEXT)`
    std::vector<std::pair<std::string, std::optional<std::string>>> id_params();
    /// `{n}` or `~{n+}` at the very end of the text read.
    LiteralSize literal_size();

    /// Octets read so far.
    std::size_t position() const { return at_; }
    /// The rest, unread; for commands that answer for themselves.
    std::string_view rest() const { return std::string_view(text_).substr(at_); }

    /// Throws a SyntaxError that names the place.
    [[noreturn]] void fail(const std::string& expected) const;

private:
    char peek() const { return at_end() ? '\0' : text_[at_]; }
    template <class Predicate>
    std::string_view take_while(Predicate allowed, const char* what);
    std::uint64_t digits(std::uint64_t largest, const char* what);
    std::string quoted();
    std::string_view literal();
    std::uint32_t sequence_number();
    void flag(FlagList& list);

    FetchItem fetch_item();
    void section(FetchItem& item);
    void section_text(FetchItem& item);
    std::string section_part();
    void partial(FetchItem& item);
    std::vector<std::string> header_list();

    SearchReturn search_return();
    class SearchKeys;
    bool search_key(SearchKeys& keys);
    SearchStep search_test(std::string_view word);
    SearchStep text_key(SearchTest test, std::string header);
    SearchStep date_key(SearchTest test);

    void list_select(ListRequest& request);
    void list_return(ListRequest& request);

    std::string text_;
    std::size_t at_ = 0;
};

} // namespace pillarbox::imap
