// APPEND (RFC 9051 6.3.12, RFC 4315 3): the message goes into the store as it comes.
#include "appliance/runtime/clock.h"
#include "imap/flags.h"
#include "imap/parser.h"
#include "imap/session.h"
#include "store/store.h"
#include "store/volume.h"

#include <algorithm>

namespace pillarbox::imap {

using runtime::Task;

namespace {

constexpr std::size_t piece = 64 * 1024;

/// Reads the message. False: it holds a NUL, which no client could be sent (RFC 9051 9, CHAR8).
Task<bool> receive(Session& session, store::Incoming& message, std::uint64_t octets) {
    bool sound = true;
    while (octets > 0) {
        const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(octets, piece));
        const std::string_view taken = co_await session.stream().read_some(most);
        octets -= taken.size();
        sound = sound && taken.find('\0') == std::string_view::npos;
        if (!sound) continue; // read to the end, but kept no more
        message.feed(taken);
        if (message.full()) co_await message.drain();
    }
    co_return sound;
}

/// What can be said before the message is sent.
Task<std::optional<Completion>> refuse_early(Session& session, std::string mailbox, std::uint64_t octets) {
    if (octets == 0) co_return no("CANNOT", "There is no empty message");
    if (octets > session.settings().max_message) co_return no("TOOBIG", "The message is too large");
    const store::AccountId account = session.account().id;
    auto look = [account, mailbox](store::Snapshot& snapshot) {
        return snapshot.mailbox(account, mailbox).has_value();
    };
    const bool exists = co_await session.store().volume_of(account).read(look);
    if (!exists) co_return no("TRYCREATE", "There is no such mailbox");
    const auto allowed = session.store().may_receive(session.account(), octets);
    if (!allowed) co_return no(allowed.error());
    co_return std::nullopt;
}

} // namespace

Task<Completion> cmd_append(Session& session, Parser& args) {
    args.space();
    const std::string wire = args.mailbox();
    args.space();
    FlagList flags;
    if (args.at('(')) {
        flags = args.flag_list();
        args.space();
    }
    std::int64_t date = runtime::unix_seconds();
    if (args.at('"')) {
        date = args.date_time();
        args.space();
    }
    const LiteralSize size = args.literal_size();
    args.end();
    if (size.binary) co_return bad("Messages are taken as plain literals only");
    auto name = session.mailbox_name(wire);
    if (!name) co_return no(name.error());
    auto refusal = co_await refuse_early(session, *name, size.octets);
    if (refusal) co_return std::move(*refusal);

    session.take_message();
    if (size.synchronizing) session.write("+ Ready for the message\r\n");
    store::Incoming message = session.store().incoming(session.account());
    const bool sound = co_await receive(session, message, size.octets);
    const runtime::Line rest = co_await session.stream().read_line(limits::command);
    if (!rest.text.empty()) {
        const auto more = announced_literal(rest.text);
        if (more) session.another_message(*more);
        co_return bad("APPEND takes one message");
    }
    if (!sound) co_return no("CANNOT", "The message contains NUL");

    const auto finished = co_await message.finish();
    if (!finished) co_return no(finished.error());
    const store::FlagChange change = flag_change(store::FlagMode::replace, flags);
    const auto appended =
        co_await session.store().append(session.account().id, *name, std::move(message), change, date);
    if (!appended) {
        if (appended.error() == store::StoreError::not_found) co_return no("TRYCREATE", "There is no such mailbox");
        co_return no(appended.error());
    }
    std::string code = "APPENDUID ";
    write_number(code, appended->uidvalidity.value);
    code += ' ';
    write_number(code, appended->uid.value);
    co_return ok(std::move(code), "APPEND completed");
}

} // namespace pillarbox::imap
