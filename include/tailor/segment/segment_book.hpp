#ifndef TAILOR_SEGMENT_SEGMENT_BOOK_HPP
#define TAILOR_SEGMENT_SEGMENT_BOOK_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "../core/contract.hpp"
#include "../core/result.hpp"
#include "../core/time.hpp"
#include "rule.hpp"
#include "rule_check.hpp"
#include "rule_events.hpp"
#include "rule_fault.hpp"
#include "rule_funnel.hpp"
#include "rule_key.hpp"
#include "rule_names.hpp"
#include "rule_property.hpp"

namespace tailor::inline v0::segment {

namespace detail {

struct compiled_member {
  std::uint32_t segment = 0;
  timeframe joined{};
};
struct compiled_standing {
  rule_names::model model{};
  std::int64_t low = 0;
  std::int64_t high = 0;
};
using compiled_test = std::variant<compiled_events, compiled_property<user_id>, compiled_member,
                                   compiled_standing, compiled_funnel>;

/// A node of a tree in pre-order: its parts follow it, the subtree ends before `end`.
struct compiled_node {
  enum class kind : std::uint8_t { all, any, none, test } is = kind::all;
  std::uint32_t end = 0;
  std::uint32_t test = 0;
};

struct compiled_segment {
  std::uint32_t root = 0;
  kind_set wakes{};  // kinds of events that may change it
  bool by_any_event = false;
};

}  // namespace detail

/// Segments, checked and compiled: equal tests are kept once, names are resolved. A value, and not
/// bound to a history; `segment_reader` and `memberships` ask it. Refers to the sources and models
/// of the names.
class segment_book {
 public:
  /// All or nothing: the first mistake as an error, whose place is the number of the segment, and
  /// all of them in `mistakes` (if not null). `midnight` is when the shop's day begins.
  /// Cost: O(nodes · log nodes).
  [[nodiscard]] static result<segment_book> make(std::vector<segment_definition> all,
                                                 const rule_names& names,
                                                 std::vector<mistake>* mistakes = nullptr,
                                                 duration midnight = {}) {
    std::vector<mistake> found = check_rules(all, names);
    if (found.empty()) return segment_book(std::move(all), names, midnight);
    const mistake& m = found.front();
    std::uint64_t at = 0;
    for (std::size_t i = 1; i < m.path.size() && m.path[i] != '/'; ++i) {
      at = at * 10 + static_cast<std::uint64_t>(m.path[i] - '0');
    }
    const error first{m.code, m.what, at};
    if (mistakes != nullptr) *mistakes = std::move(found);
    return first;
  }

  [[nodiscard]] std::size_t size() const { return definitions_.size(); }
  [[nodiscard]] const std::string& name(std::size_t segment) const {
    TAILOR_EXPECTS(segment < size());
    return definitions_[segment].name;
  }
  [[nodiscard]] std::optional<std::uint32_t> find(std::string_view name) const {
    for (std::size_t i = 0; i < size(); ++i) {
      if (definitions_[i].name == name) return static_cast<std::uint32_t>(i);
    }
    return std::nullopt;
  }
  [[nodiscard]] const std::vector<segment_definition>& definitions() const { return definitions_; }
  [[nodiscard]] duration midnight() const { return midnight_; }
  /// Different tests of all segments.
  [[nodiscard]] std::size_t tests() const { return tests_.size(); }
  /// Whether an event of that kind may change who is in the segment.
  [[nodiscard]] bool wakes(std::size_t segment, events::event_kind kind) const {
    return segments_[segment].by_any_event || segments_[segment].wakes.has(kind);
  }

  // For segment_reader.
  [[nodiscard]] std::span<const detail::compiled_node> nodes() const { return nodes_; }
  [[nodiscard]] std::uint32_t root(std::size_t segment) const { return segments_[segment].root; }
  [[nodiscard]] const detail::compiled_test& test(std::size_t i) const { return tests_[i]; }

 private:
  segment_book(std::vector<segment_definition> all, const rule_names& names, duration midnight)
      : definitions_(std::move(all)), midnight_(midnight) {
    segments_.resize(size());
    std::map<std::string_view, std::uint32_t> places;
    for (std::size_t i = 0; i < size(); ++i) {
      places.emplace(definitions_[i].name, static_cast<std::uint32_t>(i));
    }
    std::map<std::string, std::uint32_t> seen;
    std::vector<std::vector<std::uint32_t>> uses(size());
    for (std::size_t i = 0; i < size(); ++i) {
      segments_[i].root = static_cast<std::uint32_t>(nodes_.size());
      compile(definitions_[i].who, names, places, seen, segments_[i], uses[i]);
    }
    // A segment wakes with those that it asks for; chains are at most rule_limits::chain long.
    for (std::size_t round = 0; round < rule_limits::chain; ++round) {
      for (std::size_t i = 0; i < size(); ++i) {
        for (const std::uint32_t other : uses[i]) {
          segments_[i].wakes.add(segments_[other].wakes);
          segments_[i].by_any_event |= segments_[other].by_any_event;
        }
      }
    }
  }

  using places_map = std::map<std::string_view, std::uint32_t>;

  void compile(const rule& r, const rule_names& names, const places_map& places,
               std::map<std::string, std::uint32_t>& seen, detail::compiled_segment& into,
               std::vector<std::uint32_t>& uses) {
    const std::size_t here = nodes_.size();
    nodes_.emplace_back();
    if (const group* g = std::get_if<group>(&r.is)) {
      using kind = detail::compiled_node::kind;
      nodes_[here].is = g->how == joined_by::all   ? kind::all
                        : g->how == joined_by::any ? kind::any
                                                   : kind::none;
      for (const rule& part : g->parts) compile(part, names, places, seen, into, uses);
    } else {
      detail::compiled_test t = compiled(r, names, places);
      if (const auto* e = std::get_if<detail::compiled_events>(&t)) into.wakes.add(e->which.kinds);
      if (const auto* f = std::get_if<detail::compiled_funnel>(&t)) {
        for (const auto& s : f->steps) {
          into.wakes.add(s.which.kinds);
          if (s.guarded) into.wakes.add(s.never_after.kinds);
        }
      }
      if (const auto* m = std::get_if<detail::compiled_member>(&t)) uses.push_back(m->segment);
      if (std::holds_alternative<detail::compiled_standing>(t)) into.by_any_event = true;
      nodes_[here].is = detail::compiled_node::kind::test;
      const auto [at, is_new] =
          seen.emplace(detail::key_of(r), static_cast<std::uint32_t>(tests_.size()));
      if (is_new) tests_.push_back(std::move(t));
      nodes_[here].test = at->second;
    }
    nodes_[here].end = static_cast<std::uint32_t>(nodes_.size());
  }

  /// The check has seen to it that there is one.
  static std::size_t known(std::optional<std::size_t> place) {
    TAILOR_EXPECTS(place.has_value());
    return place.value_or(0);
  }

  static detail::compiled_filter compiled(const event_filter& f, const rule_names& names) {
    detail::compiled_filter out;
    for (const events::event_kind k : f.kinds) out.kinds.add(k);
    if (f.kinds.empty()) out.kinds.add_all();
    out.items = f.items;
    std::sort(out.items.begin(), out.items.end());
    out.least_price = f.least_price;
    out.most_price = f.most_price;
    out.least_quantity = f.least_quantity;
    out.most_quantity = f.most_quantity;
    for (const property_test& t : f.item) {
      out.item.push_back({t, names.item_property(known(names.find_item_property(t.name)))});
    }
    const event_filter kinds_only{.kinds = f.kinds};
    out.by_kind_alone = f == kinds_only;
    return out;
  }

  static detail::compiled_test compiled(const rule& r, const rule_names& names,
                                        const places_map& places) {
    if (const auto* t = std::get_if<event_test>(&r.is)) {
      detail::compiled_events out{
          compiled(t->which, names), t->what, t->when, t->op, t->bound, true};
      if (t->what == measured::pieces || t->what == measured::revenue) {
        out.only_adds = !out.which.kinds.has(events::event_kind::refund);
      }
      if (t->what == measured::revenue) out.only_adds &= t->which.least_price >= 0;
      return out;
    }
    if (const auto* t = std::get_if<property_test>(&r.is)) {
      return detail::compiled_property<user_id>{
          *t, names.shopper_property(known(names.find_shopper_property(t->name)))};
    }
    if (const auto* t = std::get_if<membership_test>(&r.is)) {
      return detail::compiled_member{places.find(t->segment)->second, t->joined};
    }
    if (const auto* t = std::get_if<standing_test>(&r.is)) {
      detail::compiled_standing out{names.model_at(known(names.find_model(t->model))), t->low,
                                    t->high};
      if (!t->label.empty()) {
        const auto& labels = out.model.labels;
        out.low = std::find(labels.begin(), labels.end(), t->label) - labels.begin();
        out.high = out.low;
      }
      return out;
    }
    const auto& t = std::get<funnel_test>(r.is);
    detail::compiled_funnel out{{}, t.within, t.when};
    for (const funnel_step& s : t.steps) {
      if (s.happened) {
        out.steps.push_back({compiled(s.which, names), {}, false});
      } else {
        out.steps.back().never_after = compiled(s.which, names);
        out.steps.back().guarded = true;
      }
    }
    return out;
  }

  std::vector<segment_definition> definitions_;
  duration midnight_{};
  std::vector<detail::compiled_node> nodes_;
  std::vector<detail::compiled_test> tests_;
  std::vector<detail::compiled_segment> segments_;
};

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_SEGMENT_BOOK_HPP
