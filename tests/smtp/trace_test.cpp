#include "smtp/origin.h"
#include "smtp/trace.h"

#include <doctest/doctest.h>

using namespace pillarbox::smtp;

namespace {

Trace some_trace() {
    Trace trace;
    trace.greeting = "client.example";
    trace.address = "192.0.2.1";
    trace.hostname = "mail.example.org";
    trace.id = "abc123";
    trace.time = 880127706;
    return trace;
}

} // namespace

TEST_CASE("smtp Received: names both ends, protocol, id and time") { // RFC 5321 4.4
    Trace trace = some_trace();
    CHECK(received_field(trace) == "Received: from client.example ([192.0.2.1])\r\n"
                                   "\tby mail.example.org with ESMTP id abc123;\r\n"
                                   "\tFri, 21 Nov 1997 15:55:06 +0000\r\n");
    trace.address = "2001:db8::1";
    trace.greeting = "[IPv6:2001:db8::1]";
    trace.recipient = "alice@example.org";
    trace.cipher = "TLSv1.3 TLS_AES_256_GCM_SHA384";
    trace.login = true;
    CHECK(received_field(trace) == "Received: from [IPv6:2001:db8::1] ([IPv6:2001:db8::1])\r\n"
                                   "\tby mail.example.org with ESMTPSA id abc123\r\n"
                                   "\tfor <alice@example.org>\r\n"
                                   "\t(TLSv1.3 TLS_AES_256_GCM_SHA384);\r\n"
                                   "\tFri, 21 Nov 1997 15:55:06 +0000\r\n");
}

TEST_CASE("smtp Received: the protocol's name says what was used") { // RFC 3848
    Trace trace = some_trace();
    CHECK(protocol_name(trace) == "ESMTP");
    trace.login = true;
    CHECK(protocol_name(trace) == "ESMTPA");
    trace.cipher = "TLSv1.3 x";
    CHECK(protocol_name(trace) == "ESMTPSA");
    trace.login = false;
    CHECK(protocol_name(trace) == "ESMTPS");
    trace.extended = false;
    CHECK(protocol_name(trace) == "SMTP");
}

TEST_CASE("smtp delivery prefix: Return-Path first, also for the null sender") { // RFC 5321 4.4
    CHECK(delivery_prefix("a@b", "c@d") == "Return-Path: <a@b>\r\nDelivered-To: c@d\r\n");
    CHECK(delivery_prefix("", "c@d") == "Return-Path: <>\r\nDelivered-To: c@d\r\n");
}

TEST_CASE("smtp Origin: comes back as it was, and nothing else is taken for one") {
    Origin origin;
    origin.transaction = "abc123";
    origin.address = "192.0.2.1";
    origin.greeting = "client.example";
    origin.protocol = "ESMTPSA";
    origin.cipher = "TLSv1.3 x";
    origin.account = "alice";
    origin.sender = std::string(300, 'a');
    const std::string blob = origin.encode();
    CHECK(Origin::decode(blob) == origin);
    CHECK(Origin::decode(blob + "what a later version appends") == origin);
    CHECK(Origin::decode(Origin{}.encode()) == Origin{});
    for (std::size_t size = 0; size < blob.size(); ++size) CHECK_FALSE(Origin::decode(blob.substr(0, size)));
    CHECK_FALSE(Origin::decode("\x02" + blob.substr(1)));
}
