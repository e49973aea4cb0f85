#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tailor/core/distributions.hpp"
#include "tailor/core/iso8601.hpp"
#include "tailor/core/random.hpp"
#include "tailor/events/timeline.hpp"
#include "tailor/segment/ladder.hpp"
#include "tailor/segment/property.hpp"
#include "tailor/segment/rule.hpp"
#include "tailor/segment/rule_names.hpp"

namespace tailor_test {

using namespace tailor;
using namespace tailor::segment;

/// Properties made up from the id: shoppers have a city, points, tags, a birthday, a renewal and a
/// consent; items a brand. Some are not known.
struct made_up {
  static constexpr timestamp start{1'600'000'000'000'000};
  std::string_view cities[3] = {"Bern", "Basel", "Chur"};
  std::string_view tags[2] = {"new", "vip"};

  [[nodiscard]] property_value value(user_id u, std::size_t property) const {
    const std::uint64_t h = raw(u) >> 20 ^ property * 7;
    if (h % 5 == 0) return {};
    switch (property) {
      case 0:
        return text_value(cities[h % 3]);
      case 1:
        return number_value(static_cast<std::int64_t>(h % 10));
      case 2:
        return texts_value({tags, h % 3});
      case 3:
        return date_value(start - days(365 * 30) + days(static_cast<std::int64_t>(h % 20)));
      case 4:
        return date_value(start + hours(static_cast<std::int64_t>(h % 60) - 20));
      default:
        return flag_value(h % 2 == 0);
    }
  }
  [[nodiscard]] property_value value(item_id i, std::size_t) const {
    return raw(i) % 4 == 0 ? property_value{} : text_value(raw(i) % 2 == 0 ? "odd" : "even");
  }
};

/// The rules as their definition says, at one moment, without a thought for speed.
class slow_rules {
 public:
  slow_rules(const std::vector<segment_definition>& all, const made_up& facts, const ladder& model)
      : all_(all), facts_(facts), model_(model) {}

  [[nodiscard]] bool is_in(const std::string& segment, const events::timeline& history,
                           user_id user, timestamp now) const {
    std::vector<events::event> past;
    for (const events::event& e : history.history(user)) {
      if (e.at <= now) past.push_back(e);
    }
    if (past.empty()) return false;
    for (const segment_definition& d : all_) {
      if (d.name == segment) return holds(d.who, past, history, user, now);
    }
    return false;
  }

 private:
  using past_events = std::vector<events::event>;

  bool holds(const rule& r, const past_events& past, const events::timeline& history, user_id user,
             timestamp now) const {
    if (const auto* g = std::get_if<group>(&r.is)) {
      const auto part = [&](const rule& p) { return holds(p, past, history, user, now); };
      if (g->how == joined_by::none) return !part(g->parts[0]);
      return g->how == joined_by::all ? std::all_of(g->parts.begin(), g->parts.end(), part)
                                      : std::any_of(g->parts.begin(), g->parts.end(), part);
    }
    if (const auto* t = std::get_if<event_test>(&r.is)) {
      return compares(measure(*t, past, now), t->op, t->bound);
    }
    if (const auto* t = std::get_if<property_test>(&r.is)) {
      static const std::map<std::string, std::size_t> places = {
          {"city", 0}, {"points", 1}, {"tags", 2}, {"birthday", 3}, {"renewal", 4}, {"mail", 5}};
      return passes(*t, facts_.value(user, places.at(t->name)), now);
    }
    if (const auto* t = std::get_if<membership_test>(&r.is)) {
      if (!is_in(t->segment, history, user, now)) return false;
      if (t->joined == always()) return true;
      timestamp since = now;  // hour by hour: everything happens at whole hours
      while (since > made_up::start && is_in(t->segment, history, user, since - hours(1))) {
        since = since - hours(1);
      }
      const auto age = now.us - since.us;
      return in(t->joined, since.us, age);
    }
    if (const auto* t = std::get_if<standing_test>(&r.is)) {
      order_reader scratch;
      const auto v = model_.value(history.lines_of(*history.find_shopper(user)), now, scratch);
      return v && t->low <= *v && *v <= t->high;
    }
    return walks(std::get<funnel_test>(r.is), past, now);
  }

  static bool in(const timeframe& f, std::int64_t at, std::int64_t age) {
    return age >= f.near.us && age < f.far.us && at >= f.from.us && at < f.to.us;
  }

  bool passes(const event_filter& f, const events::event& e) const {
    if (!f.kinds.empty() && std::count(f.kinds.begin(), f.kinds.end(), e.kind) == 0) return false;
    if (!f.items.empty() && std::count(f.items.begin(), f.items.end(), e.item) == 0) return false;
    if (e.unit_price < f.least_price || e.unit_price > f.most_price) return false;
    if (e.quantity < f.least_quantity || e.quantity > f.most_quantity) return false;
    for (const property_test& t : f.item) {
      if (e.item == no_item || !passes(t, facts_.value(e.item, 0), e.at)) return false;
    }
    return true;
  }

  static bool passes(const property_test& t, const property_value& v, timestamp now) {
    using enum property_operator;
    const bool known = v.type != property_type::none;
    if (t.op == missing) return !known;
    if (!known) return false;
    const std::string text(v.text);
    const auto listed = [&](const std::string& s) {
      return std::count(t.texts.begin(), t.texts.end(), s) > 0;
    };
    switch (t.op) {
      case exists:
        return true;
      case equal:
        return v.type == property_type::text ? text == t.texts[0] : v.number == t.numbers[0];
      case not_equal:
        return v.type == property_type::text ? text != t.texts[0] : v.number != t.numbers[0];
      case less:
        return v.number < t.numbers[0];
      case at_most:
        return v.number <= t.numbers[0];
      case more:
        return v.number > t.numbers[0];
      case at_least:
        return v.number >= t.numbers[0];
      case any_of:
        if (v.type == property_type::text) return listed(text);
        if (v.type == property_type::texts) {
          return std::any_of(v.texts.begin(), v.texts.end(),
                             [&](std::string_view s) { return listed(std::string(s)); });
        }
        return std::count(t.numbers.begin(), t.numbers.end(), v.number) > 0;
      case contains:
        return text.find(t.texts[0]) != std::string::npos;
      case starts_with:
        return text.rfind(t.texts[0], 0) == 0;
      case ends_with:
        return text.size() >= t.texts[0].size() &&
               text.compare(text.size() - t.texts[0].size(), std::string::npos, t.texts[0]) == 0;
      case in_time:
        return in(t.when, v.number, now.us - v.number);
      case anniversary: {
        const calendar_day born = day_at(day_of(timestamp{v.number}));
        for (std::int64_t ahead = 0; ahead < t.numbers[0]; ++ahead) {
          const calendar_day d = day_at(day_of(now) + ahead);
          if (d.month == born.month && d.day == born.day) return true;
          if (born.month == 2 && born.day == 29 && !is_leap_year(d.year) && d.month == 3 &&
              d.day == 1) {
            return true;
          }
        }
        return false;
      }
      default:
        return false;
    }
  }

  std::int64_t measure(const event_test& t, const past_events& past, timestamp now) const {
    std::int64_t sum = 0;
    std::set<std::pair<std::uint64_t, std::int64_t>> different;
    for (const events::event& e : past) {
      if (!passes(t.which, e) || !in(t.when, e.at.us, now.us - e.at.us)) continue;
      const int sign = e.kind == events::event_kind::refund ? -1 : 1;
      switch (t.what) {
        case measured::events:
          ++sum;
          break;
        case measured::pieces:
          sum += sign * e.quantity;
          break;
        case measured::revenue:
          sum += sign * e.quantity * e.unit_price;
          break;
        case measured::orders:
          different.insert({raw(e.order), e.order == no_order ? e.at.us : 0});
          break;
        case measured::items:
          if (e.item != no_item) different.insert({raw(e.item), 0});
          break;
        case measured::days:
          different.insert({0, day_of(e.at)});
          break;
      }
    }
    return sum + static_cast<std::int64_t>(different.size());
  }

  bool walks(const funnel_test& t, const past_events& past, timestamp now) const {
    for (std::size_t i = 0; i < past.size(); ++i) {
      if (!passes(t.steps[0].which, past[i])) continue;
      if (!in(t.when, past[i].at.us, now.us - past[i].at.us)) continue;
      if (walks_on(t, past, now, i, i, 1)) return true;
    }
    return false;
  }
  bool walks_on(const funnel_test& t, const past_events& past, timestamp now, std::size_t first,
                std::size_t latest, std::size_t step) const {
    if (step == t.steps.size()) return true;
    const timestamp ends = past[first].at + t.within;
    const auto happened = [&](const event_filter& f, std::size_t from, std::size_t to) {
      for (std::size_t k = from; k < to; ++k) {
        if (past[k].at < ends && passes(f, past[k])) return true;
      }
      return false;
    };
    if (!t.steps[step].happened && step + 1 == t.steps.size()) {
      return now >= ends && !happened(t.steps[step].which, latest + 1, past.size());
    }
    const bool never_between = !t.steps[step].happened;
    const std::size_t next = never_between ? step + 1 : step;
    for (std::size_t j = latest + 1; j < past.size() && past[j].at < ends; ++j) {
      if (!passes(t.steps[next].which, past[j])) continue;
      if (never_between && happened(t.steps[step].which, latest + 1, j)) continue;
      if (walks_on(t, past, now, first, j, next + 1)) return true;
    }
    return false;
  }

  const std::vector<segment_definition>& all_;
  const made_up& facts_;
  const ladder& model_;
};

/// Rules of every sort, with bounds and windows that a crowded history meets.
class random_rules {
 public:
  explicit random_rules(std::uint64_t seed) : draw_(seed, 77) {}

  std::vector<segment_definition> make(std::size_t n) {
    std::vector<segment_definition> out;
    for (std::size_t i = 0; i < n; ++i) {
      may_join_ = i >= n / 2;
      names_ = n / 2;
      out.push_back({"s" + std::to_string(i), node(i < n / 2 ? 2 : 3)});
    }
    return out;
  }

 private:
  std::uint64_t below(std::uint64_t n) { return uniform_below(draw_, n); }
  std::int64_t upto(std::int64_t n) {
    return static_cast<std::int64_t>(below(static_cast<std::uint64_t>(n) + 1));
  }

  rule node(int depth) {
    if (depth > 0 && below(3) != 0) {
      group g{static_cast<joined_by>(below(3)), {}};
      const std::size_t parts = g.how == joined_by::none ? 1 : 1 + below(3);
      for (std::size_t i = 0; i < parts; ++i) g.parts.push_back(node(depth - 1));
      return {g};
    }
    switch (below(may_join_ ? 10 : 8)) {
      case 0:
      case 1:
      case 2:
      case 3:
        return {event_test{filter(), static_cast<measured>(below(6)), frame(),
                           static_cast<comparison>(below(6)), upto(below(4) == 0 ? 900 : 4)}};
      case 4:
      case 5:
        return {property()};
      case 6: {
        const std::int64_t low = upto(5);
        return {standing_test{"ladder", low, low + upto(2), {}}};
      }
      case 7:
        return {funnel()};
      default:
        return {membership_test{"s" + std::to_string(below(names_)),
                                below(2) == 0 ? always() : frame()}};
    }
  }
  timeframe frame() {
    const std::int64_t near = upto(10);
    const timestamp at = made_up::start + hours(upto(24));
    switch (below(6)) {
      case 0:
        return always();
      case 1:
        return last(hours(1 + upto(30)));
      case 2:
        return at_least_ago(hours(near));
      case 3:
        return between_ago(hours(near), hours(near + 1 + upto(20)));
      case 4:
        return below(2) == 0 ? before(at) : since(at);
      default: {
        timeframe f = between(at, at + hours(1 + upto(10)));
        if (below(2) == 0) f.far = hours(1 + upto(30));
        return f;
      }
    }
  }
  event_filter filter() {
    event_filter f;
    using events::event_kind;
    constexpr event_kind kinds[] = {event_kind::purchase, event_kind::view_item,
                                    event_kind::add_to_cart, event_kind::refund,
                                    event_kind::search};
    for (std::uint64_t i = below(3); i > 0; --i) f.kinds.push_back(kinds[below(5)]);
    if (below(4) == 0) {
      for (int i = 0; i < 4; ++i)
        f.items.push_back(item_id{(101 + below(8)) * 0x9E3779B97F4A7C15U});
    }
    if (below(5) == 0) f.least_price = 200;
    if (below(5) == 0) f.most_price = 300;
    if (below(6) == 0) f.least_quantity = 2;
    if (below(4) == 0) f.item.push_back({"brand", property_operator::equal, {}, {"odd"}, {}});
    return f;
  }
  property_test property() {
    using enum property_operator;
    constexpr property_operator numeric[] = {equal, not_equal, less, at_most, more, at_least};
    switch (below(9)) {
      case 0:
        return {"city", any_of, {}, {"Bern", "Chur"}, {}};
      case 1:
        return {"city", below(2) == 0 ? starts_with : contains, {}, {"B"}, {}};
      case 2:
        return {"city", ends_with, {}, {"l"}, {}};
      case 3:
        return {"points", numeric[below(6)], {upto(9)}, {}, {}};
      case 4:
        return {"tags", any_of, {}, {"vip"}, {}};
      case 5:
        return {"birthday", anniversary, {1 + upto(3)}, {}, {}};
      case 6: {
        const timeframe f = below(2) == 0 ? next(hours(1 + upto(20))) : frame();
        return {"renewal", in_time, {}, {}, f};
      }
      case 7:
        return {"points", below(2) == 0 ? exists : missing, {}, {}, {}};
      default:
        return {"mail", equal, {1}, {}, {}};
    }
  }
  funnel_test funnel() {
    funnel_test f{{}, hours(1 + upto(20)), frame()};
    const std::size_t steps = 1 + below(4);
    for (std::size_t i = 0; i < steps; ++i) {
      const bool before = i == 0 || f.steps.back().happened;
      f.steps.push_back({filter(), i == 0 || !before || below(3) != 0});
    }
    return f;
  }

  counter_random draw_;
  bool may_join_ = false;
  std::size_t names_ = 1;
};

/// The names that random rules speak of.
inline rule_names names_of(const made_up& facts, const ladder& model) {
  rule_names out;
  using enum property_type;
  const bool ok = out.shoppers(facts, {{"city", text},
                                       {"points", number},
                                       {"tags", texts},
                                       {"birthday", date},
                                       {"renewal", date},
                                       {"mail", flag}}) &&
                  out.items(facts, {{"brand", text}}) && out.stands("ladder", model);
  if (!ok) return {};
  return out;
}

}  // namespace tailor_test
