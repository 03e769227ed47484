// Trace fields: Received as a message comes in, Return-Path and Delivered-To as it is delivered (RFC 5321 4.4).
#include "smtp/trace.h"

#include "store/message/date.h"

namespace pillarbox::smtp {

std::string_view protocol_name(const Trace& trace) {
    if (!trace.extended) return "SMTP";
    if (trace.cipher.empty()) return trace.login ? "ESMTPA" : "ESMTP";
    return trace.login ? "ESMTPSA" : "ESMTPS";
}

std::string address_literal(std::string_view address) {
    const bool ipv6 = address.find(':') != address.npos;
    return (ipv6 ? "[IPv6:" : "[") + std::string(address) + ']';
}

std::string received_field(const Trace& trace) {
    std::string field = "Received: from " + trace.greeting;
    if (!trace.address.empty()) field += " (" + address_literal(trace.address) + ')';
    field += "\r\n\tby " + trace.hostname + " with " + std::string(protocol_name(trace)) + " id " + trace.id;
    if (!trace.recipient.empty()) field += "\r\n\tfor <" + trace.recipient + '>';
    if (!trace.cipher.empty()) field += "\r\n\t(" + trace.cipher + ')';
    message::DateTime when;
    when.unix_seconds = trace.time; // RFC 5321 4.4 would like local time where feasible: the binary knows no zones
    return field + ";\r\n\t" + message::format_date(when) + "\r\n";
}

std::string delivery_prefix(std::string_view sender, std::string_view recipient) {
    std::string prefix = "Return-Path: <";
    prefix += sender;
    prefix += ">\r\nDelivered-To: ";
    prefix += recipient;
    return prefix + "\r\n";
}

} // namespace pillarbox::smtp
