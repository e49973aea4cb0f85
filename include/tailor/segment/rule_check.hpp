#ifndef TAILOR_SEGMENT_RULE_CHECK_HPP
#define TAILOR_SEGMENT_RULE_CHECK_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../core/errc.hpp"
#include "../events/kind.hpp"
#include "property.hpp"
#include "rule.hpp"
#include "rule_fault.hpp"
#include "rule_names.hpp"

namespace tailor::inline v0::segment {

namespace detail {

/// Looks at every node once and stops descending at the limits.
class rule_checker {
 public:
  rule_checker(const std::vector<segment_definition>& all, const rule_names& names,
               std::vector<mistake>& out)
      : all_(all), names_(names), out_(out) {}

  void run() {
    if (all_.size() > rule_limits::segments) {
      return note(errc::full, "more than 10,000 segments");
    }
    for (std::size_t i = 0; i < all_.size(); ++i) {
      begin_at(i, "");
      const std::string& name = all_[i].name;
      if (name.empty()) note(errc::empty_id, "a segment without a name");
      if (name.size() > rule_limits::text) note(errc::oversized, "name");
      if (!places_.emplace(name, i).second) note(errc::duplicate, "a name given twice");
    }
    uses_.resize(all_.size());
    for (std::size_t i = 0; i < all_.size(); ++i) {
      begin_at(i, "/who");
      nodes_ = 0;
      look(all_[i].who, 1);
    }
    look_for_cycles();
  }

 private:
  /// Room for one more word of the path, while it lives.
  class step {
   public:
    step(rule_checker& c, std::string_view word) : path_(c.path_), before_(c.path_.size()) {
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

  void begin_at(std::size_t i, const char* rest) {
    at_ = i;
    path_ = '/';
    path_ += std::to_string(i);
    path_ += rest;
  }
  void note(errc code, const char* what) {
    out_.push_back({code, what, at_ < all_.size() ? all_[at_].name : std::string(), path_});
  }
  void note(errc code, const char* what, std::string_view word) {
    if (word.empty()) return note(code, what);
    const step s(*this, word);
    note(code, what);
  }
  bool short_list(std::size_t n, const char* word) {
    if (n > rule_limits::list) note(errc::oversized, "a list of more than 1,000", word);
    return n <= rule_limits::list;
  }

  void look(const rule& r, std::size_t depth) {
    if (depth > rule_limits::depth) return note(errc::oversized, "deeper than 16");
    if (++nodes_ > rule_limits::nodes) {
      if (nodes_ == rule_limits::nodes + 1) note(errc::oversized, "more than 256 nodes");
      return;
    }
    if (const group* g = std::get_if<group>(&r.is)) return look(*g, depth);
    if (const auto* t = std::get_if<event_test>(&r.is)) return look(*t);
    if (const auto* t = std::get_if<property_test>(&r.is)) return look_at_shopper(*t);
    if (const auto* t = std::get_if<membership_test>(&r.is)) return look(*t);
    if (const auto* t = std::get_if<standing_test>(&r.is)) return look(*t);
    if (const auto* t = std::get_if<funnel_test>(&r.is)) return look(*t);
  }

  void look(const group& g, std::size_t depth) {
    if (g.how == joined_by::none) {
      if (g.parts.size() != 1) return note(errc::malformed, "not takes one part", "not");
      const step s(*this, "not");
      return look(g.parts.front(), depth + 1);
    }
    const step s(*this, g.how == joined_by::all ? "all" : "any");
    if (g.how > joined_by::none) return note(errc::unknown, "group");
    if (g.parts.empty()) return note(errc::malformed, "a group without parts");
    for (std::size_t i = 0; i < g.parts.size() && nodes_ <= rule_limits::nodes; ++i) {
      const step inner(*this, std::to_string(i));
      look(g.parts[i], depth + 1);
    }
  }

  void look(const event_test& t) {
    if (t.what > measured::days) note(errc::unknown, "measure", "measure");
    if (t.op > comparison::at_least) note(errc::unknown, "operator", "is");
    look(t.which);
    look(t.when, "when");
    if (t.when.near.us < 0 && t.when.near.us != INT64_MIN) {
      note(errc::out_of_range, "events to come are not known", "when");
    }
  }

  void look(const timeframe& f, const char* word) {
    if (f.near >= f.far) note(errc::out_of_range, "a timeframe that ends before it begins", word);
    if (f.from >= f.to) note(errc::out_of_range, "a timeframe that ends before it begins", word);
  }

  void look(const event_filter& f) {
    const step s(*this, "of");
    if (short_list(f.kinds.size(), "kinds")) {
      for (const events::event_kind k : f.kinds) {
        if (!events::is_event_kind(static_cast<std::uint8_t>(k))) {
          note(errc::unknown, "kind of event", "kinds");
        }
      }
    }
    short_list(f.items.size(), "items");
    if (f.least_price > f.most_price) note(errc::out_of_range, "an empty range", "price");
    if (f.least_quantity > f.most_quantity) note(errc::out_of_range, "an empty range", "quantity");
    if (!short_list(f.item.size(), "item")) return;
    for (std::size_t i = 0; i < f.item.size(); ++i) {
      const step list(*this, "item");
      const step inner(*this, std::to_string(i));
      const auto found = names_.find_item_property(f.item[i].name);
      if (!found) {
        note(errc::unknown, "property of items", "property");
      } else {
        look(f.item[i], names_.item_property(*found).type);
        // When an item's date matters, the moment of the event decides nothing: not offered.
        if (f.item[i].op == property_operator::in_time && f.item[i].when.moves()) {
          note(errc::out_of_range, "of items, fixed times alone", "when");
        }
        if (f.item[i].op == property_operator::anniversary) {
          note(errc::out_of_range, "of shoppers alone", "is");
        }
      }
    }
  }

  void look_at_shopper(const property_test& t) {
    const auto found = names_.find_shopper_property(t.name);
    if (!found) return note(errc::unknown, "property", "property");
    look(t, names_.shopper_property(*found).type);
  }

  void look(const property_test& t, property_type type) {
    if (t.op == property_operator::in_time) look(t.when, "when");
    const property_fault fault = fault_of(t, type);
    if (fault.code != errc::ok) note(fault.code, fault.what, fault.word);
  }

  void look(const membership_test& t) {
    look(t.joined, "joined");
    const auto found = places_.find(t.segment);
    if (found == places_.end()) return note(errc::unknown, "segment", "member");
    const step s(*this, "member");
    uses_[at_].push_back({found->second, t.joined != always(), path_});
  }

  void look(const standing_test& t) {
    const auto found = names_.find_model(t.model);
    if (!found) return note(errc::unknown, "model", "model");
    if (!t.label.empty()) {
      const auto& labels = names_.model_at(*found).labels;
      if (std::find(labels.begin(), labels.end(), t.label) == labels.end()) {
        note(errc::unknown, "label of the model", "label");
      }
    } else if (t.low > t.high) {
      note(errc::out_of_range, "an empty range", "low");
    }
  }

  void look(const funnel_test& t) {
    if (t.within.us <= 0) note(errc::out_of_range, "a window of no time", "within");
    look(t.when, "when");
    if (t.when.near.us < 0 && t.when.near.us != INT64_MIN) {
      note(errc::out_of_range, "events to come are not known", "when");
    }
    const step s(*this, "funnel");
    if (t.steps.empty() || t.steps.size() > rule_limits::steps) {
      return note(errc::out_of_range, "1 to 8 steps");
    }
    for (std::size_t i = 0; i < t.steps.size(); ++i) {
      const step inner(*this, std::to_string(i));
      look(t.steps[i].which);
      if (t.steps[i].happened) continue;
      if (i == 0) note(errc::malformed, "the first step has to happen");
      if (i > 0 && !t.steps[i - 1].happened) {
        note(errc::malformed, "two steps in a row that did not happen");
      }
    }
  }

  struct use {
    std::size_t segment;
    bool joined;
    std::string path;
  };

  /// Three colours; the path of a search is on the heap, whatever a book holds.
  void look_for_cycles() {
    std::vector<std::uint8_t> colour(all_.size(), 0);
    std::vector<std::uint8_t> joins(all_.size(), 0);  // has a joined test below it
    std::vector<std::size_t> level(all_.size(), 1);   // of the longest chain below it
    std::vector<std::pair<std::size_t, std::size_t>> open;
    for (std::size_t root = 0; root < all_.size(); ++root) {
      if (colour[root] != 0) continue;
      colour[root] = 1;
      open.emplace_back(root, 0);
      while (!open.empty()) {
        const std::size_t s = open.back().first;
        if (open.back().second == uses_[s].size()) {
          for (const use& u : uses_[s]) {
            if (u.joined && joins[u.segment] != 0) {
              at_ = s;
              path_ = u.path;
              note(errc::conflict, "joined of a segment that asks for joined itself");
            }
            if (u.joined || joins[u.segment] != 0) joins[s] = 1;
            level[s] = (std::max)(level[s], level[u.segment] + 1);
            if (level[u.segment] == rule_limits::chain) {
              at_ = s;
              path_ = u.path;
              note(errc::oversized, "a chain of more than 16 segments");
            }
          }
          colour[s] = 2;
          open.pop_back();
          continue;
        }
        const use& u = uses_[s][open.back().second++];
        if (colour[u.segment] == 1) {
          at_ = s;
          path_ = u.path;
          note(errc::conflict, "a segment that refers to itself");
        } else if (colour[u.segment] == 0) {
          colour[u.segment] = 1;
          open.emplace_back(u.segment, 0);
        }
      }
    }
  }

  const std::vector<segment_definition>& all_;
  const rule_names& names_;
  std::vector<mistake>& out_;
  std::map<std::string_view, std::size_t> places_;
  std::vector<std::vector<use>> uses_;
  std::string path_;
  std::size_t at_ = 0;
  std::size_t nodes_ = 0;
};

}  // namespace detail

/// Every mistake of the definitions, in order; none when a book can be made of them. Cost: O(nodes)
/// up to the limits of rule_limits, whatever is handed in.
[[nodiscard]] inline std::vector<mistake> check_rules(const std::vector<segment_definition>& all,
                                                      const rule_names& names) {
  std::vector<mistake> out;
  detail::rule_checker(all, names, out).run();
  return out;
}

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_RULE_CHECK_HPP
