// A finished message, ready to be stored: what Incoming makes and Accept and Append take.
#pragma once

#include "store/body_folder.h"
#include "store/message/parse.h"

#include <memory>
#include <string>

namespace pillarbox::store {

struct Prepared {
    message::ParsedMessage parsed;
    std::string body;                // as stored: format octet first; empty when it is in the file
    std::unique_ptr<BodyFile> file;  // durable; removed again if nothing keeps it
    std::size_t received_fields = 0; // RFC 5321 6.3

    /// A committed row names the body file: it stays.
    void keep() noexcept {
        if (file) file->keep();
    }
    /// Octets a job writes for it.
    std::size_t octets() const noexcept { return 512 + parsed.header.size() + body.size() + parsed.structure.size(); }
};

} // namespace pillarbox::store
