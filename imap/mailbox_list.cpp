// Which mailboxes a LIST names (RFC 9051 6.3.9).
#include "imap/mailbox_list.h"

#include "imap/mailbox_name.h"

#include <algorithm>
#include <map>
#include <string_view>

namespace pillarbox::imap {
namespace {

struct Name {
    const store::Mailbox* mailbox = nullptr;
    bool subscribed = false;
    bool matches = false;            // one of the patterns
    bool matches_level = false;      // one that ends in `%`, and so asks for levels too
    bool meets = false;              // the selection options
    bool child_exists = false;       // a mailbox below it
    bool child_meets = false;        // a name below it meets the selection
    bool child_meets_unseen = false; // and is not in the answer itself
};
using Names = std::map<std::string, Name, std::less<>>;

template <class F>
void each_superior(std::string_view name, F f) {
    for (auto slash = name.rfind(delimiter); slash != std::string_view::npos;
         slash = name.rfind(delimiter, slash - 1)) {
        f(name.substr(0, slash));
        if (slash == 0) return;
    }
}

/// Everything that has a name: mailboxes, subscriptions, and the levels above them.
Names all_names(const std::vector<store::Mailbox>& mailboxes, const std::vector<std::string>& subscriptions) {
    Names names;
    for (const store::Mailbox& each : mailboxes) names[each.name].mailbox = &each;
    for (const std::string& each : subscriptions) names[each].subscribed = true;
    std::vector<std::string> superiors;
    for (const auto& [name, facts] : names) {
        each_superior(name, [&](std::string_view above) {
            if (!names.contains(above)) superiors.emplace_back(above);
        });
    }
    for (std::string& above : superiors) names.try_emplace(std::move(above));
    return names;
}

void match(Names& names, const std::vector<ListPattern>& patterns) {
    for (auto& [name, facts] : names) {
        for (const ListPattern& pattern : patterns) {
            if (!pattern.matches(name)) continue;
            facts.matches = true;
            facts.matches_level |= pattern.asks_for_levels();
        }
    }
}

void tell_superiors(Names& names) {
    for (const auto& [name, facts] : names) {
        const bool unseen = facts.meets && !facts.matches;
        each_superior(name, [&names, &facts = facts, unseen](std::string_view above) {
            Name& superior = names.find(above)->second;
            superior.child_exists |= facts.mailbox != nullptr;
            superior.child_meets |= facts.meets;
            superior.child_meets_unseen |= unseen;
        });
    }
}

ListedName listed(const std::string& name, const Name& facts) {
    ListedName line;
    line.name = name;
    line.mailbox = facts.mailbox;
    line.subscribed = facts.subscribed;
    line.has_children = facts.child_exists;
    return line;
}

} // namespace

std::vector<ListedName> list_names(const ListRequest& request, const std::vector<ListPattern>& patterns,
                                   const std::vector<store::Mailbox>& mailboxes,
                                   const std::vector<std::string>& subscriptions) {
    static const std::vector<std::string> none;
    const bool subscriptions_count = request.select_subscribed || request.return_subscribed;
    Names names = all_names(mailboxes, subscriptions_count ? subscriptions : none);
    match(names, patterns);
    for (auto& [name, facts] : names) {
        facts.meets = request.select_subscribed ? facts.subscribed : facts.mailbox != nullptr;
        if (request.select_special_use) {
            facts.meets &= facts.mailbox && facts.mailbox->special_use != store::SpecialUse::none;
        }
    }
    tell_superiors(names);

    const bool selects = request.select_subscribed || request.select_special_use;
    std::vector<ListedName> lines;
    for (const auto& [name, facts] : names) {
        if (!facts.matches) continue;
        // What does not meet the selection is named for what is below it and not named itself (RFC 9051 6.3.9.6).
        const bool as_superior = request.recursive_match ? facts.child_meets_unseen
                                                         : !selects && facts.matches_level && facts.child_meets_unseen;
        if (!facts.meets && !as_superior) continue;
        lines.push_back(listed(name, facts));
        lines.back().child_info = request.recursive_match && facts.child_meets;
    }
    return lines;
}

std::vector<ListedName> lsub_names(const std::vector<ListPattern>& patterns,
                                   const std::vector<store::Mailbox>& mailboxes,
                                   const std::vector<std::string>& subscriptions) {
    Names names = all_names(mailboxes, subscriptions);
    match(names, patterns);
    for (auto& [name, facts] : names) facts.meets = facts.subscribed;
    tell_superiors(names);
    std::vector<ListedName> lines;
    for (const auto& [name, facts] : names) {
        if (!facts.matches) continue;
        if (facts.subscribed) {
            lines.push_back(listed(name, facts));
        } else if (facts.matches_level && facts.child_meets_unseen) {
            lines.push_back(listed(name, facts));
            lines.back().mailbox = nullptr; // \Noselect, even where the mailbox exists: RFC 3501 6.3.9
        }
    }
    return lines;
}

} // namespace pillarbox::imap
