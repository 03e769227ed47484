// pillarbox check: reads configuration, certificate and mailstore, and says what is wrong.
#include "appliance/account_command.h"
#include "appliance/certificate.h"
#include "appliance/keys.h"
#include "appliance/privileges.h"
#include "appliance/runtime/clock.h"
#include "store/store.h"
#include "webstatus/verdict.h"

#include <cstdio>
#include <sys/stat.h>

namespace pillarbox::appliance {

namespace {

/// Prints a line for each thing looked at and counts what is wrong.
class Findings {
public:
    void good(const std::string& text) const { std::printf("good   %s\n", text.c_str()); }
    void wrong(const std::string& text) {
        std::printf("WRONG  %s\n", text.c_str());
        ++wrong_;
    }
    int status() const {
        std::printf(wrong_ == 0 ? "All is well.\n" : "%d to be put right.\n", wrong_);
        return wrong_ == 0 ? 0 : 1;
    }

private:
    int wrong_ = 0;
};

void check_key_mode(Findings& findings, const std::string& file) {
    struct stat status {};
    if (stat(file.c_str(), &status) != 0 || (status.st_mode & 077) == 0) return;
    findings.wrong(file + " can be read by others: chmod 600");
}

void check_tls(Findings& findings, const Settings& settings, const std::string& data) {
    try {
        const runtime::TlsContext context(load_certificate(settings, data));
        const std::int64_t left = context.not_after() - runtime::unix_seconds();
        const std::string name = "certificate " + in_data_folder(data, settings.tls.certificate);
        if (left <= 0) {
            findings.wrong(name + " has expired");
        } else {
            findings.good(name + ", " + webstatus::in_words_seconds(left) + " until it expires");
        }
    } catch (const std::exception& error) {
        findings.wrong(std::string("certificate: ") + error.what());
    }
    check_key_mode(findings, in_data_folder(data, settings.tls.key));
}

void check_user(Findings& findings, const User& user) {
    if (user.numeric || user.name.empty() || resolve_user(user)) return;
    findings.good("[server] user " + user.name + " is not in /etc/passwd: the server runs as who starts it");
}

void check_store(Findings& findings, const std::string& data) {
    try {
        runtime::Pool pool(1);
        store::StoreSettings settings;
        settings.folder = data;
        const store::Store store(settings, pool);
        const auto status = store.status();
        findings.good("mailstore with " + std::to_string(status.accounts) + " accounts, " +
                      std::to_string(status.spool_length) + " deliveries waiting, " +
                      webstatus::in_words_octets(status.free_octets) + " free");
        if (!status.trouble.empty()) findings.wrong("mailstore: " + status.trouble);
        if (!status.accepting) findings.wrong("mailstore: takes no new mail");
    } catch (const store::StoreFailure& failure) {
        findings.wrong(std::string("mailstore: ") + failure.what());
    }
}

} // namespace

int cmd_check(const CheckOptions& options) {
    if (options.defaults) {
        std::fputs(sample_configuration().c_str(), stdout);
        return 0;
    }
    const std::string& data = options.site.data;
    adopt_owner(data);
    const Configuration configuration = load_configuration(options.site); // what is wrong there ends with status 2
    Findings findings;
    findings.good("configuration " + configuration.file);
    check_user(findings, configuration.settings.server.user);
    check_tls(findings, configuration.settings, data);
    if (const auto reply = ask_server(data, {"status", {}})) {
        const std::string words = "server that runs: " + reply->text.substr(0, reply->text.find('\n'));
        if (reply->ok) {
            findings.good(words);
        } else {
            findings.wrong(words);
        }
    } else {
        check_store(findings, data);
    }
    return findings.status();
}

} // namespace pillarbox::appliance
