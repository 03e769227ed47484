// LOGIN, AUTHENTICATE and ENABLE at their edges, and how long a session may wait (RFC 9051 6.2, 5.4 and 6.3.1).
#include "tests/imap/transcript.h"

#include "appliance/runtime/clock.h"
#include "appliance/runtime/sasl.h"
#include "tests/runtime/shifted_clock.h"

using namespace pillarbox;
using namespace pillarbox::imap;

namespace {

Settings open_to_all() {
    Settings settings;
    settings.cleartext = Cleartext::always;
    return settings;
}

} // namespace

TEST_CASE("imap LOGIN: what is no name or password is BAD and counts as no attempt") {
    TestSite site(open_to_all());
    site.play(R"(
        S: * OK *
        C: a LOGIN
        S: a BAD *
        C: b LOGIN alice
        S: b BAD *
        C: c LOGIN alice secret more
        S: c BAD *
        C: d LOGIN (alice) secret
        S: d BAD *
        C: e LOGIN "ali\ce" secret
        S: e BAD *
        S: * BYE Too many commands that lead nowhere
        S: <closed>
        S2: * OK *
        C2: a LOGIN ALICE "secret"
        S2: a OK [CAPABILITY *
    )");
}

TEST_CASE("imap LOGIN: what is no account's looks like a wrong password") { // RFC 5530 AUTHENTICATIONFAILED
    TestSite site(open_to_all());
    site.play(R"(
        S: * OK *
        C: a LOGIN "" ""
        S: a NO [AUTHENTICATIONFAILED] Name or password is wrong
        C: b LOGIN "a b" secret
        S: b NO [AUTHENTICATIONFAILED] Name or password is wrong
        C: c LOGIN alice SECRET
        S: c NO [AUTHENTICATIONFAILED] Name or password is wrong
        C: d LOGIN alice@example.com secret
        S: d NO [AUTHENTICATIONFAILED] Name or password is wrong
        S2: * OK *
        C2: a LOGIN Alice@Example.ORG secret
        S2: a OK *
    )");
}

TEST_CASE("imap AUTHENTICATE: a response that is too long, at the limit and beyond") { // RFC 4616, RFC 4959 3
    TestSite site(open_to_all());
    for (const bool at_once : {false, true}) {
        const std::size_t number = at_once ? 2 : 1;
        const auto answer = [&](std::size_t size) {
            const std::string response(size, 'A');
            if (at_once) {
                site.send(number, "a AUTHENTICATE PLAIN " + response + "\r\n");
                return site.receive(number);
            }
            site.send(number, "a AUTHENTICATE PLAIN\r\n");
            CHECK(site.receive(number) == "+ ");
            site.send(number, response + "\r\n");
            return site.receive(number);
        };
        CHECK(site.receive(number).starts_with("* OK "));
        // Zeros: three parts of nothing and more; base64 all the same.
        CHECK(answer(runtime::longest_sasl_line - 4).starts_with("a BAD That is not what PLAIN sends"));
        CHECK(answer(runtime::longest_sasl_line).starts_with("a BAD That is not what PLAIN sends"));
        if (!at_once) CHECK(answer(runtime::longest_sasl_line + 4) == "a BAD Response too long");
    }
}

TEST_CASE("imap AUTHENTICATE: cancelled, empty, and another mechanism's name") { // RFC 9051 6.2.2
    TestSite site(open_to_all());
    site.play(R"(
        S: * OK *
        C: a AUTHENTICATE PLAIN =
        S: a BAD That is not what PLAIN sends
        C: b AUTHENTICATE
        S: b BAD *
        C: c AUTHENTICATE SCRAM-SHA-256 biwsbj11c2Vy
        S: c NO [CANNOT] *
        C: d AUTHENTICATE PLAIN
        S: + *
        C: *
        S: d BAD *
        C: e AUTHENTICATE PLAIN
        S: + *
        C: AGFsaWNlAHdyb25n
        S: e NO [AUTHENTICATIONFAILED] *
        C: f AUTHENTICATE PLAIN
        S: + *
        C: YWxpY2UAYWxpY2UAc2VjcmV0
        S: f OK [CAPABILITY *
    )");
}

TEST_CASE("imap ENABLE: names are given back as far as they are known") { // RFC 9051 6.3.1, RFC 5161 3.1
    TestSite site;
    site.log_in(1, false);
    site.play(R"(
        C: a ENABLE CONDSTORE X-GOOD-IDEA
        S: * ENABLED
        S: a OK *
        C: b ENABLE "IMAP4rev2"
        S: b BAD *
        C: c ENABLE IMAP4rev2 IMAP4rev2
        S: * ENABLED IMAP4rev2
        S: c OK *
        C: d CREATE "caf&AOk-"
        S: d OK *
        C: e LIST "" caf*
        S: * LIST (\HasNoChildren) "/" caf&AOk-
        S: e OK *
        C2: a NOOP
        S2: * OK *
        S2: a OK *
    )");
    site.log_in(3, false); // to which the ampersand means another thing
    site.play(R"(
        C3: a LIST "" caf*
        S3: * LIST (\HasNoChildren) "/" caf&-AOk-
        S3: a OK *
    )");
}

TEST_CASE("imap session: who does not log in within a minute is sent away") { // login_timeout
    ShiftedClock clock;
    const runtime::ClockOverride shifted(clock);
    TestSite site;
    CHECK(site.receive(1).starts_with("* OK "));
    clock.shift(std::chrono::seconds(59));
    site.send(1, "a NOOP\r\n");
    CHECK(site.receive(1) == "a OK NOOP completed");
    clock.shift(std::chrono::seconds(59));
    for (int turn = 0; turn < 5; ++turn) site.turn_loop();
    CHECK(site.peer(1).received() == "");
    clock.shift(std::chrono::seconds(2));
    CHECK(site.receive(1) == "* BYE Idle for too long");
    CHECK(site.receive(1) == "<closed>");
}

TEST_CASE("imap session: an idle one is sent away after its time, in IDLE as well, or never") { // RFC 9051 5.4
    ShiftedClock clock;
    const runtime::ClockOverride shifted(clock);
    for (const std::chrono::minutes timeout : {std::chrono::minutes(30), std::chrono::minutes(0)}) {
        Settings settings;
        settings.idle_timeout = timeout;
        TestAccount alice(1, settings);
        alice.imap("", 2);
        TestSite& site = alice.site();
        site.send(2, "a IDLE\r\n");
        CHECK(site.receive(2) == "+ idling");
        clock.shift(std::chrono::minutes(29));
        for (int turn = 0; turn < 5; ++turn) site.turn_loop();
        CHECK(site.peer(1).received() == "");
        CHECK(site.peer(2).received() == "");
        clock.shift(std::chrono::minutes(2));
        for (const std::size_t number : {1u, 2u}) {
            for (int turn = 0; turn < 5; ++turn) site.turn_loop();
            const std::string farewell = timeout.count() == 0 ? "" : "* BYE Idle for too long\r\n";
            CHECK(site.peer(number).received() == farewell);
        }
    }
}
