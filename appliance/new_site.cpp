// Makes the data folder of a new site.
#include "appliance/new_site.h"

#include "appliance/files.h"
#include "appliance/keys.h"
#include "appliance/refusal.h"
#include "appliance/runtime/tls.h"
#include "store/store.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

namespace pillarbox::appliance {

namespace {

constexpr int certificate_days = 3650; // nobody renews a self-signed one: it is to be replaced

/// Empties a folder again unless the site was finished.
class Undo {
public:
    explicit Undo(std::string folder) : folder_(std::move(folder)) {}
    ~Undo() {
        if (finished_) return;
        std::error_code ignored;
        for (const auto& entry : std::filesystem::directory_iterator(folder_, ignored)) {
            std::filesystem::remove_all(entry.path(), ignored);
        }
        rmdir(folder_.c_str());
    }
    void finished() { finished_ = true; }
    Undo(const Undo&) = delete;
    Undo& operator=(const Undo&) = delete;

private:
    std::string folder_;
    bool finished_ = false;
};

void make_folder(const std::string& folder) {
    if (mkdir(folder.c_str(), 0700) == 0) return;
    if (errno != EEXIST) throw Refusal(folder + ": " + std::strerror(errno));
    std::error_code error;
    const bool empty = std::filesystem::is_empty(folder, error);
    if (error) throw Refusal(folder + ": " + error.message());
    if (!empty) throw Refusal(folder + " is not empty: init makes a new site and changes no other");
}

void settle_owner(const NewSite& site) {
    if (geteuid() == 0 && site.owner) {
        if (chown(site.folder.c_str(), site.owner->uid, site.owner->gid) != 0) {
            throw Refusal(site.folder + ": " + std::strerror(errno));
        }
        become(*site.owner);
    }
    if (chmod(site.folder.c_str(), 0700) != 0) throw Refusal(site.folder + ": " + std::strerror(errno));
}

void write_certificate(const NewSite& site) {
    const auto certificate = runtime::make_self_signed(site.hostname, certificate_days);
    const std::string folder = site.folder + "/tls";
    if (mkdir(folder.c_str(), 0700) != 0) throw Refusal(folder + ": " + std::strerror(errno));
    write_new(folder + "/cert.pem", certificate.chain_pem);
    write_new(folder + "/key.pem", certificate.key_pem);
}

} // namespace

void make_site(const NewSite& site) {
    make_folder(site.folder);
    Undo undo(site.folder);
    settle_owner(site);
    store::Store::create(site.folder, site.domain);
    write_certificate(site);
    auto settings = site.settings;
    settings["site.domain"] = site.domain;
    settings["site.hostname"] = site.hostname;
    write_new(site.folder + "/pillarbox.ini", sample_configuration(settings));
    undo.finished();
}

} // namespace pillarbox::appliance
