// Address lists (RFC 5322 3.4 with the obsolete syntax of 4.4, RFC 9051 7.5.2), read in one pass.
#include "store/message/address.h"
#include "store/message/lexer.h"

#include <utility>

namespace pillarbox::message {
namespace {

// The words before a special: as a phrase (`John Q. Public`) and as a local part (`john.q.public`, whatever blanks
// stood around the dots, RFC 5322 4.4).
struct Words {
    std::string phrase, local;
    std::size_t count = 0; // dots do not count
};

class AddressReader {
public:
    AddressReader(std::string_view value, std::size_t limit) : lexer_(value), limit_(limit) {}

    std::vector<Address> read() {
        while (!lexer_.at_end() && out_.size() < limit_) entry();
        if (in_group_) out_.push_back({});
        return std::move(out_);
    }

private:
    void entry() {
        comment_.clear();
        Words words = this->words();
        switch (lexer_.peek()) {
        case ':':
            lexer_.skip(), begin_group(words);
            break;
        case '<':
            angle_address(named(words));
            break;
        case '@':
            plain_address(words);
            break;
        default:
            if (words.count > 0) bare_words(words);
            end_of_entry();
        }
    }

    Words words() {
        Words words;
        bool blank_before = false, dot_before = true;
        for (;;) {
            if (lexer_.skip_cfws(&comment_)) blank_before = true;
            const bool is_dot = lexer_.peek() == '.';
            word_.clear();
            if (is_dot)
                lexer_.skip(), word_ = ".";
            else if (!word())
                return words;
            const bool is_first = words.count == 0 && words.local.empty();
            if (blank_before && !is_first) words.phrase += ' ';
            if (blank_before && !is_first && !is_dot && !dot_before) words.local += ' ';
            words.phrase += word_;
            words.local += word_;
            words.count += !is_dot;
            blank_before = false;
            dot_before = is_dot;
        }
    }

    // Reads a word into word_, perhaps an empty one: "".
    bool word() {
        if (lexer_.peek() == '"') {
            lexer_.quoted_string(word_);
            return true;
        }
        if (!lexer_.encoded_word(word_)) lexer_.atom(word_);
        return !word_.empty();
    }

    static Address named(const Words& words) {
        Address address;
        if (words.count > 0) address.name = words.phrase;
        return address;
    }

    void begin_group(const Words& words) {
        if (in_group_) return; // groups do not nest: a stray colon
        in_group_ = true;
        Address marker;
        marker.mailbox = words.phrase;
        out_.push_back(std::move(marker));
    }

    // `Name <@route:local@domain>`
    void angle_address(Address address) {
        while (lexer_.take('<')) lexer_.skip_cfws(); // some write two
        if (lexer_.peek() == '@' || lexer_.peek() == ',') address.adl = route();
        address.mailbox = words().local;
        address.host = lexer_.take('@') ? domain() : std::string();
        while (!lexer_.at_end() && lexer_.peek() != '>' && lexer_.peek() != ',' && lexer_.peek() != ';') junk();
        lexer_.take('>');
        finish(std::move(address));
    }

    // `@a,@b:` (RFC 5322 4.4, obs-route)
    std::string route() {
        std::string out;
        while (!lexer_.at_end() && lexer_.peek() != ':' && lexer_.peek() != '>') {
            lexer_.skip_cfws();
            if (lexer_.take('@')) {
                if (!out.empty()) out += ',';
                out += '@' + domain();
            } else if (lexer_.peek() != ':' && lexer_.peek() != '>') {
                lexer_.skip();
            }
        }
        lexer_.take(':');
        return out;
    }

    // `local@domain`, with `(Name)` before or after it
    void plain_address(const Words& words) {
        lexer_.skip();
        Address address;
        address.mailbox = words.local;
        address.host = domain();
        lexer_.skip_cfws(&comment_);
        if (lexer_.peek() != '<') return finish(std::move(address));
        // `a@b <a@b>`: what came first should have been quoted.
        Address again;
        again.name = words.phrase + '@' + *address.host;
        angle_address(std::move(again));
    }

    // Words without an address: one is taken for a mailbox, several for a name.
    void bare_words(const Words& words) {
        Address address;
        address.mailbox = words.count == 1 ? words.local : std::string();
        address.host = std::string();
        if (words.count > 1) address.name = words.phrase;
        finish(std::move(address));
    }

    std::string domain() {
        std::string out;
        for (;;) {
            lexer_.skip_cfws(&comment_);
            if (lexer_.peek() == '[')
                lexer_.domain_literal(out);
            else
                lexer_.atom(out);
            lexer_.skip_cfws(&comment_);
            if (!lexer_.take('.')) return out;
            out += '.';
        }
    }

    void finish(Address address) {
        while (!lexer_.at_end() && lexer_.peek() != ',' && lexer_.peek() != ';') junk();
        if (!address.name && !comment_.empty()) address.name = std::move(comment_);
        out_.push_back(std::move(address));
        end_of_entry();
    }

    // Steps over what has no place here.
    void junk() {
        if (lexer_.skip_cfws(&comment_) || lexer_.at_end()) return;
        word_.clear();
        if (!word()) lexer_.skip();
    }

    // At a comma, a semicolon (the end of a group, or a comma as some senders write it), the end, or a stray special.
    void end_of_entry() {
        if (lexer_.peek() == ';' && in_group_ && out_.size() < limit_) {
            in_group_ = false;
            out_.push_back({});
        }
        if (lexer_.peek() != ';' || !in_group_) lexer_.skip();
    }

    Lexer lexer_;
    std::size_t limit_;
    std::vector<Address> out_;
    std::string comment_, word_;
    bool in_group_ = false;
};

} // namespace

std::vector<Address> parse_addresses(std::string_view value, std::size_t limit) {
    return AddressReader(value, limit).read();
}

} // namespace pillarbox::message
