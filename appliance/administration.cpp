// What an administrator may ask for, on a store that is open.
#include "appliance/administration.h"

#include "appliance/runtime/log.h"
#include "appliance/values.h"
#include "store/store.h"
#include "webstatus/page.h"
#include "webstatus/verdict.h"

#include <array>
#include <optional>

namespace pillarbox::appliance {

namespace {

using runtime::Task;

AdminReply no(std::string text) { return {false, std::move(text)}; }

/// Why the store did not do it, in words.
std::string words(store::StoreError error, const std::string& name) {
    switch (error) {
    case store::StoreError::not_found:
        return "there is no account " + name;
    case store::StoreError::exists:
        return "the account " + name + " is there already";
    case store::StoreError::bad_name:
        return "\"" + name + "\" is no account name: up to 64 of a-z, 0-9, . _ and -, beginning with a letter or digit";
    case store::StoreError::no_space:
        return "the disk is full";
    case store::StoreError::unavailable:
        return "the mailstore is closed after a failure: see the log";
    default:
        return std::string(store::to_string(error));
    }
}

/// alice of alice@example.org, when the domain is one of ours; else the name as it is.
std::string local_name(const store::Store& store, const std::string& name) {
    const auto at = name.find('@');
    if (at == std::string::npos || !store.directory()->is_local(name.substr(at + 1))) return name;
    return name.substr(0, at);
}

/// What speaks against a password; "" when nothing does.
std::string password_fault(const std::string& password) {
    constexpr std::size_t longest = 1024;
    if (password.empty()) return "the password is empty";
    if (password.size() > longest) return "the password is longer than 1024 octets";
    for (const char c : password) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return "the password holds a control character";
    }
    return "";
}

/// The limits asked for, or those of the settings where nothing was asked. Throws BadValue.
store::Limits limits_of(const Settings& settings, const AdminRequest& request) {
    const std::string& quota = request.argument("quota");
    const std::string& messages = request.argument("messages");
    store::Limits limits;
    limits.octets = static_cast<std::int64_t>(quota.empty() ? settings.enroll.quota : parse_octets(quota));
    limits.messages =
        static_cast<std::int64_t>(messages.empty() ? settings.enroll.messages : parse_number(messages, 0, 0xffffffff));
    return limits;
}

std::string in_words(const store::Limits& limits) {
    std::string text = limits.octets == 0 ? "no limit" : format_octets(static_cast<std::uint64_t>(limits.octets));
    if (limits.messages != 0) text += ", " + std::to_string(limits.messages) + " messages";
    return text;
}

Task<AdminReply> enroll(Administration& site, AdminRequest request) {
    const std::string name = local_name(site.store, request.argument("name"));
    const std::string fault = password_fault(request.argument("password"));
    if (!fault.empty()) co_return no(fault);
    std::optional<store::Limits> limits;
    try {
        limits = limits_of(*site.settings(), request);
    } catch (const BadValue& bad) {
        co_return no(std::string("a limit of the account ") + bad.what());
    }
    std::string password = request.argument("password");
    const auto account = co_await site.store.enroll(name, std::move(password), limits);
    if (!account) co_return no(words(account.error(), name));
    const std::string address = account->name + "@" + site.store.directory()->site_domain;
    runtime::log(runtime::LogLevel::major, "admin", "", "enrolled", {{"account", account->name}});
    AdminReply reply{true, "enrolled " + address + ", quota " + in_words(*limits)};
    reply.result = json_object({{"name", account->name}, {"address", address}});
    co_return reply;
}

Task<AdminReply> remove(Administration& site, AdminRequest request) {
    const std::string name = local_name(site.store, request.argument("name"));
    const auto removed = co_await site.store.remove(name);
    if (!removed) co_return no(words(removed.error(), name));
    runtime::log(runtime::LogLevel::major, "admin", "", "deleted", {{"account", name}});
    co_return AdminReply{true, "deleted " + name + " with all its mail"};
}

Task<AdminReply> set_password(Administration& site, AdminRequest request) {
    const std::string name = local_name(site.store, request.argument("name"));
    const std::string fault = password_fault(request.argument("password"));
    if (!fault.empty()) co_return no(fault);
    std::string password = request.argument("password");
    const auto changed = co_await site.store.set_password(name, std::move(password));
    if (!changed) co_return no(words(changed.error(), name));
    runtime::log(runtime::LogLevel::major, "admin", "", "password changed", {{"account", name}});
    co_return AdminReply{true, "changed the password of " + name};
}

Task<AdminReply> status(Administration& site, AdminRequest) {
    if (!site.status) co_return no("no server runs");
    const auto figures = site.status();
    const auto verdict = webstatus::judge(figures);
    AdminReply reply{verdict.level != webstatus::Level::bad, verdict.sentence};
    for (const auto& other : verdict.others) reply.text += "\nAlso: " + other.second;
    for (const auto& tile : verdict.tiles) {
        reply.text += "\n" + tile.name + std::string(14 - std::min<std::size_t>(tile.name.size(), 13), ' ') +
                      tile.figure + " (" + tile.note + ")";
    }
    reply.text += "\nRunning for   " + webstatus::in_words_seconds(figures.uptime) + ", version " + figures.version;
    reply.result = webstatus::render_json(figures, verdict);
    co_return reply;
}

struct Operation {
    std::string_view command;
    Task<AdminReply> (*perform)(Administration&, AdminRequest);
};

constexpr std::array operations{Operation{"enroll", enroll}, Operation{"delete", remove},
                                Operation{"passwd", set_password}, Operation{"status", status}};

} // namespace

Task<AdminReply> perform(Administration& administration, AdminRequest request) {
    const auto wanted = std::find_if(operations.begin(), operations.end(),
                                     [&](const Operation& each) { return each.command == request.command; });
    if (wanted == operations.end()) co_return no("the server does not know the command " + request.command);
    auto task = wanted->perform(administration, std::move(request));
    AdminReply reply = co_await task;
    co_return reply;
}

} // namespace pillarbox::appliance
