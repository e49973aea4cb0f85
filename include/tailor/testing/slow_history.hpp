#ifndef TAILOR_TESTING_SLOW_HISTORY_HPP
#define TAILOR_TESTING_SLOW_HISTORY_HPP

#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "../core/result.hpp"
#include "../events/event.hpp"
#include "../similar/measure.hpp"

namespace tailor::inline v0::testing {

/// The obvious model of a history: a sorted multiset of events, searched from end to end. What is
/// fast has to agree with it. Has the four verbs of a statistic, and obeys the laws by
/// construction.
struct slow_history {
  std::multiset<events::event> all;

  void observe(events::event e) {
    e.id = no_event;
    all.insert(e);
  }
  status retract(events::event e) {
    e.id = no_event;
    const auto at = all.find(e);
    if (at == all.end()) return errc::unknown;
    all.erase(at);
    return {};
  }
  void forget(user_id user) {
    std::erase_if(all, [user](const events::event& e) { return e.user == user; });
  }
  void merge(const slow_history& other) { all.insert(other.all.begin(), other.all.end()); }
  friend bool operator==(const slow_history&, const slow_history&) = default;

  /// How often each shopper did this to each item.
  using touches = std::map<user_id, std::map<item_id, std::uint32_t>>;
  [[nodiscard]] touches touched(events::event_kind kind) const {
    touches out;
    for (const events::event& e : all) {
      if (e.kind == kind && e.item != no_item) ++out[e.user][e.item];
    }
    return out;
  }

  /// The shoppers who did this to each item.
  using shoppers_by_item = std::map<item_id, std::set<user_id>>;
  [[nodiscard]] shoppers_by_item shoppers_who(events::event_kind kind) const {
    shoppers_by_item out;
    for (const events::event& e : all) {
      if (e.kind == kind && e.item != no_item) out[e.item].insert(e.user);
    }
    return out;
  }

  /// The pairs of one item by shoppers who did this to both, without `expected`.
  using pairs = std::map<item_id, similar::pair_evidence>;
  [[nodiscard]] pairs pairs_of(item_id item, events::event_kind kind) const {
    pairs out;
    const shoppers_by_item by_item = shoppers_who(kind);
    const auto mine = by_item.find(item);
    if (mine == by_item.end()) return out;
    const auto population = static_cast<std::int64_t>(touched(kind).size());
    for (const auto& [other, users] : by_item) {
      std::int64_t both = 0;
      for (const user_id u : users) both += static_cast<std::int64_t>(mine->second.count(u));
      if (other == item || both == 0) continue;
      out[other] = {both, static_cast<std::int64_t>(mine->second.size()),
                    static_cast<std::int64_t>(users.size()), population, 0};
    }
    return out;
  }

  /// The pairs of one item by shoppers who viewed it and bought the other at a later moment.
  [[nodiscard]] pairs pairs_viewed_then_bought(item_id item) const {
    pairs out;
    const shoppers_by_item buyers = shoppers_who(events::event_kind::purchase);
    const shoppers_by_item viewers = shoppers_who(events::event_kind::view_item);
    const auto mine = viewers.find(item);
    if (mine == viewers.end()) return out;
    std::set<user_id> everybody;
    for (const events::event& e : all) everybody.insert(e.user);
    for (const auto& [other, users] : buyers) {
      std::int64_t both = 0;
      for (const user_id u : mine->second) {
        timestamp first{INT64_MAX};
        timestamp last{INT64_MIN};
        for (const events::event& e : all) {
          if (e.user != u) continue;
          const bool view = e.kind == events::event_kind::view_item && e.item == item;
          const bool purchase = e.kind == events::event_kind::purchase && e.item == other;
          if (view && e.at < first) first = e.at;
          if (purchase && e.at > last) last = e.at;
        }
        both += last > first;
      }
      if (other == item || both == 0) continue;
      out[other] = {both, static_cast<std::int64_t>(mine->second.size()),
                    static_cast<std::int64_t>(users.size()),
                    static_cast<std::int64_t>(everybody.size()), 0};
    }
    return out;
  }
};

}  // namespace tailor::inline v0::testing

#endif  // TAILOR_TESTING_SLOW_HISTORY_HPP
