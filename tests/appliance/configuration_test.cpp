// Configuration: the file's grammar, errors that name their place, defaults, and the sample in etc/.
#include "appliance/configuration.h"
#include "appliance/ini.h"
#include "appliance/keys.h"
#include "tests/appliance/folder.h"

#include <doctest/doctest.h>

#include <fstream>
#include <functional>
#include <sstream>

using namespace pillarbox::appliance;

namespace {

Configuration make(const std::string& text, const std::vector<std::string>& sets = {}) {
    return make_configuration(text, "site.ini", sets, "mail.example.org");
}

/// The words of the error that f ends with; "" when it ends well.
std::string error_of(const std::function<void()>& f) {
    try {
        f();
        return "";
    } catch (const ConfigError& error) {
        return error.what();
    }
}

std::string error(const std::string& text, const std::vector<std::string>& sets = {}) {
    return error_of([&] { make(text, sets); });
}

} // namespace

TEST_CASE("ini: sections, keys, comments and blanks") {
    const auto entries =
        read_ini("\xef\xbb\xbf; first\r\n[ a ]\r\n  x=1\n y = two words ; said\n\n;z=3\n[b]\nx = a;b\nq=", "f");
    REQUIRE(entries.size() == 4);
    CHECK(entries[0].section == "a");
    CHECK(entries[0].key == "x");
    CHECK(entries[0].value == "1");
    CHECK(entries[0].line == 3);
    CHECK(entries[1].value == "two words");
    CHECK(entries[2].section == "b");
    CHECK(entries[2].value == "a;b");
    CHECK(entries[2].line == 8);
    CHECK(entries[3].value == "");
}

TEST_CASE("ini: what is no INI text is refused with file and line") {
    const auto words = [](const std::string& text) { return error_of([&] { read_ini(text, "f.ini"); }); };
    CHECK(words("x = 1") == "f.ini:1: the key x stands before the first [section]");
    CHECK(words("[a]\nx = 1\n[b]\n[a]\nx = 2") == "f.ini:5: [a] x is already set in line 2");
    CHECK(words("\n[a") == "f.ini:2: a section is written [name]");
    CHECK(words("[]") == "f.ini:1: a section needs a name");
    CHECK(words("[") == "f.ini:1: a section is written [name]");
    CHECK(words("[a]\nlisten") == "f.ini:2: neither [section] nor key = value: listen");
    CHECK(words("[a]\n = 1") == "f.ini:2: there is no key before the =");
    CHECK(words("[a]\n# x") == "f.ini:2: comments begin with ; not with #");
    CHECK(words("[a]\nx = \x01") == "f.ini:2: the line holds a control character");
    CHECK(words(std::string("[a]\nx = \0", 9)) == "f.ini:2: the line holds a control character");
}

TEST_CASE("ini: a line of 4096 octets is the longest") {
    for (const std::size_t size : {4095u, 4096u})
        CHECK(read_ini("[a]\nx=" + std::string(size - 2, 'v'), "f").size() == 1);
    CHECK(error_of([] { read_ini("[a]\nx=" + std::string(4095, 'v'), "f"); }) ==
          "f:2: the line is longer than 4096 octets");
}

TEST_CASE("configuration: an empty file gives every default") {
    const Settings s = make("").settings;
    CHECK(s.site.hostname == "mail.example.org");
    CHECK(s.site.domain == "");
    CHECK(s.smtp.listen == Listen{"[::]:25"});
    CHECK(s.smtp.max_size == 52428800);
    CHECK(s.imap.idle_before_login == 60);
    CHECK(s.imap.idle_after_login == 0);
    CHECK(s.enroll.quota == 1073741824);
    CHECK(s.auth.cleartext == Cleartext::never);
    CHECK(s.server.user.name == "pillarbox");
    CHECK(s.log.file == "-");
}

TEST_CASE("configuration: the file sets, --set is stronger, the last --set wins") {
    const std::string text = "[smtp]\nlisten = off\n[log]\nlevel = all\nformat = json ; for the collector\n";
    const auto c = make(text, {"log.level=problem", "smtp.submission=127.0.0.1:587", "log.level=detail"});
    CHECK(c.settings.smtp.listen.empty());
    CHECK(c.settings.smtp.submission == Listen{"127.0.0.1:587"});
    CHECK(c.settings.log.level == pillarbox::runtime::LogLevel::detail);
    CHECK(c.settings.log.json);
}

TEST_CASE("configuration: a wrong key or value names file, line and key") {
    CHECK(error("[smtp]\n\nlisen = [::]:25") ==
          "site.ini:3: unknown key lisen in [smtp]; it has listen, submission, submissions, max_size, max_recipients, "
          "max_sessions");
    CHECK(error("[smpt]\nlisten = off") ==
          "site.ini:2: unknown section [smpt]; there are [site] [smtp] [imap] [web] [spool] [store] "
          "[enroll] [auth] [tls] [server] [log]");
    CHECK(error("[log]\nformat = xml") == "site.ini:2: [log] format: \"xml\" must be text or json");
    CHECK(error("[log]\nfile =") == "site.ini:2: [log] file: an empty value must name a file");
    CHECK(error("[smtp]\nmax_size = 65535") == "site.ini:2: [smtp] max_size: \"65535\" must be from 64K to 1G");
    CHECK(error("[smtp]\nmax_size = 64K") == "");
    CHECK(error("[smtp]\nmax_size = 1G") == "");
    CHECK(error("[smtp]\nmax_size = 1073741825") ==
          "site.ini:2: [smtp] max_size: \"1073741825\" must be from 64K to 1G");
    CHECK(error("", {"log.format=xml"}) == "--set log.format=xml: [log] format: \"xml\" must be text or json");
    CHECK(error("", {"log"}) == "--set log: must be SECTION.KEY=VALUE");
    CHECK(error("", {"log=a.b"}) == "--set log=a.b: must be SECTION.KEY=VALUE");
    CHECK(error("[smtp]\nlisten=off\nsubmission=off\nsubmissions=off\n[imap]\nlisten=off\nlisten_tls=off") ==
          "site.ini: every listener of [smtp] and [imap] is off: nothing to serve");
}

TEST_CASE("configuration: whom the server becomes is a name or numbers") {
    const auto user = [](const std::string& v) { return make("[server]\nuser = " + v).settings.server.user; };
    CHECK(user("mail").name == "mail");
    CHECK(user("").name == "");
    CHECK(user("1000:1001").numeric);
    CHECK(user("1000:1001").uid == 1000);
    CHECK(user("1000:1001").gid == 1001);
    CHECK(error("[server]\nuser = 1000") ==
          "site.ini:2: [server] user: \"1000\" must be a name of /etc/passwd, numbers as UID:GID, or empty");
    CHECK(error("[server]\nuser = 0:0") == "site.ini:2: [server] user: \"0:0\" must be a number from 1 to 4294967294");
    CHECK(error("[server]\nuser = 1:") == "site.ini:2: [server] user: \"1:\" must be a number from 1 to 4294967294");
}

TEST_CASE("configuration: looked for by option, host name, then the common name") {
    const Folder folder;
    ConfigSources sources{folder.path, "", {}};
    CHECK(error_of([&] { load_configuration(sources); }).substr(0, 27) == "no configuration: neither /");
    folder.put("pillarbox.ini", "[site]\ndomain = common.test\n");
    CHECK(load_configuration(sources).settings.site.domain == "common.test");
    folder.put(system_hostname() + ".ini", "[site]\ndomain = own.test\n");
    CHECK(load_configuration(sources).settings.site.domain == "own.test");
    folder.put("other.ini", "[site]\ndomain = other.test\n");
    sources.file = folder.path + "/other.ini";
    CHECK(load_configuration(sources).settings.site.domain == "other.test");
    sources.file = folder.path + "/none.ini";
    CHECK(error_of([&] { load_configuration(sources); }) == sources.file + ": No such file or directory");
    sources.file = folder.path;
    CHECK(error_of([&] { load_configuration(sources); }) == sources.file + ": is not a file");
}

TEST_CASE("configuration: a file of 256 KiB is the largest") {
    const Folder folder;
    const std::string line = ";" + std::string(1022, '-') + "\n";
    std::string text;
    for (int i = 0; i < 256; ++i) text += line;
    folder.put("pillarbox.ini", text);
    const ConfigSources sources{folder.path, folder.path + "/pillarbox.ini", {}};
    CHECK(error_of([&] { load_configuration(sources); }) == "");
    folder.put("pillarbox.ini", text + "\n");
    CHECK(error_of([&] { load_configuration(sources); }) == sources.file + ": is larger than 256 KiB");
}

TEST_CASE("configuration: a reload tells what waits for a restart") {
    const auto running = make("");
    CHECK(waits_for_restart(running, make("[log]\nlevel = all")) == "");
    const auto wanted = make("[spool]\nworkers = 2\n[imap]\nlisten = off\n[server]\nloops = 3\n");
    CHECK(waits_for_restart(running, wanted) == "[imap] listen, [server] loops");
    const auto now = reloaded(running, wanted);
    CHECK(now.settings.spool.workers == 2);
    CHECK(now.settings.imap.listen == Listen{"[::]:143"});
    CHECK(now.settings.site.hostname == "mail.example.org");
    CHECK(waits_for_restart(now, wanted) == "[imap] listen, [server] loops");
}

TEST_CASE("configuration: files of settings are relative to the data folder") {
    CHECK(in_data_folder("/srv/mail", "tls/cert.pem") == "/srv/mail/tls/cert.pem");
    CHECK(in_data_folder("/srv/mail", "/etc/x.pem") == "/etc/x.pem");
    CHECK(in_data_folder("/srv/mail", "-") == "-");
}

TEST_CASE("etc/pillarbox.ini: lists every key with its default, as the table has it") {
    std::ifstream in(PILLARBOX_SOURCE "/etc/pillarbox.ini");
    std::ostringstream text;
    text << in.rdbuf();
    CHECK(text.str() == sample_configuration());
    const auto entries = read_ini(text.str(), "etc/pillarbox.ini");
    REQUIRE(entries.size() == keys().size());
    for (std::size_t i = 0; i < entries.size(); ++i) {
        CHECK(entries[i].section == keys()[i].section);
        CHECK(entries[i].key == keys()[i].name);
        CHECK(entries[i].value == keys()[i].fallback);
    }
}
