#include "smtp/envelope.h"
#include "smtp/parser.h"

#include <doctest/doctest.h>

#include <string>

using namespace pillarbox::smtp;

namespace {

const Limits limits;

/// What parsing said: the address's text, or the refusal as it goes on the wire.
template <class Parse>
std::string outcome(const std::string& line, Parse parse) {
    try {
        Parser args(line, limits);
        args.verb();
        return parse(args);
    } catch (const SyntaxError& error) {
        return std::to_string(error.code) + ' ' + std::string(error.enhanced) + ' ' + error.what();
    }
}

std::string mail(const std::string& line) {
    return outcome(line, [](Parser& args) {
        const MailCommand command = parse_mail(args, true);
        std::string text = '<' + command.sender.text() + '>';
        if (command.size != 0) text += " size " + std::to_string(command.size);
        if (command.body == Body::eight_bit_mime) text += " 8bit";
        return text;
    });
}

std::string rcpt(const std::string& line) {
    return outcome(line, [](Parser& args) { return parse_rcpt(args).recipient.text(); });
}

struct Case {
    std::string line;
    std::string outcome;
};

std::string times(std::size_t count, char c) { return std::string(count, c); }

} // namespace

TEST_CASE("smtp parser: MAIL takes what RFC 5321 4.1.2 allows") {
    const Case cases[] = {
        {"MAIL FROM:<a@b.example>", "<a@b.example>"},
        {"MAIL FROM:<>", "<>"},
        {"mail from:<a@b.example>", "<a@b.example>"},
        {"MaIl FrOm: <a@b.example>  ", "<a@b.example>"},
        {"MAIL FROM:<A.b+c@B.Example>", "<A.b+c@B.Example>"},
        {"MAIL FROM:<!#$%&'*+-/=?^_`{|}~@b>", "<!#$%&'*+-/=?^_`{|}~@b>"},
        {"MAIL FROM:<\"plain\"@b>", "<plain@b>"}, // all quoted forms are equivalent
        {"MAIL FROM:<\"pl\\ain\"@b>", "<plain@b>"},
        {"MAIL FROM:<\"Joe, Smith\"@b>", "<\"Joe, Smith\"@b>"},
        {"MAIL FROM:<\"a\\\"b\\\\c\"@b>", "<\"a\\\"b\\\\c\"@b>"},
        {"MAIL FROM:<\"a@b>c\"@d>", "<\"a@b>c\"@d>"},
        {"MAIL FROM:<\"..\"@d>", "<\"..\"@d>"},
        {"MAIL FROM:<@one.example:a@b>", "<a@b>"}, // source routes are ignored
        {"MAIL FROM:<@one.example,@two.example:a@b>", "<a@b>"},
        {"MAIL FROM:<a@[192.0.2.1]>", "<a@[192.0.2.1]>"},
        {"MAIL FROM:<a@[IPv6:2001:db8::1]>", "<a@[IPv6:2001:db8::1]>"},
        {"MAIL FROM:<a@[ipv6:::ffff:192.0.2.1]>", "<a@[ipv6:::ffff:192.0.2.1]>"},
        {"MAIL FROM:<a@[x-tag:content]>", "<a@[x-tag:content]>"},
        {"MAIL FROM:<a@b> SIZE=1000", "<a@b> size 1000"},
        {"MAIL FROM:<a@b> size=1000 body=8bitmime", "<a@b> size 1000 8bit"},
        {"MAIL FROM:<a@b>  BODY=7BIT  SIZE=5", "<a@b> size 5"},
        {"MAIL FROM:<a@b> SIZE=99999999999999999999", "<a@b> size 18446744073709551615"},
        {"MAIL FROM:<e=mc2@b> AUTH=e+3Dmc2@b", "<e=mc2@b>"}, // RFC 4954 5.1
        {"MAIL FROM:<john+@b> AUTH=<>", "<john+@b>"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.line);
        CHECK(mail(c.line) == c.outcome);
    }
}

TEST_CASE("smtp parser: MAIL refuses what is not grammar") {
    const Case cases[] = {
        {"MAIL", "501 5.5.4 Say MAIL FROM:<address>"},
        {"MAIL TO:<a@b>", "501 5.5.4 Say MAIL FROM:<address>"},
        {"MAIL FROM", "501 5.5.4 Say MAIL FROM:<address>"},
        {"MAIL FROM <a@b>", "501 5.5.4 Say MAIL FROM:<address>"},
        {"MAIL FROM:", "501 5.1.7 Address must stand in angle brackets"},
        {"MAIL FROM:a@b", "501 5.1.7 Address must stand in angle brackets"},
        {"MAIL FROM:<a@b", "501 5.1.7 Address must end in an angle bracket"},
        {"MAIL FROM:<a b@c>", "501 5.1.7 Address must have an at sign and a domain"},
        {"MAIL FROM:<a>", "501 5.1.7 Address must have an at sign and a domain"},
        {"MAIL FROM:<@b>", "501 5.1.7 Bad source route"},
        {"MAIL FROM:<@b,c:a@d>", "501 5.1.7 Bad source route"},
        {"MAIL FROM:<@b:>", "501 5.1.7 Bad local part"},
        {"MAIL FROM:<.a@b>", "501 5.1.7 Bad local part"},
        {"MAIL FROM:<a.@b>", "501 5.1.7 Bad local part"},
        {"MAIL FROM:<a..b@c>", "501 5.1.7 Bad local part"},
        {"MAIL FROM:<\"\"@b>", "501 5.1.7 Local part must not be empty"},
        {"MAIL FROM:<\"a@b>", "501 5.1.7 Bad quoted local part"},
        {"MAIL FROM:<\"a\\", "501 5.1.7 Bad quoted local part"},
        {"MAIL FROM:<\"a\tb\"@c>", "501 5.1.7 Bad quoted local part"},
        {"MAIL FROM:<\xc3\xa4@b>", "501 5.1.7 Bad local part"},
        {"MAIL FROM:<a@\xc3\xa4.example>", "501 5.1.7 Bad domain name"},
        {"MAIL FROM:<a@b..c>", "501 5.1.7 Bad domain name"},
        {"MAIL FROM:<a@b.>", "501 5.1.7 Bad domain name"},
        {"MAIL FROM:<a@-b>", "501 5.1.7 Bad domain name"},
        {"MAIL FROM:<a@b->", "501 5.1.7 Bad domain name"},
        {"MAIL FROM:<a@b_c>", "501 5.1.7 Address must end in an angle bracket"},
        {"MAIL FROM:<a@[192.0.2]>", "501 5.1.7 Bad address literal"},
        {"MAIL FROM:<a@[192.0.2.256]>", "501 5.1.7 Bad address literal"},
        {"MAIL FROM:<a@[192.0.2.1.5]>", "501 5.1.7 Bad address literal"},
        {"MAIL FROM:<a@[IPv6:1::2::3]>", "501 5.1.7 Bad address literal"},
        {"MAIL FROM:<a@[IPv6:]>", "501 5.1.7 Bad address literal"},
        {"MAIL FROM:<a@[192.0.2.1>", "501 5.1.7 Bad address literal"},
        {"MAIL FROM:<a@[]>", "501 5.1.7 Bad address literal"},
        {"MAIL FROM:<a@b>SIZE=5", "501 5.5.4 Unexpected text after the address"},
        {"MAIL FROM:<a@b> =5", "501 5.5.4 Bad parameter name"},
        {"MAIL FROM:<a@b> SIZE=", "501 5.5.4 Parameter has no value"},
        {"MAIL FROM:<a@b> SIZE", "501 5.5.4 Parameter has no value"},
        {"MAIL FROM:<a@b> SIZE=-1", "501 5.5.4 SIZE must be a number of at most 20 digits"},
        {"MAIL FROM:<a@b> SIZE=1k", "501 5.5.4 SIZE must be a number of at most 20 digits"},
        {"MAIL FROM:<a@b> SIZE=000000000000000000001", "501 5.5.4 SIZE must be a number of at most 20 digits"},
        {"MAIL FROM:<a@b> SIZE=1 SIZE=1", "501 5.5.4 Parameter given twice"},
        {"MAIL FROM:<a@b> BODY=BINARYMIME", "501 5.5.4 BODY must be 7BIT or 8BITMIME"},
        {"MAIL FROM:<a@b> AUTH=a+4", "501 5.5.4 AUTH must hold an address in xtext"},
        {"MAIL FROM:<a@b> AUTH=a+4g", "501 5.5.4 AUTH must hold an address in xtext"},
        {"MAIL FROM:<a@b> SMTPUTF8", "555 5.5.4 Parameter not recognized"},
        {"MAIL FROM:<a@b> X-Y=5", "555 5.5.4 Parameter not recognized"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.line);
        CHECK(mail(c.line) == c.outcome);
    }
}

TEST_CASE("smtp parser: AUTH= is unknown where AUTH was not announced") { // RFC 4954 5
    Parser args(" FROM:<a@b> AUTH=<>", limits);
    CHECK_THROWS_AS(parse_mail(args, false), SyntaxError);
}

TEST_CASE("smtp parser: RCPT takes paths and postmaster alone") { // RFC 5321 4.1.1.3
    const Case cases[] = {
        {"RCPT TO:<a@b>", "a@b"},
        {"rcpt to: <@x.example:a@b>", "a@b"},
        {"RCPT TO:<Postmaster>", "Postmaster"},
        {"RCPT TO:<postmaster@b>", "postmaster@b"},
        {"RCPT TO:<>", "501 5.1.3 Bad local part"}, // only the sender may be null
        {"RCPT TO:<alice>", "501 5.1.3 Address must have an at sign and a domain"},
        {"RCPT TO:<a@b> NOTIFY=NEVER", "555 5.5.4 Parameter not recognized"},
        {"RCPT FROM:<a@b>", "501 5.5.4 Say RCPT TO:<address>"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.line);
        CHECK(rcpt(c.line) == c.outcome);
    }
}

TEST_CASE("smtp parser: limits hold at n-1, n and n+1") { // RFC 5321 4.5.3.1
    SUBCASE("local part of a recipient") {
        CHECK(rcpt("RCPT TO:<" + times(63, 'a') + "@b>") == times(63, 'a') + "@b");
        CHECK(rcpt("RCPT TO:<" + times(64, 'a') + "@b>") == times(64, 'a') + "@b");
        CHECK(rcpt("RCPT TO:<" + times(65, 'a') + "@b>") == "501 5.1.3 Local part too long");
    }
    SUBCASE("path; a sender's local part may fill it") {
        CHECK(mail("MAIL FROM:<" + times(251, 'a') + "@b>") == '<' + times(251, 'a') + "@b>");
        CHECK(mail("MAIL FROM:<" + times(252, 'a') + "@b>") == '<' + times(252, 'a') + "@b>");
        CHECK(mail("MAIL FROM:<" + times(253, 'a') + "@b>") == "501 5.1.7 Path too long");
    }
    SUBCASE("label") {
        CHECK(rcpt("RCPT TO:<a@" + times(62, 'b') + ">") == "a@" + times(62, 'b'));
        CHECK(rcpt("RCPT TO:<a@" + times(63, 'b') + ">") == "a@" + times(63, 'b'));
        CHECK(rcpt("RCPT TO:<a@" + times(64, 'b') + ">") == "501 5.1.3 Label of the domain name too long");
    }
    SUBCASE("domain") {
        const std::string four = times(63, 'b') + '.' + times(63, 'b') + '.' + times(63, 'b') + '.'; // 192 octets
        for (const std::size_t more : {62u, 63u}) {
            const std::string name = four + times(more, 'c');
            Parser args(name, limits);
            CHECK(args.greeting_name() == name);
        }
        const std::string longer = four + times(61, 'c') + ".d"; // 255 octets
        Parser fits(longer, limits);
        CHECK(fits.greeting_name() == longer);
        const std::string too_long = longer + 'd'; // 256
        Parser fails(too_long, limits);
        CHECK_THROWS_WITH_AS(fails.greeting_name(), "Domain name too long", SyntaxError);
    }
    SUBCASE("parameters") {
        const auto with = [](int count) {
            std::string line;
            for (int i = 0; i < count; ++i) line += " P" + std::to_string(i) + "=1";
            return line;
        };
        for (const int count : {15, 16}) {
            const std::string line = with(count);
            Parser args(line, limits);
            CHECK(args.parameters().size() == static_cast<std::size_t>(count));
        }
        const std::string line = with(17);
        Parser args(line, limits);
        CHECK_THROWS_WITH_AS(args.parameters(), "Too many parameters", SyntaxError);
    }
}

TEST_CASE("smtp parser: greeting names") { // RFC 5321 4.1.1.1, 4.1.3
    const auto name = [](const std::string& line) {
        return outcome(line, [](Parser& args) {
            args.blanks();
            std::string text = args.greeting_name();
            args.end();
            return text;
        });
    };
    CHECK(name("EHLO client.example") == "client.example");
    CHECK(name("EHLO  client.example ") == "client.example");
    CHECK(name("EHLO [192.0.2.7]") == "[192.0.2.7]");
    CHECK(name("EHLO [IPv6:::1]") == "[IPv6:::1]");
    CHECK(name("EHLO my_desktop") == "my_desktop");
    CHECK(name("EHLO") == "501 5.5.4 Bad domain name");
    CHECK(name("EHLO two words") == "501 5.5.4 Unexpected text at the end of the command");
    CHECK(name("EHLO a(b)") == "501 5.5.4 Unexpected text at the end of the command");
    CHECK(name("EHLO \xc3\xa4") == "501 5.5.4 Bad domain name");
}

TEST_CASE("smtp parser: verbs") {
    const auto verb = [](const std::string& line) { return Parser(line, limits).verb(); };
    CHECK(verb("QUIT") == "QUIT");
    CHECK(verb("qUiT  ") == "QUIT");
    CHECK(verb("MAIL FROM:<a@b>") == "MAIL");
    CHECK(verb("MAIL\tFROM:<a@b>") == "MAIL");
    CHECK(verb("QUIT1").empty());
    CHECK(verb("").empty());
    CHECK(verb(" QUIT").empty());
    CHECK(verb("\x16\x03\x01").empty());
}

TEST_CASE("smtp parser: every prefix of a line is refused or taken, never read beyond") {
    const std::string line = "MAIL FROM:<@a,@b:\"q\\\"s\"@[IPv6:2001:db8::1]> SIZE=10 BODY=8BITMIME AUTH=a+2Bb@c";
    int taken = 0;
    for (std::size_t length = 0; length <= line.size(); ++length) {
        if (mail(line.substr(0, length)).front() == '<') ++taken;
    }
    CHECK(mail(line) == "<\"q\\\"s\"@[IPv6:2001:db8::1]> size 10 8bit");
    CHECK(taken == 12); // from the closing bracket on, wherever a parameter is whole
}
