// Dates of header fields (RFC 5322 3.3 and 4.3) and of IMAP (RFC 9051 9: date, date-time).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pillarbox::message {

/// A moment and the clock it was written by.
struct DateTime {
    std::int64_t unix_seconds = 0; ///< since 1970-01-01T00:00:00Z; a leap second counts as the second after it
    int zone_minutes = 0;          ///< east of UTC
    auto operator<=>(const DateTime&) const = default;
};

/// Reads a Date field: with or without weekday and seconds, zones by number or name, years of two or three digits,
/// comments anywhere. An unknown zone counts as UTC (RFC 5322 4.3).
/// @return nothing when it is no date, or none that exists (30 February).
std::optional<DateTime> parse_date(std::string_view value);

/// `Fri, 21 Nov 1997 09:55:06 -0600` (RFC 5322 3.3).
std::string format_date(DateTime when);

/// `17-Jul-1996 02:44:25 -0700`, the day padded with a space, without quotes (RFC 9051 9, date-time).
std::string format_internal_date(DateTime when);

/// Reads what format_internal_date() writes, also with a one-digit day; without quotes.
std::optional<DateTime> parse_internal_date(std::string_view text);

/// Reads `1-Feb-1994` (RFC 9051 9, date-text; without quotes).
/// @return days since 1970-01-01, to compare with local_day().
std::optional<std::int64_t> parse_imap_day(std::string_view text);

/// The calendar day on the writer's own clock, in days since 1970-01-01: what SENTON, ON and their kind compare, as
/// they disregard time and zone (RFC 9051 6.4.4).
std::int64_t local_day(DateTime when);

} // namespace pillarbox::message
