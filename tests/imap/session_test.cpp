// Greeting to good-bye: states, log-in, TLS, ENABLE, limits of a session (RFC 9051 3 and 6.1 to 6.3.1).
#include "imap/parser.h"
#include "tests/imap/transcript.h"

#include "appliance/runtime/tls.h"
#include "tests/runtime/shifted_clock.h"

using namespace pillarbox;
using namespace pillarbox::imap;

namespace {

Settings cleartext(Cleartext rule) {
    Settings settings;
    settings.cleartext = rule;
    return settings;
}

} // namespace

TEST_CASE("imap session: greeting, CAPABILITY, NOOP, ID, LOGOUT") { // RFC 9051 6.1
    TestSite site;
    site.play(R"(
        S: * OK [CAPABILITY IMAP4rev1 IMAP4rev2 SASL-IR LITERAL+ ENABLE ID LOGINDISABLED] mail.example.org *
        C: a CAPABILITY
        S: * CAPABILITY IMAP4rev1 IMAP4rev2 SASL-IR LITERAL+ ENABLE ID LOGINDISABLED
        S: a OK CAPABILITY completed
        C: b noop
        S: b OK NOOP completed
        C: c ID ("name" "test" "version" NIL)
        S: * ID ("name" "pillarbox" "version" *
        S: c OK ID completed
        C: c2 ID NIL
        S: * ID *
        S: c2 OK ID completed
        C: d LOGOUT
        S: * BYE *
        S: d OK LOGOUT completed
        S: <closed>
    )");
}

TEST_CASE("imap session: commands are held to their state") { // RFC 9051 3
    TestSite site(cleartext(Cleartext::loopback));
    site.play(R"(
        S: * OK *
        C: a SELECT INBOX
        S: a BAD Log in first
        C: b FETCH 1 FLAGS
        S: b BAD Log in first
        C: c LOGIN alice secret
        S: c OK [CAPABILITY IMAP4rev1 IMAP4rev2 *
        C: d LOGIN alice secret
        S: d BAD You are logged in already
        C: e FETCH 1 FLAGS
        S: e BAD Select a mailbox first
        C: f XYZZY
        S: f BAD There is no such command
        C: g UID XYZZY
        S: g BAD There is no such command
        C: h NOOP now
        S: h BAD Expected the end of the command at octet 7
        C: i
        S: i BAD Expected a space at octet 2
        C: + NOOP
        S: * BAD Expected a tag at octet 1
    )");
}

TEST_CASE("imap LOGIN: name and password in all forms of string") { // RFC 9051 6.2.3
    TestSite site(cleartext(Cleartext::loopback));
    site.play(R"(
        S: * OK *
        C: a LOGIN alice wrong
        S: a NO [AUTHENTICATIONFAILED] Name or password is wrong
        C: b LOGIN nobody secret
        S: b NO [AUTHENTICATIONFAILED] Name or password is wrong
        C: c LOGIN alice
        S: c BAD *
        C: d LOGIN {5}
        S: + OK
        C: alice {6}
        S: + OK
        C: secret
        S: d OK [CAPABILITY *
        S2: * OK *
        C2: a LOGIN {17+}
        C2: alice@example.org "secret"
        S2: a OK *
    )");
}

TEST_CASE("imap LOGIN: not without TLS, unless it is allowed") { // RFC 9051 6.2.3, RFC 5530 PRIVACYREQUIRED
    TestSite never;
    never.play(R"(
        S: * OK [CAPABILITY *
        C: a LOGIN alice secret
        S: a NO [PRIVACYREQUIRED] *
        C: b AUTHENTICATE PLAIN AGFsaWNlAHNlY3JldA==
        S: b NO [PRIVACYREQUIRED] *
    )");
    TestSite always(cleartext(Cleartext::always));
    always.play(R"(
        S: * OK [CAPABILITY IMAP4rev1 IMAP4rev2 SASL-IR LITERAL+ ENABLE ID AUTH=PLAIN] *
        C: a LOGIN alice secret
        S: a OK *
    )");
}

TEST_CASE("imap LOGIN: five wrong passwords end the connection") {
    TestSite site(cleartext(Cleartext::always));
    site.play(R"(
        S: * OK *
        C: 1 LOGIN alice a
        S: 1 NO *
        C: 2 LOGIN alice a
        S: 2 NO *
        C: 3 LOGIN alice a
        S: 3 NO *
        C: 4 LOGIN alice a
        S: 4 NO *
        C: 5 LOGIN alice a
        S: 5 NO [AUTHENTICATIONFAILED] *
        S: * BYE Too many failed log-ins
        S: <closed>
    )");
}

TEST_CASE("imap AUTHENTICATE: PLAIN with and without initial response") { // RFC 9051 6.2.2, RFC 4616, RFC 4959
    TestSite site(cleartext(Cleartext::always));
    site.play(R"(
        S: * OK *
        C: a AUTHENTICATE CRAM-MD5
        S: a NO [CANNOT] *
        C: b AUTHENTICATE PLAIN
        S: + *
        C: *
        S: b BAD *
        C: c AUTHENTICATE PLAIN !!!
        S: c BAD That is not base64
        C: d AUTHENTICATE PLAIN YWxpY2U=
        S: d BAD That is not what PLAIN sends
        C: e NOOP
        S: e OK *
        C: f AUTHENTICATE PLAIN Ym9iAGFsaWNlAHNlY3JldA==
        S: f NO [AUTHORIZATIONFAILED] *
        C: g AUTHENTICATE plain
        S: + *
        C: AGFsaWNlAHNlY3JldA==
        S: g OK [CAPABILITY *
        S2: * OK *
        C2: a AUTHENTICATE PLAIN AGFsaWNlAHNlY3JldA==
        S2: a OK *
    )");
}

TEST_CASE("imap STARTTLS: capabilities change, and what was sent ahead is dropped") { // RFC 9051 6.2.1
    TestSite plain;
    plain.play(R"(
        S: * OK *
        C: a STARTTLS
        S: a NO [CANNOT] TLS is not available
    )");

    store::TestStore store;
    store.enroll("alice");
    runtime::TlsContext tls(runtime::make_self_signed("mail.example.org", 1));
    Service service(store.store(), Settings{}, &tls);
    runtime::MemoryPeer peer;
    store.loop().spawn(
        serve(service, std::make_unique<runtime::Stream>(store.loop(), peer.transport(), runtime::Peer{})));
    std::string seen;
    const auto talk = [&](std::string_view said) {
        peer.send(said);
        for (int turn = 0; turn < 20; ++turn) store.loop().run_once(std::chrono::milliseconds(2));
        seen = peer.received();
    };
    talk("");
    CHECK(seen.find(" STARTTLS LOGINDISABLED]") != std::string::npos);
    talk("a STARTTLS\r\nb NOOP\r\n");
    CHECK(seen == "a OK Begin TLS negotiation now\r\n");
    CHECK(peer.tls());
    talk("c CAPABILITY\r\n");
    CHECK(seen ==
          "* CAPABILITY IMAP4rev1 IMAP4rev2 SASL-IR LITERAL+ ENABLE ID AUTH=PLAIN\r\nc OK CAPABILITY completed\r\n");
    talk("d STARTTLS\r\n");
    CHECK(seen == "d BAD TLS is in use already\r\n");
    talk("e LOGIN alice secret\r\n");
    CHECK(seen.starts_with("e OK "));
    CHECK(service.sessions().at(0).tls);
    talk("f LOGOUT\r\n");
    CHECK(store.loop().tasks() == 0);
}

TEST_CASE("imap ENABLE: IMAP4rev2, once or twice, and unknown names") { // RFC 9051 6.3.1
    TestAccount alice;
    alice.imap(R"(
        C: a ENABLE X-UNKNOWN
        S: * ENABLED
        S: a OK *
        C: b ENABLE imap4REV2 X-UNKNOWN
        S: * ENABLED IMAP4rev2
        S: b OK *
        C: c ENABLE
        S: c BAD *
    )");
}

TEST_CASE("imap session: hidden capabilities are not announced") {
    Settings settings;
    settings.hidden_capabilities = {"IMAP4rev2", "ID"};
    TestSite site(settings);
    site.play(R"(
        S: * OK [CAPABILITY IMAP4rev1 SASL-IR LITERAL+ ENABLE LOGINDISABLED] *
    )");
}

TEST_CASE("imap session: the limit of sessions") {
    Settings settings;
    settings.max_sessions = 2;
    TestSite site(settings);
    site.play(R"(
        S: * OK *
        S2: * OK *
        S3: * BYE [UNAVAILABLE] Too many connections, try again later
        S3: <closed>
        C: a LOGOUT
        S: * BYE *
        S: a OK *
        S4: * OK *
    )");
}

TEST_CASE("imap session: nonsense without end ends the connection") {
    TestSite site;
    site.play(R"(
        S: * OK *
        C: GET / HTTP/1.1
        S: GET BAD *
        C: Host: example
        S: Host: BAD *
        C: a b
        S: a BAD *
        C: a b
        S: a BAD *
        C: a b
        S: a BAD *
        S: * BYE Too many commands that lead nowhere
        S: <closed>
    )");
}

TEST_CASE("imap session: the command's size has a limit") { // RFC 7888 4
    TestAccount alice;
    alice.imap("");
    TestSite& site = alice.site();
    const auto answer = [&](std::size_t octets) { // of a whole command
        const std::string head = "a NOOP ";
        site.send(1, head + std::string(octets - head.size(), 'x') + "\r\n");
        return site.receive(1);
    };
    CHECK(answer(limits::command - 1) == "a BAD Expected the end of the command at octet 7");
    CHECK(answer(limits::command) == "a BAD Expected the end of the command at octet 7");
    site.send(1, "b LOGIN {70000}\r\n");
    CHECK(site.receive(1) == "b BAD [TOOBIG] Command too long");
    site.send(1, "c LOGIN {70000+}\r\n" + std::string(70000, 'x') + " {3+}\r\nabc\r\nd NOOP\r\n");
    CHECK(site.receive(1) == "c BAD [TOOBIG] Command too long");
    CHECK(site.receive(1) == "d OK NOOP completed");
    site.send(1, "e LOGIN {99999999999999999999999}\r\n");
    CHECK(site.receive(1) == "e BAD [TOOBIG] Command too long");
    CHECK(answer(limits::command + 1) == "a BAD Command line too long");
    CHECK(site.receive(1) == "* BYE Too much to be skipped");
    CHECK(site.receive(1) == "<closed>");
}

TEST_CASE("imap session: input split at every octet means the same") {
    TestSite site(cleartext(Cleartext::always));
    const std::string said = "a LOGIN {5+}\r\nalice \"secret\"\r\nb SELECT inbox\r\nc LOGOUT\r\n";
    std::string whole;
    for (std::size_t cut = 0; cut <= said.size(); cut += 1) {
        const std::size_t number = 1 + cut % 2;
        site.connect(number);
        site.send(number, said.substr(0, cut));
        for (int turn = 0; turn < 4; ++turn) site.turn_loop();
        site.send(number, said.substr(cut));
        std::string answers;
        for (std::string line = site.receive(number); line != "<closed>"; line = site.receive(number)) {
            REQUIRE(line != "<nothing>");
            answers += line + "\n";
        }
        if (whole.empty()) whole = answers;
        CHECK(answers == whole);
    }
    CHECK(whole.find("b OK [READ-WRITE]") != std::string::npos);
}

TEST_CASE("imap session: stop and drop say BYE with the reason") {
    TestSite site;
    site.log_in(1, true);
    site.log_in(2, false);
    const auto sessions = site.service().sessions();
    REQUIRE(sessions.size() == 2);
    CHECK(sessions[0].account == "alice");
    CHECK(sessions[0].state == "selected");
    CHECK(sessions[0].last_command == "SELECT");
    CHECK(sessions[0].address == "127.0.0.1");
    CHECK(sessions[1].state == "authenticated");
    CHECK(site.service().drop(sessions[1].id, "An administrator ended this session"));
    CHECK_FALSE(site.service().drop(999, "x"));
    CHECK(site.receive(2) == "* BYE An administrator ended this session");
    site.service().stop("The server is shutting down");
    CHECK(site.receive(1) == "* BYE The server is shutting down");
    CHECK(site.receive(1) == "<closed>");
    site.connect(3);
    CHECK(site.receive(3) == "* BYE [UNAVAILABLE] The server is shutting down");
}

TEST_CASE("imap session: silence before log-in ends the connection, after it the setting decides") { // RFC 9051 5.4
    ShiftedClock shifted;
    const runtime::ClockOverride in_force(shifted);
    Settings settings;
    settings.idle_timeout = std::chrono::seconds(1800);
    TestSite site(settings);
    site.play("S: * OK *\n");
    site.log_in(2, false);
    site.log_in(3, false);
    site.send(3, "a IDLE\r\n");
    CHECK(site.receive(3) == "+ idling");
    shifted.shift(std::chrono::seconds(59));
    site.turn_loop();
    site.play("C: a NOOP\nS: a OK *\n");
    shifted.shift(std::chrono::seconds(61));
    CHECK(site.receive(1) == "* BYE Idle for too long");
    CHECK(site.receive(1) == "<closed>");
    shifted.shift(std::chrono::seconds(1600));
    site.play("C2: a NOOP\nS2: a OK *\n");
    shifted.shift(std::chrono::seconds(1801));
    CHECK(site.receive(2) == "* BYE Idle for too long");
    CHECK(site.receive(3) == "* BYE Idle for too long");
}

TEST_CASE("imap session: a client that stops in the middle of a command is waited for five minutes") {
    ShiftedClock shifted;
    const runtime::ClockOverride in_force(shifted);
    TestSite site; // after log-in, idle for ever
    site.log_in(1, true);
    site.log_in(2, true);
    site.send(1, "a APPEND INBOX {100}\r\n");
    CHECK(site.receive(1) == "+ Ready for the message");
    site.send(1, "only the beginning");
    for (int turn = 0; turn < 5; ++turn) site.turn_loop();
    shifted.shift(std::chrono::seconds(301));
    CHECK(site.receive(1) == "* BYE Idle for too long");
    shifted.shift(std::chrono::hours(24));
    site.play("C2: a NOOP\nS2: a OK *\n");
}
