#ifndef TAILOR_ADAPTERS_SEGMENT_JSON_VALUES_HPP
#define TAILOR_ADAPTERS_SEGMENT_JSON_VALUES_HPP

#if !__has_include(<simdjson.h>)
#error \
    "tailor/adapters/segment_json_values.hpp needs simdjson: Debian package libsimdjson-dev; link tailor::segment_json"
#endif

#include <simdjson.h>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "../core/errc.hpp"
#include "../core/iso8601.hpp"
#include "../core/result.hpp"
#include "../core/time.hpp"
#include "../segment/rule.hpp"
#include "../segment/rule_fault.hpp"
#include "segment_json_time.hpp"

namespace tailor::inline v0::adapters::detail {

/// Values of the DOM, each fault noted with its JSON pointer. A value at fault is left as it is.
class segment_json_values {
 public:
  explicit segment_json_values(std::vector<segment::mistake>& out) : out_(out) {}

 protected:
  using element = simdjson::dom::element;
  using object_type = simdjson::dom::object;

  /// One more word of the path, while it lives.
  class step {
   public:
    step(segment_json_values& r, std::string_view word) : path_(r.path_), before_(path_.size()) {
      path_ += '/';
      path_ += word;
    }
    ~step() { path_.resize(before_); }
    step(const step&) = delete;
    step& operator=(const step&) = delete;

   private:
    std::string& path_;
    std::size_t before_;
  };

  void note(errc code, const char* what) { out_.push_back({code, what, name_, path_}); }
  void note(errc code, const char* what, std::string_view word) {
    const step s(*this, word);
    note(code, what);
  }

  /// An object whose members are all known and come once.
  bool object(const element& e, object_type& o, std::initializer_list<std::string_view> known) {
    if (e.get(o) != simdjson::SUCCESS) {
      note(errc::malformed, "an object");
      return false;
    }
    std::vector<std::string_view> seen;
    for (const auto field : o) {
      bool is_known = false;
      for (const std::string_view k : known) is_known |= k == field.key;
      if (!is_known) {
        note(errc::unknown, "member");  // not its name: it may be anything
        return false;
      }
      for (const std::string_view k : seen) {
        if (k == field.key) {
          note(errc::duplicate, "member", k);
          return false;
        }
      }
      seen.push_back(field.key);
    }
    return true;
  }
  bool member(const object_type& o, std::string_view name, element& e, bool needed = false) {
    if (o.at_key(name).get(e) == simdjson::SUCCESS) return true;
    if (needed) note(errc::malformed, "missing", name);
    return false;
  }
  void text(const object_type& o, const char* name, std::string& to) {
    element e;
    std::string_view s;
    if (!member(o, name, e, true)) return;
    if (e.get(s) != simdjson::SUCCESS) return note(errc::malformed, "a text", name);
    to = s;
  }
  bool integer(const object_type& o, const char* name, std::int64_t& to, bool needed) {
    element e;
    if (!member(o, name, e, needed)) return false;
    if (e.get(to) == simdjson::SUCCESS) return true;
    note(errc::malformed, "a whole number of 64 bits", name);
    return false;
  }
  template <class F>
  void each(const object_type& o, const char* name, F&& f) {
    element e;
    if (!member(o, name, e)) return;
    simdjson::dom::array list;
    if (e.get(list) != simdjson::SUCCESS) return note(errc::malformed, "a list", name);
    const step s(*this, name);
    std::size_t i = 0;
    for (const element part : list) {
      if (i > segment::rule_limits::list) return note(errc::oversized, "a list of more than 1,000");
      const step inner(*this, std::to_string(i++));
      f(part);
    }
  }
  template <class Enum>
  void word(const object_type& o, const char* name, Enum& to, std::size_t count) {
    std::string s;
    text(o, name, s);
    for (std::size_t i = 0; i < count; ++i) {
      if (s == segment::name_of(static_cast<Enum>(i))) {
        to = static_cast<Enum>(i);
        return;
      }
    }
    if (!s.empty()) note(errc::unknown, "word", name);
  }

  void time(const object_type& o, const char* name, timestamp& to) {
    element e;
    if (!member(o, name, e)) return;
    std::string_view s;
    if (e.get(to.us) == simdjson::SUCCESS) return;
    if (e.get(s) != simdjson::SUCCESS) return note(errc::malformed, "a moment", name);
    const auto t = parse_timestamp(s);
    if (!t) return note(t.code(), "a moment", name);
    to = *t;
  }
  bool length(const object_type& o, const char* name, duration& to, bool needed = false) {
    element e;
    if (!member(o, name, e, needed)) return false;
    std::string_view s;
    if (e.get(to.us) == simdjson::SUCCESS) return true;
    const auto d =
        e.get(s) == simdjson::SUCCESS ? parse_length(s) : result<duration>(errc::malformed);
    if (!d) {
      note(d.code(), "a length of time", name);
      return false;
    }
    to = *d;
    return true;
  }
  void frame(const object_type& o, const char* name, segment::timeframe& to) {
    element e;
    object_type f;
    if (!member(o, name, e)) return;
    const step s(*this, name);
    if (!object(e, f, {"last", "next", "near", "far", "from", "to"})) return;
    duration d;
    if (length(f, "last", d)) {
      to.near = duration{0};
      to.far = d;
    }
    if (length(f, "next", d)) {
      if (d.us == INT64_MIN) return note(errc::out_of_range, "a length of time", "next");
      to.near = duration{0} - d;
      to.far = duration{0};
    }
    length(f, "near", to.near);
    length(f, "far", to.far);
    time(f, "from", to.from);
    time(f, "to", to.to);
  }

  std::vector<segment::mistake>& out_;
  std::string name_;
  std::string path_;
};

}  // namespace tailor::inline v0::adapters::detail

#endif  // TAILOR_ADAPTERS_SEGMENT_JSON_VALUES_HPP
