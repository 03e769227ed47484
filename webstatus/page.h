// What the status listener answers with: the page, its style and icon, the figures as JSON.
#pragma once

#include "webstatus/site_status.h"
#include "webstatus/verdict.h"

#include <string>
#include <string_view>

namespace pillarbox::webstatus {

/// The page as UTF-8 HTML. Works without script, needs style.css and icon.svg from the same host.
std::string render_page(const SiteStatus& status, const Verdict& verdict);

extern const std::string_view style_css;
extern const std::string_view icon_svg;

/// All figures; {"format": 1, ...}. Within a format keys are added, never renamed or removed.
std::string render_json(const SiteStatus& status, const Verdict& verdict);
/// {"status": "good" | "warning" | "bad", "verdict": SENTENCE}.
std::string render_health(const Verdict& verdict);

} // namespace pillarbox::webstatus
