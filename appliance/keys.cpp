// The table of all settings: what may stand in a configuration, what it means and what holds without it.
//
// A key stands here from the day on which it does something, and nothing else knows its name or its default.
#include "appliance/keys.h"

#include "appliance/values.h"

#include <algorithm>
#include <array>

namespace pillarbox::appliance {

namespace {

using Text = std::string_view;

std::uint32_t count(Text text, std::uint32_t least, std::uint32_t most) {
    return static_cast<std::uint32_t>(parse_number(text, least, most));
}

std::string file_name(Text text) {
    if (text.empty()) throw BadValue("must name a file");
    return std::string(text);
}

User parse_user(Text text) {
    User user;
    const auto colon = text.find(':');
    if (colon == Text::npos) {
        user.name = text;
        if (text.find_first_of("/ \t") != Text::npos || (!text.empty() && text.front() >= '0' && text.front() <= '9')) {
            throw BadValue("must be a name of /etc/passwd, numbers as UID:GID, or empty");
        }
        return user;
    }
    user.numeric = true;
    user.uid = count(text.substr(0, colon), 1, 0xfffffffe);
    user.gid = count(text.substr(colon + 1), 1, 0xfffffffe);
    return user;
}

constexpr bool at_start = true, on_reload = false;

const std::vector<Key> table{
    // -- [site]
    {"site", "domain", "",
     "The domain whose mail is kept here: mail for alice@DOMAIN goes to the account alice. It is that of the\n"
     "mailstore, made by `pillarbox init`; another one is refused. Empty: whatever the mailstore says.",
     at_start, [](Settings& s, Text v) { s.site.domain = parse_host(v); }},
    {"site", "hostname", "",
     "The name of this server, as it greets and as its certificate says. Empty: the system's host name.", at_start,
     [](Settings& s, Text v) { s.site.hostname = parse_host(v); }},

    // -- [smtp]
    {"smtp", "listen", "[::]:25",
     "Where other mail servers bring mail. Like every listen value: ADDRESS:PORT, several by comma, or off;\n"
     "addresses are numeric, [::] is all of IPv6 and IPv4.",
     at_start, [](Settings& s, Text v) { s.smtp.listen = parse_listen(v); }},
    {"smtp", "submission", "[::]:587", "Where the site's own people send mail after a log-in, with STARTTLS.", at_start,
     [](Settings& s, Text v) { s.smtp.submission = parse_listen(v); }},
    {"smtp", "submissions", "[::]:465", "The same with TLS from the first octet on (RFC 8314).", at_start,
     [](Settings& s, Text v) { s.smtp.submissions = parse_listen(v); }},
    {"smtp", "max_size", "50M",
     "The largest message taken, by SMTP or IMAP's APPEND: octets, or a number with K, M, G or T.", on_reload,
     [](Settings& s, Text v) {
         s.smtp.max_size = parse_octets(v);
         // RFC 5321 4.5.3.1.7 asks for 64K at least; above 1 GiB no client sends and every buffer would have to grow.
         if (s.smtp.max_size < 64 << 10 || s.smtp.max_size > 1 << 30) throw BadValue("must be from 64K to 1G");
     }},
    {"smtp", "max_recipients", "1000", "How many recipients one message may have (RFC 5321 4.5.3.1.8: at least 100).",
     on_reload, [](Settings& s, Text v) { s.smtp.max_recipients = count(v, 100, 10000); }},
    {"smtp", "max_sessions", "1000", "How many SMTP sessions there may be at a time; more are greeted with 421.",
     on_reload, [](Settings& s, Text v) { s.smtp.max_sessions = count(v, 1, 100000); }},

    // -- [imap]
    {"imap", "listen", "[::]:143", "Where mail programs read mail, with STARTTLS.", at_start,
     [](Settings& s, Text v) { s.imap.listen = parse_listen(v); }},
    {"imap", "listen_tls", "[::]:993", "The same with TLS from the first octet on (RFC 8314).", at_start,
     [](Settings& s, Text v) { s.imap.listen_tls = parse_listen(v); }},
    {"imap", "idle_timeout", "60 0",
     "How many seconds a silent client is kept: before log-in, and after it. The second is 0 for ever, or at least\n"
     "1800 (RFC 9051 5.4).",
     on_reload,
     [](Settings& s, Text v) {
         const auto timeout = parse_idle_timeout(v);
         s.imap.idle_before_login = timeout.first;
         s.imap.idle_after_login = timeout.second;
     }},
    {"imap", "max_sessions", "10000", "How many IMAP sessions there may be at a time; more are greeted with BYE.",
     on_reload, [](Settings& s, Text v) { s.imap.max_sessions = count(v, 1, 1000000); }},

    // -- [web]
    {"web", "listen", "127.0.0.1:8025",
     "Where the status page is: a loopback address, as it asks nobody for a password.", at_start,
     [](Settings& s, Text v) { s.web.listen = parse_loopback_listen(v); }},

    // -- [spool]
    {"spool", "workers", "1", "How many delivery workers bring accepted mail into the mailboxes.", on_reload,
     [](Settings& s, Text v) { s.spool.workers = count(v, 1, 64); }},

    // -- [store]
    {"store", "undelete", "7",
     "For how many days expunged messages are kept where they can be restored; 0: not at all.", at_start,
     [](Settings& s, Text v) { s.store.undelete_days = count(v, 0, 3650); }},
    {"store", "floor", "0",
     "New mail is refused while the disk has less than this free; reading and deleting go on. 0: one hundredth of\n"
     "the disk, but at least 256M and at most 2G.",
     at_start, [](Settings& s, Text v) { s.store.floor = parse_octets(v); }},

    // -- [enroll]
    {"enroll", "quota", "1G", "How much mail a new account may hold; 0 is no limit.", on_reload,
     [](Settings& s, Text v) { s.enroll.quota = parse_octets(v); }},
    {"enroll", "messages", "0", "How many messages a new account may hold; 0 is no limit.", on_reload,
     [](Settings& s, Text v) { s.enroll.messages = parse_number(v, 0, 0xffffffff); }},

    // -- [auth]
    {"auth", "cleartext", "never",
     "Whether a password is taken on a connection without TLS: never, loopback (only from this machine), always.",
     on_reload,
     [](Settings& s, Text v) {
         constexpr std::array modes{Cleartext::never, Cleartext::loopback, Cleartext::always};
         s.auth.cleartext = modes[parse_choice(v, {"never", "loopback", "always"})];
     }},

    // -- [tls]
    {"tls", "certificate", "tls/cert.pem",
     "The certificate with its chain, in PEM. A name without a leading / is looked for in the data folder.", on_reload,
     [](Settings& s, Text v) { s.tls.certificate = file_name(v); }},
    {"tls", "key", "tls/key.pem", "The certificate's private key, in PEM.", on_reload,
     [](Settings& s, Text v) { s.tls.key = file_name(v); }},

    // -- [server]
    {"server", "loops", "0", "How many threads serve connections; 0: half the cores, at least one.", at_start,
     [](Settings& s, Text v) { s.server.loops = count(v, 0, 64); }},
    {"server", "readers", "0", "How many threads read the mailstore and check passwords; 0: twice the cores.", at_start,
     [](Settings& s, Text v) { s.server.readers = count(v, 0, 256); }},
    {"server", "user", "pillarbox",
     "Whom the server becomes once it has bound its ports, when it is started as root: a name of /etc/passwd, or\n"
     "numbers as UID:GID. Empty, or a name that is not there: it stays who it is.",
     at_start, [](Settings& s, Text v) { s.server.user = parse_user(v); }},

    // -- [log]
    {"log", "level", "major",
     "How much is said: failure, major, problem, detail or all; each includes those before it.", on_reload,
     [](Settings& s, Text v) {
         using enum runtime::LogLevel;
         constexpr std::array levels{failure, major, problem, detail, all};
         s.log.level = levels[parse_choice(v, {"failure", "major", "problem", "detail", "all"})];
     }},
    {"log", "format", "text", "text: lines to read; json: one JSON object a line.", on_reload,
     [](Settings& s, Text v) {
         s.log.json = parse_choice(v, {"text", "json"}) == 1;
     }},
    {"log", "file", "-",
     "Where the log goes: - for standard error, or a file (in the data folder, if the name has no leading /),\n"
     "which is opened anew on SIGHUP.",
     on_reload, [](Settings& s, Text v) { s.log.file = file_name(v); }},
};

} // namespace

const std::vector<Key>& keys() { return table; }

const Key* find_key(std::string_view section, std::string_view name) {
    const auto found = std::find_if(table.begin(), table.end(),
                                    [&](const Key& key) { return key.section == section && key.name == name; });
    return found == table.end() ? nullptr : &*found;
}

std::string describe_unknown(std::string_view section, std::string_view name) {
    std::string names, sections;
    for (const auto& key : table) {
        if (key.section == section) names += (names.empty() ? "" : ", ") + std::string(key.name);
        const std::string bracketed = "[" + std::string(key.section) + "]";
        if (sections.find(bracketed) == std::string::npos) sections += (sections.empty() ? "" : " ") + bracketed;
    }
    if (names.empty()) return "unknown section [" + std::string(section) + "]; there are " + sections;
    return "unknown key " + std::string(name) + " in [" + std::string(section) + "]; it has " + names;
}

std::string sample_configuration(const std::map<std::string, std::string>& values) {
    std::string text = "; Configuration of pillarbox: every key, what it means, and its default.\n"
                       "; A comment begins with a semicolon. What is not set here has the default shown.\n"
                       "; Any of these can also be given to pillarbox serve as --set SECTION.KEY=VALUE.\n"
                       "; Keys marked (restart) are read at start only; the others also on SIGHUP.\n";
    std::string_view section;
    for (const auto& key : table) {
        if (key.section != section) text += "\n[" + std::string(section = key.section) + "]";
        std::string help(key.help);
        if (key.at_start) help += " (restart)";
        for (std::size_t at = 0; (at = help.find('\n', at)) != std::string::npos;) help.replace(at, 1, "\n; "), at += 3;
        text += "\n; " + help + "\n" + std::string(key.name) + " =";
        const auto given = values.find(std::string(key.section) + "." + std::string(key.name));
        const std::string value(given == values.end() ? key.fallback : given->second);
        if (!value.empty()) text += " " + value;
        text += "\n";
    }
    return text;
}

} // namespace pillarbox::appliance
