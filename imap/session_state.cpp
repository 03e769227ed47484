// What a session knows between commands: who is logged in, which mailbox is selected, what the client has been told.
#include "imap/session.h"

#include "appliance/runtime/log.h"
#include "imap/characters.h"

#include <utility>

namespace pillarbox::imap {

using runtime::Task;

void Session::logged_in(store::Account account) {
    account_ = std::move(account);
    phase_ = Phase::authenticated;
    note_state();
    runtime::log(runtime::LogLevel::major, "imap", log_id_, "logged in",
                 {{"account", account_.name}, {"address", stream_->peer().address}});
}

void Session::tls_started() {
    rev2_ = false;
    failed_logins_ = 0;
    note_state();
}

void Session::select(Selected mailbox) {
    selected_.emplace(std::move(mailbox));
    phase_ = Phase::selected;
    note_state();
}

// \Recent belongs to the first session that was told of a message (RFC 3501 2.3.2): what arrived meanwhile is claimed
// when the mailbox is left, not by a transaction for each arrival.
Task<void> Session::unselect() {
    if (!selected_) co_return;
    if (selected_->has_unclaimed() && !rev2_) {
        const auto claimed = co_await selected_->view().claim_recent();
        if (!claimed) runtime::log(runtime::LogLevel::all, "imap", log_id_, "recent not claimed");
    }
    leave();
}

void Session::leave() {
    selected_.reset();
    if (phase_ == Phase::selected) phase_ = Phase::authenticated;
    note_state();
}

Task<void> Session::tell_changes(Numbers numbers) {
    const auto changes = co_await selected_->view().changes(selected_->position());
    const bool gone = changes ? changes->mailbox_gone : changes.error() == store::StoreError::mailbox_gone;
    if (gone) {
        farewell_ = "* BYE The selected mailbox was deleted\r\n";
        leave();
        log_out();
        co_return;
    }
    if (!changes) co_return; // the volume is closed for now; the next command asks again
    std::string out;
    selected_->tell(*changes, numbers, !rev2_, out);
    if (out.empty()) co_return;
    write(out);
    co_await stream_->drain();
}

void Session::tell_keywords(const std::shared_ptr<const store::Keywords>& keywords) {
    std::string out;
    selected_->tell_keywords(keywords, out);
    write(out);
}

void Session::log_detail(std::string_view event, const std::string& what) const {
    runtime::log(runtime::LogLevel::detail, "imap", log_id_, event, {{"what", what}});
}

void Session::on_change() {
    if (idling_) stream_->wake();
}

store::Result<std::string> Session::mailbox_name(const std::string& wire) const {
    if (auto name = decode_name(wire, names())) return std::move(*name);
    return store::refused(store::StoreError::bad_name);
}

void Session::write_name(std::string& out, std::string_view name) const {
    write_astring(out, encode_name(name, names()), quoting());
}

void Session::announce_name(const std::string& wire, const std::string& name) {
    if (!rev2_ || wire == name || equal_ignoring_case(wire, name)) return;
    std::string out = "* LIST () \"/\" ";
    write_name(out, name);
    out += " (\"OLDNAME\" (";
    write_string(out, wire, quoting());
    out += "))\r\n";
    write(out);
}

} // namespace pillarbox::imap
