// Reading one volume consistently (see snapshot.h).
#include "store/snapshot.h"

#include "store/body_folder.h"
#include "store/db.h"
#include "store/message/blob.h"
#include "store/table_account.h"
#include "store/table_entry.h"
#include "store/table_mailbox.h"
#include "store/table_message.h"

#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <strings.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace pillarbox::store {
namespace {

constexpr std::int64_t page_ns = 20'000'000; // how long a reader keeps the gate (DESIGN 4)

std::int64_t monotonic_ns() {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

/// A body in its row.
class RowBody final : public BodyReader {
public:
    explicit RowBody(std::string stored) : stored_(std::move(stored)), reader_(std::string_view(stored_)) {}
    std::uint64_t size() const override { return reader_.size(); }
    void read(std::uint64_t offset, std::uint64_t length, std::string& out) const override {
        reader_.read(offset, length, [&out](std::string_view octets) { out += octets; });
    }

private:
    std::string stored_;
    mutable message::BodyReader reader_;
};

/// An open file, closed with its owner.
class File {
public:
    explicit File(const std::string& path) : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
        if (fd_ < 0) throw std::system_error(errno, std::generic_category(), path);
    }
    ~File() { ::close(fd_); }
    File(const File&) = delete;
    File& operator=(const File&) = delete;

    std::uint64_t size() const {
        struct stat status {};
        if (::fstat(fd_, &status) != 0) throw std::system_error(errno, std::generic_category(), "fstat");
        return static_cast<std::uint64_t>(status.st_size);
    }
    std::size_t read_at(std::uint64_t offset, char* out, std::size_t n) const {
        std::size_t done = 0;
        while (done < n) {
            const auto got = ::pread(fd_, out + done, n - done, static_cast<off_t>(offset + done));
            if (got < 0 && errno == EINTR) continue;
            if (got < 0) throw std::system_error(errno, std::generic_category(), "pread");
            if (got == 0) break;
            done += static_cast<std::size_t>(got);
        }
        return done;
    }

private:
    int fd_;
};

class FileBody final : public BodyReader {
public:
    explicit FileBody(const std::string& path)
        : file_(path),
          reader_([this](std::uint64_t offset, char* out, std::size_t n) { return file_.read_at(offset, out, n); },
                  file_.size()) {}
    std::uint64_t size() const override { return reader_.size(); }
    void read(std::uint64_t offset, std::uint64_t length, std::string& out) const override {
        reader_.read(offset, length, [&out](std::string_view octets) { out += octets; });
    }

private:
    File file_;
    mutable message::BodyReader reader_;
};

} // namespace

Snapshot::Snapshot(Db& db, BodyFolder& bodies) : db_(db), bodies_(bodies), until_ns_(monotonic_ns() + page_ns) {}
Snapshot::~Snapshot() = default;

bool Snapshot::expired() const { return monotonic_ns() > until_ns_; }

std::optional<Mailbox> Snapshot::mailbox(MailboxId id) { return mailbox_table::get(db_, id); }

std::optional<Mailbox> Snapshot::mailbox(AccountId account, std::string_view name) {
    const bool inbox = name.size() == 5 && strncasecmp(name.data(), "INBOX", 5) == 0;
    return mailbox_table::get(db_, account, inbox ? std::string_view("INBOX") : name);
}

std::vector<Mailbox> Snapshot::mailboxes(AccountId account) { return mailbox_table::all(db_, account); }
std::vector<std::string> Snapshot::subscriptions(AccountId account) { return subscription_table::all(db_, account); }
Keywords Snapshot::keywords(MailboxId mailbox) { return keyword_table::get(db_, mailbox); }

std::optional<Usage> Snapshot::usage(AccountId account) {
    const auto row = account_table::get(db_, account);
    if (!row) return std::nullopt;
    return Usage{row->octets, row->messages, row->reserved};
}

void Snapshot::entries(MailboxId mailbox, const UidSet& uids, const std::function<bool(const Entry&)>& each) {
    for (const UidRange& range : uids.ranges())
        if (!entry_table::scan(db_, mailbox, range.first, range.last, each)) return;
}

void Snapshot::envelopes(MailboxId mailbox, const UidSet& uids, const std::function<bool(const EnvelopeRow&)>& each) {
    for (const UidRange& range : uids.ranges())
        if (!envelope_table::scan(db_, mailbox, range.first, range.last, each)) return;
}

std::optional<Entry> Snapshot::entry(MailboxId mailbox, Uid uid) { return entry_table::get(db_, mailbox, uid); }

std::string Snapshot::prefix(MailboxId mailbox, Uid uid) {
    std::string prefix;
    envelope_table::scan(db_, mailbox, uid.value, uid.value, [&](const EnvelopeRow& row) {
        prefix = row.prefix;
        return false;
    });
    return prefix;
}

std::optional<HeaderRow> Snapshot::header(MessageId message) {
    header_buffer_ = header_table::get(db_, message);
    if (!header_buffer_) return std::nullopt;
    return HeaderRow{header_buffer_->data, header_buffer_->structure, header_buffer_->preview};
}

std::unique_ptr<BodyReader> Snapshot::body(MessageId message) {
    const auto row = message_table::get(db_, message);
    if (!row) return nullptr;
    if (!row->file.empty()) return std::make_unique<FileBody>(bodies_.path(row->file));
    return std::make_unique<RowBody>(body_table::get(db_, message));
}

Uid Snapshot::first_unseen(MailboxId mailbox) { return entry_table::first_unseen(db_, mailbox); }
UidSet Snapshot::expunged_since(MailboxId mailbox, ModSeq since) { return expunged_table::since(db_, mailbox, since); }

} // namespace pillarbox::store
