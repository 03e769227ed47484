// The status page: HTML written by the server, no script.
#include "webstatus/page.h"

#include "webstatus/escape.h"

#include <array>
#include <ctime>
#include <utility>
#include <vector>

namespace pillarbox::webstatus {

namespace {

std::string utc(std::int64_t seconds) {
    const std::time_t time = seconds;
    std::tm parts{};
    gmtime_r(&time, &parts);
    std::array<char, 64> text{};
    std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M UTC", &parts);
    return text.data();
}

std::string milliseconds(double value) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.1f ms", value);
    return text.data();
}

std::string_view mark(Level level) {
    return level == Level::good ? "&#10003;" : level == Level::warning ? "!" : "&#10005;";
}

std::string_view word(Level level) {
    return level == Level::good ? "good" : level == Level::warning ? "needs attention" : "broken";
}

std::string head(const SiteStatus& status, const Verdict& verdict) {
    return "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
           "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
           "<meta name=\"color-scheme\" content=\"light dark\">\n<title>" +
           escape_html(verdict.level == Level::good ? "All is well" : verdict.sentence) + " - " +
           escape_html(status.hostname) +
           "</title>\n<link rel=\"stylesheet\" href=\"/style.css\">\n"
           "<link rel=\"icon\" type=\"image/svg+xml\" href=\"/icon.svg\">\n</head>\n<body>\n";
}

/// What else is wrong, below the worst.
std::string others(const Verdict& verdict) {
    if (verdict.others.empty()) return "";
    std::string html = "<ul class=\"others\" aria-label=\"Also\">\n";
    for (const auto& [level, sentence] : verdict.others) {
        html += "<li class=\"" + std::string(to_string(level)) + "\"><span class=\"dot\" aria-hidden=\"true\">" +
                std::string(mark(level)) + "</span> <span>" + escape_html(sentence) + "</span></li>\n";
    }
    return html + "</ul>\n";
}

std::string header(const SiteStatus& status, const Verdict& verdict) {
    const std::string level(to_string(verdict.level));
    return "<header>\n<img src=\"/icon.svg\" alt=\"\" width=\"44\" height=\"44\">\n<div><h1>" +
           escape_html(status.hostname) + "</h1><p>mail for " + escape_html(status.domain) +
           "</p></div>\n</header>\n<main>\n<p class=\"verdict " + level +
           "\" role=\"status\"><span class=\"mark\" "
           "aria-hidden=\"true\">" +
           std::string(mark(verdict.level)) + "</span> <strong>" + escape_html(verdict.sentence) + "</strong></p>\n" +
           others(verdict);
}

std::string tiles(const Verdict& verdict) {
    std::string html = "<ul class=\"tiles\" aria-label=\"The parts of the site\">\n";
    for (const auto& tile : verdict.tiles) {
        html += "<li class=\"tile " + std::string(to_string(tile.level)) + "\"><h2>" + escape_html(tile.name) +
                "</h2> <span class=\"state\"><span class=\"dot\" aria-hidden=\"true\">" +
                std::string(mark(tile.level)) + "</span><span class=\"spoken\"> " + std::string(word(tile.level)) +
                "</span></span>\n<p class=\"figure\">" + escape_html(tile.figure) + "</p>\n<p class=\"note\">" +
                escape_html(tile.note) + "</p></li>\n";
    }
    return html + "</ul>\n";
}

using Rows = std::vector<std::pair<std::string_view, std::string>>;

std::string figures(std::string_view title, const Rows& rows) {
    std::string html = "<section>\n<h2>" + std::string(title) + "</h2>\n<dl>\n";
    for (const auto& [name, value] : rows) {
        html += "<div><dt>" + std::string(name) + "</dt><dd>" + escape_html(value) + "</dd></div>\n";
    }
    return html + "</dl>\n</section>\n";
}

std::string mail_figures(const SiteStatus& status) {
    return figures("Mail since the start", {{"Messages accepted", grouped(status.accepted)},
                                            {"Deliveries made", grouped(status.delivered)},
                                            {"Deliveries put off", grouped(status.postponed)},
                                            {"Recipients refused", grouped(status.refused_recipients)},
                                            {"Messages refused", grouped(status.refused_messages)},
                                            {"Failed log-ins to send", grouped(status.failed_logins)}});
}

std::string server_figures(const SiteStatus& status) {
    return figures("Server",
                   {{"Running for", in_words_seconds(status.uptime)},
                    {"Memory in use", status.memory_octets == 0 ? "-" : in_words_octets(status.memory_octets)},
                    {"Transactions committed", grouped(status.commits)},
                    {"Latest commit took", status.commits == 0 ? "-" : milliseconds(status.last_commit_ms)}});
}

std::string listeners(const SiteStatus& status) {
    std::string html = "<section>\n<h2>Listeners</h2>\n<table>\n<thead><tr><th scope=\"col\">Service</th><th "
                       "scope=\"col\">Address</th><th scope=\"col\">TLS</th><th scope=\"col\">State</th></tr></thead>\n"
                       "<tbody>\n";
    for (const auto& listener : status.listeners) {
        html += "<tr><th scope=\"row\">" + escape_html(listener.service) + "</th><td>" + escape_html(listener.address) +
                "</td><td>" + escape_html(listener.tls) + "</td><td class=\"" +
                (listener.open ? "good\">open" : "bad\">closed") + "</td></tr>\n";
    }
    return html + "</tbody>\n</table>\n</section>\n";
}

std::string problems(const SiteStatus& status) {
    std::string html = "<section>\n<h2>Recent problems</h2>\n";
    if (status.problems.empty()) return html + "<p class=\"none\">The log has none.</p>\n</section>\n";
    return html + "<pre tabindex=\"0\">" + escape_html(status.problems) + "</pre>\n</section>\n";
}

std::string footer(const SiteStatus& status) {
    return "</main>\n<footer>\n<p>pillarbox " + escape_html(status.version) + ", " + utc(status.now) +
           "</p>\n<p><a href=\"/status.json\">status.json</a> <a "
           "href=\"/healthz\">healthz</a></p>\n</footer>\n</body>\n"
           "</html>\n";
}

} // namespace

std::string render_page(const SiteStatus& status, const Verdict& verdict) {
    return head(status, verdict) + header(status, verdict) + tiles(verdict) + "<div class=\"columns\">\n" +
           mail_figures(status) + listeners(status) + server_figures(status) + problems(status) + "</div>\n" +
           footer(status);
}

} // namespace pillarbox::webstatus
