// Dates of header fields (RFC 5322 3.3 and 4.3) and of IMAP (RFC 9051 9).
#include "store/message/date.h"
#include "store/message/header.h"
#include "store/message/lexer.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace pillarbox::message {
namespace {

constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> weekdays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::int64_t day_seconds = 24 * 60 * 60;

struct Zone {
    std::string_view name;
    int minutes;
};
constexpr Zone zones[] = {{"EST", -300}, {"EDT", -240}, {"CST", -360}, {"CDT", -300},
                          {"MST", -420}, {"MDT", -360}, {"PST", -480}, {"PDT", -420}};

struct Clock {
    int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, zone_minutes = 0;
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::optional<std::int64_t> days_since_1970(const Clock& clock) {
    const std::chrono::year_month_day date{std::chrono::year(clock.year),
                                           std::chrono::month(static_cast<unsigned>(clock.month)),
                                           std::chrono::day(static_cast<unsigned>(clock.day))};
    if (!date.ok()) return std::nullopt;
    return std::chrono::sys_days(date).time_since_epoch().count();
}

std::optional<DateTime> moment(const Clock& clock) {
    const auto days = days_since_1970(clock);
    if (!days || clock.hour > 23 || clock.minute > 59 || clock.second > 60) return std::nullopt;
    const std::int64_t local = *days * day_seconds + clock.hour * 3600 + clock.minute * 60 + clock.second;
    return DateTime{local - clock.zone_minutes * 60, clock.zone_minutes};
}

// Full years, and those of RFC 5322 4.3.
int full_year(int year, std::size_t digits) {
    if (digits == 2) return year + (year < 50 ? 2000 : 1900);
    return digits == 3 ? year + 1900 : year;
}

class DateReader {
public:
    explicit DateReader(std::string_view text) : lexer_(text) {}

    std::optional<DateTime> read_date() {
        blanks();
        if (!is_digit(lexer_.peek())) weekday();
        if (!number(clock_.day, 2) || !separated() || !month() || !separated()) return std::nullopt;
        const std::size_t digits = number(clock_.year, 4);
        if (digits < 2) return std::nullopt;
        clock_.year = full_year(clock_.year, digits);
        blanks();
        if (!time() || !zone()) return std::nullopt;
        return moment(clock_);
    }

    // date-time of RFC 9051 9: no comments, nothing left out.
    std::optional<DateTime> read_internal_date() {
        lexer_.take(' ');
        if (!day_month_year() || !lexer_.take(' ')) return std::nullopt;
        if (number(clock_.hour, 2) != 2 || !lexer_.take(':') || number(clock_.minute, 2) != 2) return std::nullopt;
        if (!lexer_.take(':') || number(clock_.second, 2) != 2 || !lexer_.take(' ')) return std::nullopt;
        if (!numeric_zone() || !lexer_.at_end()) return std::nullopt;
        return moment(clock_);
    }

    std::optional<std::int64_t> read_day() {
        if (!day_month_year() || !lexer_.at_end()) return std::nullopt;
        return days_since_1970(clock_);
    }

private:
    void blanks() { lexer_.skip_cfws(); }

    void weekday() {
        std::string word;
        lexer_.atom(word);
        blanks();
        lexer_.take(',') || lexer_.take('.');
        blanks();
    }

    bool separated() {
        blanks();
        if (lexer_.take('-')) blanks();
        return true;
    }

    // @return how many digits there were, 0 when there is none or one too many
    std::size_t number(int& out, std::size_t most) {
        std::size_t digits = 0;
        for (out = 0; is_digit(lexer_.peek()); lexer_.skip()) {
            if (++digits > most) return 0;
            out = out * 10 + (lexer_.peek() - '0');
        }
        return digits;
    }

    bool month() {
        std::string word;
        while (lexer_.peek() >= 'A' && lexer_.peek() <= 'z') word += lexer_.peek(), lexer_.skip();
        if (word.size() < 3) return false;
        const auto same = [&](std::string_view name) { return equal_ignoring_case(name, word.substr(0, 3)); };
        const auto found = std::find_if(months.begin(), months.end(), same);
        clock_.month = static_cast<int>(found - months.begin()) + 1;
        return found != months.end();
    }

    bool day_month_year() {
        return number(clock_.day, 2) && lexer_.take('-') && month() && lexer_.take('-') && number(clock_.year, 4) == 4;
    }

    bool time() {
        if (!number(clock_.hour, 2)) return false;
        blanks();
        if (!lexer_.take(':')) return false;
        blanks();
        if (!number(clock_.minute, 2)) return false;
        blanks();
        if (!lexer_.take(':')) return true;
        blanks();
        const bool ok = number(clock_.second, 2) > 0;
        blanks();
        return ok;
    }

    bool zone() {
        if (lexer_.peek() == '+' || lexer_.peek() == '-') return numeric_zone();
        std::string name;
        lexer_.atom(name);
        for (const Zone& zone : zones)
            if (equal_ignoring_case(zone.name, name)) clock_.zone_minutes = zone.minutes;
        return true;
    }

    bool numeric_zone() {
        const bool is_west = lexer_.take('-');
        int digits = 0;
        if ((!is_west && !lexer_.take('+')) || number(digits, 4) != 4 || digits % 100 > 59) return false;
        const int minutes = digits / 100 * 60 + digits % 100;
        clock_.zone_minutes = is_west ? -minutes : minutes;
        return true;
    }

    Lexer lexer_;
    Clock clock_;
};

void append_number(std::string& out, int value, int width) {
    int unit = 1;
    for (int i = 1; i < width; ++i) unit *= 10;
    for (; unit > 0; unit /= 10) out += static_cast<char>('0' + value / unit % 10);
}

void append_time_and_zone(std::string& out, std::int64_t second_of_day, int zone_minutes) {
    const int seconds = static_cast<int>(second_of_day);
    append_number(out, seconds / 3600, 2);
    out += ':';
    append_number(out, seconds / 60 % 60, 2);
    out += ':';
    append_number(out, seconds % 60, 2);
    out += zone_minutes < 0 ? " -" : " +";
    const int zone = zone_minutes < 0 ? -zone_minutes : zone_minutes;
    append_number(out, zone / 60 * 100 + zone % 60, 4);
}

// What both formats show; years keep to four digits and zones to what their syntax can say.
struct Shown {
    explicit Shown(DateTime when)
        : zone(std::clamp(when.zone_minutes, -max_zone, max_zone)),
          seconds(std::clamp(when.unix_seconds, first, last) + zone * 60),
          days(std::chrono::floor<std::chrono::days>(std::chrono::seconds(seconds)).count()),
          date(std::chrono::sys_days(std::chrono::days(days))) {}

    static constexpr int max_zone = 99 * 60 + 59;
    static constexpr std::int64_t first = -62'135'000'000, last = 253'402'000'000; // in the years 1 and 9999
    int zone;
    std::int64_t seconds;
    std::int64_t days;
    std::chrono::year_month_day date;

    int day() const { return static_cast<int>(static_cast<unsigned>(date.day())); }
    std::string_view month() const { return months[static_cast<unsigned>(date.month()) - 1]; }
    std::int64_t second_of_day() const { return seconds - days * day_seconds; }
};

} // namespace

std::optional<DateTime> parse_date(std::string_view value) { return DateReader(value).read_date(); }

std::string format_date(DateTime when) {
    const Shown shown(when);
    const auto weekday = static_cast<std::size_t>(((shown.days + 4) % 7 + 7) % 7); // 1970-01-01 was a Thursday
    std::string out(weekdays[weekday]);
    out += ", ";
    append_number(out, shown.day(), shown.day() < 10 ? 1 : 2);
    out += ' ';
    out += shown.month();
    out += ' ';
    append_number(out, static_cast<int>(shown.date.year()), 4);
    out += ' ';
    append_time_and_zone(out, shown.second_of_day(), shown.zone);
    return out;
}

std::string format_internal_date(DateTime when) {
    const Shown shown(when);
    std::string out;
    if (shown.day() < 10) out += ' ';
    append_number(out, shown.day(), shown.day() < 10 ? 1 : 2);
    out += '-';
    out += shown.month();
    out += '-';
    append_number(out, static_cast<int>(shown.date.year()), 4);
    out += ' ';
    append_time_and_zone(out, shown.second_of_day(), shown.zone);
    return out;
}

std::optional<DateTime> parse_internal_date(std::string_view text) { return DateReader(text).read_internal_date(); }

std::optional<std::int64_t> parse_imap_day(std::string_view text) { return DateReader(text).read_day(); }

std::int64_t local_day(DateTime when) {
    const std::chrono::seconds local(when.unix_seconds + when.zone_minutes * 60);
    return std::chrono::floor<std::chrono::days>(local).count();
}

} // namespace pillarbox::message
