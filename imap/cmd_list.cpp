// LIST (RFC 9051 6.3.9), LSUB (RFC 3501 6.3.9) and NAMESPACE (RFC 9051 6.3.10).
#include "imap/mailbox_list.h"
#include "imap/parser.h"
#include "imap/session.h"
#include "imap/status.h"
#include "store/store.h"
#include "store/volume.h"

namespace pillarbox::imap {

using runtime::Task;

namespace {

/// A pattern in the wrong coding matches nothing and is no error (RFC 9051 6.3.9).
std::vector<ListPattern> canonical_patterns(const ListRequest& request, NameCoding coding) {
    std::vector<ListPattern> patterns;
    const auto reference = decode_name(request.reference, coding);
    if (!reference) return patterns;
    for (const std::string& each : request.patterns) {
        if (each.empty()) continue;
        const auto decoded = decode_name(each, coding);
        if (!decoded) continue;
        if (auto pattern = ListPattern::make(*reference, *decoded)) patterns.push_back(std::move(*pattern));
    }
    return patterns;
}

class Attributes {
public:
    explicit Attributes(std::string& out) : out_(out) { out_ += '('; }
    ~Attributes() { out_ += ") \"/\" "; }
    Attributes(const Attributes&) = delete;
    Attributes& operator=(const Attributes&) = delete;
    void add(std::string_view name) {
        if (out_.back() != '(') out_ += ' ';
        out_ += name;
    }

private:
    std::string& out_;
};

struct Style {
    bool subscribed;  // \Subscribed is wanted
    bool nonexistent; // the client knows \NonExistent: RFC 9051, RFC 5258
    bool quoted_selection_subscribed, quoted_selection_special_use;
};

void write_list_line(std::string& out, const ListedName& line, const std::string& wire_name, const Style& style) {
    out += "* LIST ";
    {
        Attributes attributes(out);
        if (!line.mailbox) attributes.add(style.nonexistent ? "\\NonExistent" : "\\Noselect");
        attributes.add(line.has_children ? "\\HasChildren" : "\\HasNoChildren");
        if (style.subscribed && line.subscribed) attributes.add("\\Subscribed");
        if (line.mailbox && line.mailbox->special_use != store::SpecialUse::none) {
            attributes.add(store::to_string(line.mailbox->special_use));
        }
    }
    out += wire_name;
    if (line.child_info) {
        out += " (\"CHILDINFO\" (";
        if (style.quoted_selection_subscribed) out += "\"SUBSCRIBED\"";
        if (style.quoted_selection_special_use) {
            out += style.quoted_selection_subscribed ? " \"SPECIAL-USE\"" : "\"SPECIAL-USE\"";
        }
        out += "))";
    }
    out += "\r\n";
}

std::string list(store::Snapshot& snapshot, const Session& session, const ListRequest& request) {
    const store::AccountId account = session.account().id;
    const auto mailboxes = snapshot.mailboxes(account);
    const Style style{request.select_subscribed || request.return_subscribed, request.extended || session.rev2(),
                      request.select_subscribed, request.select_special_use};
    const auto subscriptions = style.subscribed ? snapshot.subscriptions(account) : std::vector<std::string>();
    const auto patterns = canonical_patterns(request, session.names());
    std::string out;
    for (const ListedName& line : list_names(request, patterns, mailboxes, subscriptions)) {
        std::string wire_name;
        session.write_name(wire_name, line.name);
        write_list_line(out, line, wire_name, style);
        if (!request.status.empty() && line.mailbox) {
            write_status(out, wire_name, *line.mailbox, request.status, snapshot);
        }
    }
    return out;
}

std::string lsub(store::Snapshot& snapshot, const Session& session, const ListRequest& request) {
    const store::AccountId account = session.account().id;
    const auto mailboxes = snapshot.mailboxes(account);
    const auto subscriptions = snapshot.subscriptions(account);
    const auto patterns = canonical_patterns(request, session.names());
    std::string out;
    for (const ListedName& line : lsub_names(patterns, mailboxes, subscriptions)) {
        out += "* LSUB ";
        {
            Attributes attributes(out);
            if (!line.mailbox) attributes.add("\\Noselect");
        }
        session.write_name(out, line.name);
        out += "\r\n";
    }
    return out;
}

/// The answer to an empty pattern: the delimiter, and that names have no root (RFC 9051 6.3.9).
bool asks_for_delimiter(const ListRequest& request) { return !request.extended && request.patterns.front().empty(); }

} // namespace

Task<Completion> cmd_list(Session& session, Parser& args) {
    args.space();
    const ListRequest request = args.list();
    args.end();
    if (asks_for_delimiter(request)) {
        session.write("* LIST (\\Noselect) \"/\" \"\"\r\n");
        co_return ok("LIST completed");
    }
    const Session* const self = &session;
    auto look = [self, &request](store::Snapshot& snapshot) { return list(snapshot, *self, request); };
    const std::string out = co_await session.store().volume_of(session.account().id).read(look);
    session.write(out);
    co_return ok("LIST completed");
}

Task<Completion> cmd_lsub(Session& session, Parser& args) {
    args.space();
    ListRequest request;
    request.reference = args.mailbox();
    args.space();
    request.patterns.push_back(args.list_mailbox());
    args.end();
    if (asks_for_delimiter(request)) {
        session.write("* LSUB (\\Noselect) \"/\" \"\"\r\n");
        co_return ok("LSUB completed");
    }
    const Session* const self = &session;
    auto look = [self, &request](store::Snapshot& snapshot) { return lsub(snapshot, *self, request); };
    const std::string out = co_await session.store().volume_of(session.account().id).read(look);
    session.write(out);
    co_return ok("LSUB completed");
}

Task<Completion> cmd_namespace(Session& session, Parser& args) {
    args.end();
    session.write("* NAMESPACE ((\"\" \"/\")) NIL NIL\r\n");
    co_return ok("NAMESPACE completed");
}

} // namespace pillarbox::imap
