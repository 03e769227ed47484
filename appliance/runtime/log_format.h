// One log event as a line of text or of JSON (RFC 8259).
#pragma once

#include "appliance/runtime/log.h"

namespace pillarbox::runtime {

const char* log_level_name(LogLevel level) noexcept;

/// The line with its LF, stamped with the clock's wall time.
std::string format_log(bool json, LogLevel level, std::string_view area, std::string_view session,
                       std::string_view event, std::initializer_list<LogField> fields);

} // namespace pillarbox::runtime
