// The server's end of the admin socket.
#include "appliance/admin_server.h"

#include "appliance/administration.h"
#include "appliance/runtime/log.h"
#include "appliance/runtime/stream.h"

namespace pillarbox::appliance {

namespace {

using runtime::Stream;
using runtime::Task;

Task<void> converse(Administration& administration, Stream& stream) {
    for (;;) {
        const runtime::Line line = co_await stream.read_line(admin_line_limit);
        auto request = line.too_long ? std::nullopt : decode_request(line.text);
        AdminReply reply{false, "this is no request line"};
        if (request) {
            auto task = perform(administration, std::move(*request));
            reply = co_await task;
        }
        stream.write(encode(reply) + "\r\n");
        co_await stream.flush();
    }
}

} // namespace

Task<void> serve_admin(Administration& administration, std::unique_ptr<Stream> stream) {
    stream->set_deadline(std::chrono::seconds(60));
    try {
        co_await converse(administration, *stream);
    } catch (const runtime::ConnectionLost&) {
        // The command has its answer.
    } catch (const runtime::Timeout&) {
        // It does not say what it wants.
    } catch (const runtime::Stopping&) {
        // The server stops between two requests.
    } catch (const std::exception& error) {
        runtime::log(runtime::LogLevel::failure, "admin", "", "request failed", {{"cause", error.what()}});
    }
    co_await stream->close();
}

} // namespace pillarbox::appliance
