#ifndef TAILOR_ADAPTERS_OFFER_JSON_VALUES_HPP
#define TAILOR_ADAPTERS_OFFER_JSON_VALUES_HPP

#if !__has_include(<simdjson.h>)
#error \
    "tailor/adapters/offer_json_values.hpp needs simdjson: Debian package libsimdjson-dev; link tailor::offer_json"
#endif

#include <simdjson.h>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../core/decimal.hpp"
#include "../core/errc.hpp"
#include "../core/iso8601.hpp"
#include "../core/result.hpp"
#include "../core/time.hpp"
#include "../offer/condition.hpp"
#include "../offer/mistake.hpp"

namespace tailor::inline v0::adapters::detail {

/// Where a value stands in its rule: a chain on the stack, spelt only when somebody asks.
struct json_place {
  static constexpr std::size_t no_index = SIZE_MAX;

  const json_place* up = nullptr;
  std::string_view word{};
  std::size_t index = no_index;  ///< of a list, in place of the word
};

/// As a JSON pointer (RFC 6901).
inline void append_pointer(std::string& out, const json_place& at) {
  if (at.up == nullptr) return;  // the rule itself
  append_pointer(out, *at.up);
  out += '/';
  if (at.index != json_place::no_index) {
    out += std::to_string(at.index);
    return;
  }
  for (const char c : at.word) {
    if (c == '~') out += "~0";
    if (c == '/') out += "~1";
    if (c != '~' && c != '/') out += c;
  }
}
[[nodiscard]] inline std::string pointer_of(const json_place& at) {
  std::string out;
  append_pointer(out, at);
  return out;
}

/// Paths as the compiler of rules has them, and where that stands in the JSON of the rule.
using json_places = std::map<std::string, std::string, std::less<>>;

/// Faults, each with the pointer into the document beside it. No more than somebody would read.
struct json_faults {
  static constexpr std::size_t most = 1'000;

  std::vector<offer::mistake> all{};
  std::vector<std::string> pointers{};

  [[nodiscard]] bool full() const { return all.size() >= most; }
};

/// Values of the DOM. A value at fault is noted and left as it is.
class offer_json_values {
 public:
  explicit offer_json_values(json_faults& out, json_places* places = nullptr)
      : out_(&out), places_(places) {}

 protected:
  using element = simdjson::dom::element;
  using object_type = simdjson::dom::object;
  using array_type = simdjson::dom::array;

  /// `word`: a member of the value, for the line alone: its name may be anything.
  void note(errc code, const char* what, const json_place& at, std::string_view word = {}) {
    if (out_->full()) return;
    std::string path = pointer_of(at);
    std::string pointer = base_ + path;
    if (name_.empty()) path = pointer;
    out_->all.push_back({code, what, name_, std::move(path)});
    if (!word.empty()) append_pointer(pointer, {&at, word});
    out_->pointers.push_back(std::move(pointer));
  }
  /// Keeps that what the compiler calls `ours` stands at `at`; the first one counts.
  void keep(const json_place& ours, const json_place& at) {
    if (places_ != nullptr) places_->try_emplace(pointer_of(ours), pointer_of(at));
  }

  /// An object whose members are all known and come once.
  bool object(const element& e, const json_place& at, object_type& o,
              std::initializer_list<std::string_view> known) {
    if (e.get(o) != simdjson::SUCCESS) {
      note(errc::malformed, "an object", at);
      return false;
    }
    std::uint32_t seen = 0;
    for (const auto field : o) {
      std::uint32_t bit = 1;
      for (const std::string_view k : known) {
        if (k == field.key) break;
        bit <<= 1;
      }
      if (bit >> known.size() != 0) {
        note(errc::unknown, "a member that is not known", at, field.key);
        return false;
      }
      if ((seen & bit) != 0) {
        note(errc::duplicate, "a member that comes twice", {&at, field.key});
        return false;
      }
      seen |= bit;
    }
    return true;
  }
  bool member(const object_type& o, std::string_view name, const json_place& at, element& e,
              bool needed = false) {
    if (o.at_key(name).get(e) == simdjson::SUCCESS) return true;
    if (needed) note(errc::malformed, "a member that is missing", {&at, name});
    return false;
  }

  /// A whole number. Of numbers with a point or a power of ten those that are whole.
  bool integer(const element& e, const json_place& at, std::int64_t& to) {
    if (e.is_int64()) return e.get(to) == simdjson::SUCCESS;
    constexpr double exact = 9'007'199'254'740'992.0;  // 2^53: from it on doubles skip some
    double d = 0;
    if (e.is_uint64() || !e.is_double()) {
      note(e.is_uint64() ? errc::overflow : errc::malformed, "a whole number of 64 bits", at);
      return false;
    }
    if (e.get(d) == simdjson::SUCCESS && -exact < d && d < exact) {
      to = static_cast<std::int64_t>(d);
      if (static_cast<double>(to) == d) return true;
    }
    note(errc::inexact, "a whole number: money is in minor units, nothing is rounded", at);
    return false;
  }
  bool integer(const object_type& o, const char* name, const json_place& at, std::int64_t& to,
               bool needed = false) {
    element e;
    return member(o, name, at, e, needed) && integer(e, {&at, name}, to);
  }
  bool text(const element& e, const json_place& at, std::string& to) {
    std::string_view s;
    if (e.get(s) != simdjson::SUCCESS) {
      note(errc::malformed, "a text", at);
      return false;
    }
    to = s;
    return true;
  }
  void text(const object_type& o, const char* name, const json_place& at, std::string& to,
            bool needed = false) {
    element e;
    if (member(o, name, at, e, needed)) text(e, {&at, name}, to);
  }
  template <class F>
  void each(const object_type& o, const char* name, const json_place& at, F&& f) {
    element e;
    array_type list;
    if (!member(o, name, at, e)) return;
    const json_place here{&at, name};
    if (e.get(list) != simdjson::SUCCESS) return note(errc::malformed, "a list", here);
    std::size_t i = 0;
    for (const element part : list) {
      if (i == offer::condition_limits::list) {
        return note(errc::oversized, "a list of more than 1,000", here);
      }
      f(part, json_place{&here, {}, i++});
    }
  }
  void texts(const object_type& o, const char* name, const json_place& at,
             std::vector<std::string>& to) {
    each(o, name, at, [&](const element& part, const json_place& here) {
      to.emplace_back();
      text(part, here, to.back());
    });
  }

  /// Minor units as a number, or major units as a text: "4.99".
  void amount(const object_type& o, const char* name, const json_place& at, std::int64_t& to,
              bool needed = false) {
    element e;
    std::string_view s;
    if (!member(o, name, at, e, needed)) return;
    const json_place here{&at, name};
    if (e.get(s) != simdjson::SUCCESS) {
      integer(e, here, to);
      return;
    }
    if (decimals_ < 0) {
      return note(errc::unknown, "major units need the decimals of the currency", here);
    }
    const auto minor = parse_decimal(s, decimals_);
    if (!minor) return note(minor.code(), "an amount as a text: \"4.99\"", here);
    to = *minor;
  }
  /// Basis points as a number, or a text: "12.5%".
  void share(const object_type& o, const json_place& at, std::int64_t& to, bool needed) {
    element e;
    std::string_view s;
    if (!member(o, "share", at, e, needed)) return;
    const json_place here{&at, "share"};
    if (e.get(s) != simdjson::SUCCESS) {
      integer(e, here, to);
      return;
    }
    if (!s.ends_with('%')) return note(errc::malformed, "a share as a text: \"12.5%\"", here);
    const auto points = parse_decimal(s.substr(0, s.size() - 1), 2);
    if (!points) return note(points.code(), "a share as a text: \"12.5%\"", here);
    to = *points;
  }
  /// A moment as text, with its offset. The same whatever the local time is: the offset is there.
  bool moment(std::string_view s, const json_place& at, std::int64_t& us) {
    const auto one = parse_timestamp(s, 0);
    if (!one) {
      note(one.code(), "a moment (RFC 3339): 2026-03-01T00:00:00+01:00", at);
      return false;
    }
    const auto other = parse_timestamp(s, 60);
    if (!other || *other != *one) {
      note(errc::malformed, "a moment needs its offset: Z, or +01:00", at);
      return false;
    }
    us = one->us;
    return true;
  }
  void moment(const object_type& o, const char* name, const json_place& at, timestamp& to) {
    element e;
    std::string_view s;
    if (!member(o, name, at, e)) return;
    const json_place here{&at, name};
    if (e.get(s) == simdjson::SUCCESS) {
      moment(s, here, to.us);
    } else {
      integer(e, here, to.us);
    }
  }
  /// The minute of the day as a number or a text: "22:30".
  void minute(const object_type& o, const char* name, const json_place& at, std::int64_t& to) {
    element e;
    std::string_view s;
    if (!member(o, name, at, e)) return;
    const json_place here{&at, name};
    if (e.get(s) != simdjson::SUCCESS) {
      integer(e, here, to);
      return;
    }
    const auto digits = [s](std::size_t i) { return parse_int<std::int64_t>(s.substr(i, 2)); };
    if (s.size() != 5 || s[2] != ':' || s[0] > '9' || s[0] < '0' || s[3] > '9' || s[3] < '0' ||
        !digits(0) || !digits(3) || *digits(3) > 59 || *digits(0) * 60 + *digits(3) > 1'440) {
      return note(errc::malformed, R"(a time of the day: "00:00" to "24:00")", here);
    }
    to = *digits(0) * 60 + *digits(3);
  }

  json_faults* out_;
  json_places* places_;
  std::string name_{};
  std::string base_{};  ///< pointer to the rule
  int decimals_ = -1;   ///< of the currency; below 0: nobody said
};

}  // namespace tailor::inline v0::adapters::detail

#endif  // TAILOR_ADAPTERS_OFFER_JSON_VALUES_HPP
