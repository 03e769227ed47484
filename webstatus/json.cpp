// The figures as JSON.
#include "webstatus/escape.h"
#include "webstatus/page.h"

#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>

#include <sstream>

namespace pillarbox::webstatus {

namespace {

using Poco::JSON::Array;
using Poco::JSON::Object;

std::string text_of(const Object& object) {
    std::ostringstream out;
    object.stringify(out);
    return out.str() + "\n";
}

Object sessions(const ProtocolStatus& protocol) {
    Object object;
    object.set("now", protocol.now);
    object.set("total", protocol.total);
    return object;
}

Array listeners(const SiteStatus& status) {
    Array array;
    for (const auto& listener : status.listeners) {
        Object object(Poco::JSON_PRESERVE_KEY_ORDER);
        object.set("service", listener.service);
        object.set("address", listener.address);
        object.set("tls", listener.tls);
        object.set("open", listener.open);
        array.add(object);
    }
    return array;
}

Array others(const Verdict& verdict) {
    Array array;
    for (const auto& other : verdict.others) array.add(valid_utf8(other.second));
    return array;
}

Array parts(const Verdict& verdict) {
    Array array;
    for (const auto& tile : verdict.tiles) {
        Object object(Poco::JSON_PRESERVE_KEY_ORDER);
        object.set("name", tile.name);
        object.set("status", std::string(to_string(tile.level)));
        object.set("figure", valid_utf8(tile.figure));
        object.set("note", valid_utf8(tile.note));
        array.add(object);
    }
    return array;
}

} // namespace

std::string render_health(const Verdict& verdict) {
    Object object(Poco::JSON_PRESERVE_KEY_ORDER);
    object.set("status", std::string(to_string(verdict.level)));
    object.set("verdict", valid_utf8(verdict.sentence));
    return text_of(object);
}

std::string render_json(const SiteStatus& status, const Verdict& verdict) {
    Object object(Poco::JSON_PRESERVE_KEY_ORDER);
    object.set("format", 1);
    object.set("status", std::string(to_string(verdict.level)));
    object.set("verdict", valid_utf8(verdict.sentence));
    object.set("also", others(verdict));
    object.set("hostname", status.hostname);
    object.set("domain", status.domain);
    object.set("version", status.version);
    object.set("time", status.now);
    object.set("uptime_seconds", status.uptime);
    object.set("memory_octets", status.memory_octets);
    object.set("accounts", status.accounts);
    object.set("messages_accepted", status.accepted);
    object.set("deliveries", status.delivered);
    object.set("deliveries_postponed", status.postponed);
    object.set("recipients_refused", status.refused_recipients);
    object.set("messages_refused", status.refused_messages);
    object.set("submission_logins_failed", status.failed_logins);
    object.set("queue", status.queue);
    object.set("commits", status.commits);
    object.set("last_commit_ms", status.last_commit_ms);
    object.set("accepting", status.accepting);
    object.set("disk_free_octets", status.disk_free);
    object.set("disk_floor_octets", status.disk_floor);
    object.set("certificate_not_after", status.certificate_not_after);
    object.set("smtp_sessions", sessions(status.smtp));
    object.set("imap_sessions", sessions(status.imap));
    object.set("web_sessions", sessions(status.web));
    object.set("parts", parts(verdict));
    object.set("listeners", listeners(status));
    return text_of(object);
}

} // namespace pillarbox::webstatus
