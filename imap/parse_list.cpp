// The arguments of LIST and STATUS (RFC 9051 6.3.9 and 6.3.11; RFC 5258, RFC 5819, RFC 6154).
#include "imap/characters.h"
#include "imap/parser.h"

#include <algorithm>

namespace pillarbox::imap {

StatusItems Parser::status_items() {
    struct Word {
        std::string_view word;
        StatusItem item;
    };
    static constexpr Word words[] = {
        {"MESSAGES", StatusItem::messages}, {"RECENT", StatusItem::recent},
        {"UIDNEXT", StatusItem::uidnext},   {"UIDVALIDITY", StatusItem::uidvalidity},
        {"UNSEEN", StatusItem::unseen},     {"DELETED", StatusItem::deleted},
        {"SIZE", StatusItem::size},
    };
    StatusItems items;
    expect('(');
    do {
        const auto* found = std::ranges::find_if(words, [this](const Word& word) { return accept_word(word.word); });
        if (found == std::end(words)) fail("a status item");
        if (std::ranges::find(items, found->item) == items.end()) items.push_back(found->item);
    } while (accept(' '));
    expect(')');
    return items;
}

// An option given twice counts once (RFC 9051 6.3.9). REMOTE changes nothing: all mailboxes are local.
void Parser::list_select(ListRequest& request) {
    if (accept(')')) return;
    do {
        if (accept_word("SUBSCRIBED")) {
            request.select_subscribed = true;
        } else if (accept_word("SPECIAL-USE")) {
            request.select_special_use = true;
        } else if (accept_word("RECURSIVEMATCH")) {
            request.recursive_match = true;
        } else if (!accept_word("REMOTE")) {
            fail("a selection option");
        }
    } while (accept(' '));
    expect(')');
    if (request.recursive_match && !request.select_subscribed && !request.select_special_use) {
        throw SyntaxError("RECURSIVEMATCH needs a selection option beside it"); // RFC 9051 6.3.9.1
    }
}

void Parser::list_return(ListRequest& request) {
    expect('(');
    if (accept(')')) return;
    do {
        if (accept_word("SUBSCRIBED")) {
            request.return_subscribed = true;
        } else if (accept_word("CHILDREN")) {
            request.return_children = true;
        } else if (accept_word("SPECIAL-USE")) {
            request.return_special_use = true;
        } else if (accept_word("STATUS")) {
            space();
            request.status = status_items();
        } else {
            fail("a return option");
        }
    } while (accept(' '));
    expect(')');
}

std::string Parser::list_mailbox() {
    if (peek() == '"' || peek() == '{') return string();
    return std::string(take_while(is_list_char, "a mailbox pattern"));
}

ListRequest Parser::list() {
    ListRequest request;
    if (accept('(')) {
        request.extended = true;
        list_select(request);
        space();
    }
    request.reference = mailbox();
    space();
    if (accept('(')) { // several patterns: RFC 5258 3
        request.extended = true;
        do {
            if (request.patterns.size() == limits::patterns) throw SyntaxError("Too many patterns");
            request.patterns.push_back(list_mailbox());
        } while (accept(' '));
        expect(')');
    } else {
        request.patterns.push_back(list_mailbox());
    }
    if (!accept(' ')) return request;
    if (!accept_word("RETURN")) fail("RETURN");
    request.extended = true;
    space();
    list_return(request);
    return request;
}

} // namespace pillarbox::imap
