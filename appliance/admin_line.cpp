// The lines of the admin socket, as JSON.
#include "appliance/admin.h"

#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>

#include <sstream>

namespace pillarbox::appliance {

namespace {

using Poco::JSON::Object;

constexpr std::size_t deepest = 16; // levels of an object; ours have four

std::string text_of(const Object& object) {
    std::ostringstream out;
    object.stringify(out);
    return out.str();
}

Object::Ptr parse(std::string_view line) {
    Poco::JSON::Parser parser;
    parser.setDepth(deepest);
    try {
        return parser.parse(std::string(line)).extract<Object::Ptr>();
    } catch (const Poco::Exception&) {
        return nullptr;
    }
}

} // namespace

const std::string& AdminRequest::argument(const std::string& name) const {
    static const std::string none;
    const auto found = arguments.find(name);
    return found == arguments.end() ? none : found->second;
}

std::string json_object(const std::map<std::string, std::string>& members) {
    Object object;
    for (const auto& [name, value] : members) object.set(name, value);
    return text_of(object);
}

std::string encode(const AdminRequest& request) {
    Object::Ptr arguments = new Object;
    for (const auto& [name, value] : request.arguments) arguments->set(name, value);
    Object object;
    object.set("command", request.command);
    object.set("arguments", arguments);
    return text_of(object);
}

std::string encode(const AdminReply& reply) {
    Object object;
    object.set("ok", reply.ok);
    object.set("text", reply.text);
    if (const auto result = parse(reply.result)) object.set("result", result);
    return text_of(object);
}

std::optional<AdminRequest> decode_request(std::string_view line) {
    const auto object = parse(line);
    if (!object) return std::nullopt;
    try {
        AdminRequest request{object->get("command").extract<std::string>(), {}};
        const auto arguments = object->getObject("arguments");
        if (!arguments) return request;
        for (const auto& [name, value] : *arguments) request.arguments[name] = value.extract<std::string>();
        return request;
    } catch (const Poco::Exception&) { // a member is missing, or is no text
        return std::nullopt;
    }
}

std::optional<AdminReply> decode_reply(std::string_view line) {
    const auto object = parse(line);
    if (!object) return std::nullopt;
    try {
        AdminReply reply{object->get("ok").extract<bool>(), object->get("text").extract<std::string>(), "{}"};
        if (const auto result = object->getObject("result")) reply.result = text_of(*result);
        return reply;
    } catch (const Poco::Exception&) {
        return std::nullopt;
    }
}

} // namespace pillarbox::appliance
