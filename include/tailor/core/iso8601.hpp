#ifndef TAILOR_CORE_ISO8601_HPP
#define TAILOR_CORE_ISO8601_HPP

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "decimal.hpp"
#include "errc.hpp"
#include "result.hpp"
#include "time.hpp"

namespace tailor::inline v0 {

/// A day of the Gregorian calendar, extended backwards. Year 0 is the year before year 1.
struct calendar_day {
  std::int64_t year = 1970;
  int month = 1;
  int day = 1;

  friend constexpr auto operator<=>(const calendar_day&, const calendar_day&) = default;
};

[[nodiscard]] constexpr bool is_leap_year(std::int64_t year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/// Precondition: 1 <= month <= 12.
[[nodiscard]] constexpr int days_in_month(std::int64_t year, int month) {
  constexpr signed char lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap_year(year) ? 29 : lengths[month - 1];
}

/// Days from 1970-01-01 to `d`. Precondition: `d` exists.
[[nodiscard]] constexpr std::int64_t days_since_epoch(const calendar_day& d) {
  constexpr short before_month[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
  const std::int64_t past = d.year - 1;  // whole years since 0001-01-01
  const std::int64_t leap_days = floor_div(past, 4) - floor_div(past, 100) + floor_div(past, 400);
  const int leap_day = d.month > 2 && is_leap_year(d.year) ? 1 : 0;
  return past * 365 + leap_days + before_month[d.month - 1] + leap_day + d.day - 1 - 719'162;
}

/// The day that is `days` after 1970-01-01: the inverse of days_since_epoch.
[[nodiscard]] constexpr calendar_day day_at(std::int64_t days) {
  // The calendar repeats every 400 years = 146,097 days. Inside of them, the guess by the average
  // year is at most one year off.
  constexpr std::int64_t cycle_days = 146'097;
  const std::int64_t since_year_1 = days + 719'162;
  const std::int64_t cycle = floor_div(since_year_1, cycle_days);
  const std::int64_t in_cycle = since_year_1 - cycle * cycle_days;
  std::int64_t year = cycle * 400 + 1 + in_cycle * 400 / cycle_days;
  while (days_since_epoch({year + 1, 1, 1}) <= days) ++year;
  while (days_since_epoch({year, 1, 1}) > days) --year;
  auto rest = static_cast<int>(days - days_since_epoch({year, 1, 1}));
  int month = 1;
  for (; rest >= days_in_month(year, month); ++month) rest -= days_in_month(year, month);
  return {year, month, rest + 1};
}

namespace detail {

/// Takes fixed-width numbers and marks off the front of a text; the first fault stays.
class time_reader {
 public:
  explicit constexpr time_reader(std::string_view text) : text_(text) {}

  [[nodiscard]] constexpr bool ok() const { return fault_.code == errc::ok; }
  [[nodiscard]] constexpr const error& fault() const { return fault_; }
  [[nodiscard]] constexpr bool at_end() const { return at_ == text_.size(); }
  [[nodiscard]] constexpr char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  constexpr void fail(errc code, std::size_t at) {
    if (ok()) fault_ = {code, "", at};
  }

  constexpr bool take(char c) {
    if (peek() != c || at_end()) return false;
    ++at_;
    return true;
  }
  constexpr void expect(char c) {
    if (!take(c)) fail(errc::malformed, at_);
  }

  /// `count` digits as a number; out_of_range at their first byte outside of [low, high].
  constexpr int number(int count, int low, int high) {
    const std::size_t start = at_;
    int value = 0;
    for (; count > 0; --count, ++at_) {
      const unsigned digit = at_ < text_.size() ? digit_of(text_[at_]) : 10;
      if (digit > 9) {
        fail(errc::malformed, at_);
        return low;
      }
      value = value * 10 + static_cast<int>(digit);
    }
    if (value < low || value > high) {
      fail(errc::out_of_range, start);
      return low;
    }
    return value;
  }

  /// The digits after a point as microseconds; inexact at the first that is finer and not zero.
  constexpr std::int64_t fraction() {
    std::int64_t us = 0, unit = 100'000;
    const std::size_t start = at_;
    for (; digit_of(peek()) <= 9; ++at_, unit /= 10) {
      if (unit == 0 && peek() != '0') fail(errc::inexact, at_);
      us += unit * static_cast<std::int64_t>(digit_of(peek()));
    }
    if (at_ == start) fail(errc::malformed, at_);
    return us;
  }

  /// "Z", "+hh:mm", "+hhmm" or "+hh" as minutes east of UTC; `otherwise` when the text ends here.
  constexpr std::int64_t offset_minutes(int otherwise) {
    if (at_end()) return otherwise;
    if (take('Z') || take('z')) return 0;
    const std::int64_t sign = peek() == '-' ? -1 : 1;
    if (!take('+') && !take('-')) {
      fail(errc::malformed, at_);
      return 0;
    }
    std::int64_t minutes = std::int64_t{60} * number(2, 0, 23);
    if (ok() && !at_end()) {
      take(':');
      minutes += number(2, 0, 59);
    }
    return sign * minutes;
  }

  [[nodiscard]] constexpr std::size_t at() const { return at_; }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  error fault_{};
};

}  // namespace detail

inline constexpr timestamp first_iso_moment{days_since_epoch({1, 1, 1}) * days(1).us};
inline constexpr timestamp end_of_iso_time{days_since_epoch({10'000, 1, 1}) * days(1).us};

/// Reads "2010-12-01", "2010-12-01T08:26", "2010-12-01T08:26:00" or "2010-12-01T08:26:00.5+01:00".
/// A space may stand for the T; the offset is Z, ±hh:mm, ±hhmm or ±hh and follows a time only.
/// Times without offset, and dates, are in local time that is `local_offset_minutes` ahead of UTC:
/// a fixed number; time zones with summer time are the host's business.
///
/// malformed, out_of_range (no such day or time, 24:00 and leap seconds included, or a moment
/// outside the years 0001 to 9999 of UTC) and inexact (a digit other than zero below a
/// microsecond), each with the offset of the byte. Cost: some nanoseconds, no allocation.
[[nodiscard]] constexpr result<timestamp> parse_timestamp(std::string_view text,
                                                          int local_offset_minutes = 0) {
  detail::time_reader in(text);
  calendar_day day;
  day.year = in.number(4, 1, 9999);
  in.expect('-');
  day.month = in.number(2, 1, 12);
  in.expect('-');
  day.day = in.number(2, 1, 31);
  if (!in.ok()) return in.fault();
  if (day.day > days_in_month(day.year, day.month))
    return error{errc::out_of_range, "", in.at() - 2};

  std::int64_t us = days_since_epoch(day) * days(1).us;
  std::int64_t offset = local_offset_minutes;
  if (!in.at_end()) {
    if (!in.take('T') && !in.take('t')) in.expect(' ');
    us += in.number(2, 0, 23) * hours(1).us;
    in.expect(':');
    us += in.number(2, 0, 59) * minutes(1).us;
    if (in.take(':')) {
      us += in.number(2, 0, 59) * seconds(1).us;
      if (in.take('.')) us += in.fraction();
    }
    offset = in.offset_minutes(local_offset_minutes);
    if (!in.at_end()) in.fail(errc::malformed, in.at());
    if (!in.ok()) return in.fault();
  }
  const timestamp t{us - offset * minutes(1).us};
  if (t < first_iso_moment || t >= end_of_iso_time) return errc::out_of_range;
  return t;
}

/// "2010-12-01T08:26:00Z", with 3 or 6 digits of a fraction where needed: parse_timestamp reads the
/// same moment back. Years outside 0001 to 9999 get a sign and the digits they need, and are not
/// read back.
[[nodiscard]] inline std::string format_timestamp(timestamp t) {
  const std::int64_t day_number = floor_div(t.us, days(1).us);
  const calendar_day d = day_at(day_number);
  // Not t.us minus the start of the day: the first day of the representable range starts before it.
  std::int64_t us = t.us % days(1).us + (t.us % days(1).us < 0 ? days(1).us : 0);
  std::string out;
  const auto put = [&out](std::int64_t value, std::size_t width) {
    const std::string digits = std::to_string(value);
    if (digits.size() < width) out.append(width - digits.size(), '0');
    out += digits;
  };
  const auto put_next = [&](char mark, std::int64_t unit) {
    out.push_back(mark);
    put(us / unit, 2);
    us %= unit;
  };
  if (d.year < 0 || d.year > 9999) out.push_back(d.year < 0 ? '-' : '+');
  if (d.year == 0) out.push_back('+');
  put(d.year < 0 ? -d.year : d.year, 4);
  out.push_back('-');
  put(d.month, 2);
  out.push_back('-');
  put(d.day, 2);
  put_next('T', hours(1).us);
  put_next(':', minutes(1).us);
  put_next(':', seconds(1).us);
  if (us != 0) {
    out.push_back('.');
    if (us % 1'000 == 0)
      put(us / 1'000, 3);
    else
      put(us, 6);
  }
  out.push_back('Z');
  return out;
}

}  // namespace tailor::inline v0

#endif  // TAILOR_CORE_ISO8601_HPP
