#ifndef TAILOR_SEGMENT_RULE_TEXT_HPP
#define TAILOR_SEGMENT_RULE_TEXT_HPP

#include <cstdint>
#include <string>
#include <vector>

#include "../core/time.hpp"
#include "../events/vocabulary.hpp"
#include "rule.hpp"

namespace tailor::inline v0::segment {

namespace detail {

template <class... Parts>
void add(std::string& out, const Parts&... parts) {
  ((out += parts), ...);
}
template <class... Parts>
[[nodiscard]] std::string words(const Parts&... parts) {
  std::string out;
  add(out, parts...);
  return out;
}

[[nodiscard]] inline std::string text_of(duration d) {
  const struct {
    std::int64_t us;
    const char* unit;
  } units[] = {{days(1).us, " days"},
               {hours(1).us, " hours"},
               {minutes(1).us, " minutes"},
               {seconds(1).us, " seconds"},
               {1, " us"}};
  for (const auto& u : units) {
    if (d.us % u.us != 0) continue;
    std::string out = words(std::to_string(d.us / u.us), u.unit);
    if (d.us == u.us && u.us > 1) out.pop_back();  // 1 day
    return out;
  }
  return {};
}

[[nodiscard]] inline std::string text_of(const timeframe& f) {
  std::string out;
  const bool near = f.near.us != INT64_MIN;
  const bool far = f.far.us != INT64_MAX;
  if (near && f.near.us < 0) {
    add(out, " in the next ", text_of(duration{-(f.near.us + (f.near.us == INT64_MIN))}));
  } else if (far && (!near || f.near.us == 0)) {
    add(out, " in the last ", text_of(f.far));
  } else if (far) {
    add(out, " ", text_of(f.near), " to ", text_of(f.far), " ago");
  } else if (near && f.near.us > 0) {
    add(out, " at least ", text_of(f.near), " ago");
  }
  if (f.from.us != INT64_MIN) add(out, " since ", std::to_string(f.from.us), " us");
  if (f.to.us != INT64_MAX) add(out, " before ", std::to_string(f.to.us), " us");
  return out;
}

[[nodiscard]] inline std::string text_of(const property_test& t) {
  std::string out = t.name;
  out += ' ';
  out += name_of(t.op);
  const char* comma = " ";
  for (const std::int64_t n : t.numbers) {
    out += comma + std::to_string(n);
    comma = ", ";
  }
  for (const std::string& s : t.texts) {
    out += comma + s;
    comma = ", ";
  }
  if (t.op == property_operator::in_time) out += text_of(t.when);
  return out;
}

[[nodiscard]] inline std::string text_of(const event_filter& f) {
  std::string out;
  for (const events::event_kind k : f.kinds) {
    if (!out.empty()) out += " or ";
    out += events::name_of(k);
  }
  if (out.empty()) out = "any event";
  if (!f.items.empty()) add(out, " of ", std::to_string(f.items.size()), " items");
  for (const property_test& t : f.item) add(out, " of ", text_of(t));
  if (f.least_price != INT64_MIN) add(out, " from ", std::to_string(f.least_price));
  if (f.most_price != INT64_MAX) add(out, " up to ", std::to_string(f.most_price));
  if (f.least_quantity != INT64_MIN) add(out, " of at least ", std::to_string(f.least_quantity));
  if (f.most_quantity != INT64_MAX) add(out, " of at most ", std::to_string(f.most_quantity));
  return out;
}

}  // namespace detail

/// A test in words, for reasons and reports; a group as its name. Not a format: words may change.
[[nodiscard]] inline std::string text_of(const rule& r) {
  if (const group* g = std::get_if<group>(&r.is)) {
    return g->how == joined_by::all ? "all of" : g->how == joined_by::any ? "any of" : "not";
  }
  if (const auto* t = std::get_if<event_test>(&r.is)) {
    return detail::words(name_of(t->what), " of ", detail::text_of(t->which),
                         detail::text_of(t->when), " ", name_of(t->op), " ",
                         std::to_string(t->bound));
  }
  if (const auto* t = std::get_if<property_test>(&r.is)) return detail::text_of(*t);
  if (const auto* t = std::get_if<membership_test>(&r.is)) {
    if (t->joined == always()) return detail::words("in ", t->segment);
    return detail::words("in ", t->segment, ", joined", detail::text_of(t->joined));
  }
  if (const auto* t = std::get_if<standing_test>(&r.is)) {
    if (!t->label.empty()) return detail::words(t->model, " is ", t->label);
    return detail::words(t->model, " in ", std::to_string(t->low), " to ", std::to_string(t->high));
  }
  if (const auto* t = std::get_if<funnel_test>(&r.is)) {
    std::string out;
    for (const funnel_step& s : t->steps) {
      if (!out.empty()) out += s.happened ? ", then " : ", but no ";
      out += detail::text_of(s.which);
    }
    return detail::words(out, " within ", detail::text_of(t->within), detail::text_of(t->when));
  }
  return {};
}

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_RULE_TEXT_HPP
