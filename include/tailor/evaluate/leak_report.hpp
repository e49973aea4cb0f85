#ifndef TAILOR_EVALUATE_LEAK_REPORT_HPP
#define TAILOR_EVALUATE_LEAK_REPORT_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include "../core/ids.hpp"
#include "../core/time.hpp"
#include "scoreboard.hpp"
#include "split.hpp"

namespace tailor::inline v0::evaluate {

/// What can be wrong with what models are judged on.
enum class finding : std::uint8_t {
  row_on_both_sides,   ///< row of test that is in train as it is: user, item, moment and basket
  future_of_user,      ///< row of train that is not before the user's first row of test
  future_of_anybody,   ///< row of train that is not before the first row of test of all
  pair_on_both_sides,  ///< row of test whose user and item are in train: a repeat, or a leak
  repeated_in_train,   ///< row of train whose user and item are in an earlier row of train
  repeated_in_test,    ///< likewise in test: counts once as a target
  unknown_item,        ///< row of test whose item is not in train: no model of train can name it
  unknown_user,        ///< row of test whose user is not in train
  target_in_history,   ///< case that asks for an item which the model is told the user has
};
inline constexpr std::size_t finding_count = 9;

[[nodiscard]] constexpr const char* name_of(finding f) {
  constexpr const char* names[finding_count] = {
      "row on both sides",  "future of the user", "future of anybody",
      "pair on both sides", "repeated in train",  "repeated in test",
      "unknown item",       "unknown user",       "target in history"};
  const auto n = static_cast<std::size_t>(f);
  return n < finding_count ? names[n] : "unnamed";
}

/// Whether a finding makes figures better than they are, whatever the task. The others are facts
/// to be read: pairs on both sides are what repeats are made of, and split by user the others'
/// future is learnt from.
[[nodiscard]] constexpr bool is_leak(finding f) {
  return f == finding::row_on_both_sides || f == finding::future_of_user;
}

/// How often each was found, and where first.
struct leak_report {
  /// Where nothing was found.
  static constexpr std::size_t nowhere = (std::numeric_limits<std::size_t>::max)();
  struct entry {
    std::size_t count = 0;
    std::size_t first = nowhere;  ///< row of its side, or case

    friend bool operator==(const entry&, const entry&) = default;
  };
  entry entries[finding_count];

  [[nodiscard]] const entry& operator[](finding f) const {
    return entries[static_cast<std::size_t>(f)];
  }
  [[nodiscard]] bool clean() const {
    for (std::size_t n = 0; n < finding_count; ++n) {
      if (is_leak(finding(n)) && entries[n].count != 0) return false;
    }
    return true;
  }
  friend bool operator==(const leak_report&, const leak_report&) = default;
};

namespace detail {

inline void found(leak_report& report, finding f, std::size_t at) {
  leak_report::entry& e = report.entries[static_cast<std::size_t>(f)];
  if (e.count++ == 0) e.first = at;
}

using row_key = std::tuple<user_id, item_id, timestamp, order_id>;

[[nodiscard]] inline std::vector<row_key> sorted_keys(std::span<const interaction> rows) {
  std::vector<row_key> out;
  out.reserve(rows.size());
  for (const interaction& r : rows) out.emplace_back(r.user, r.item, r.at, r.basket);
  std::sort(out.begin(), out.end());
  return out;
}

/// Whether some key begins with this user and item.
[[nodiscard]] inline bool has_pair(const std::vector<row_key>& keys, user_id user, item_id item) {
  const auto at = std::lower_bound(keys.begin(), keys.end(), std::pair(user, item),
                                   [](const row_key& k, const auto& p) {
                                     return std::pair(std::get<0>(k), std::get<1>(k)) < p;
                                   });
  return at != keys.end() && std::get<0>(*at) == user && std::get<1>(*at) == item;
}

inline void find_repeats(leak_report& report, finding f, std::span<const interaction> rows) {
  std::vector<std::tuple<user_id, item_id, std::size_t>> order;
  order.reserve(rows.size());
  for (std::size_t n = 0; n < rows.size(); ++n) order.emplace_back(rows[n].user, rows[n].item, n);
  std::sort(order.begin(), order.end());
  std::size_t count = 0, first = leak_report::nowhere;
  for (std::size_t n = 1; n < order.size(); ++n) {
    if (std::get<0>(order[n]) != std::get<0>(order[n - 1]) ||
        std::get<1>(order[n]) != std::get<1>(order[n - 1])) {
      continue;
    }
    ++count;
    first = (std::min)(first, std::get<2>(order[n]));
  }
  report.entries[static_cast<std::size_t>(f)] = {count, first};
}

}  // namespace detail

/// Looks through both sides of a split, and through what is asked if it is given. Without moments
/// (all the same) every row of train is in the future: read the other findings then.
/// Cost: O(rows · log). Memory: about 64 bytes per row.
[[nodiscard]] inline leak_report report_leaks(std::span<const interaction> train,
                                              std::span<const interaction> test,
                                              std::span<const case_of_user> cases = {}) {
  leak_report out;
  const std::vector<detail::row_key> known = detail::sorted_keys(train);
  std::vector<item_id> items;
  items.reserve(train.size());
  for (const interaction& r : train) items.push_back(r.item);
  std::sort(items.begin(), items.end());
  std::vector<std::pair<user_id, timestamp>> begins;
  begins.reserve(test.size());
  for (const interaction& r : test) begins.emplace_back(r.user, r.at);
  std::sort(begins.begin(), begins.end());
  timestamp first_of_all{INT64_MAX};
  for (const auto& b : begins) first_of_all = (std::min)(first_of_all, b.second);

  for (std::size_t n = 0; n < train.size() && !test.empty(); ++n) {
    if (train[n].at >= first_of_all) detail::found(out, finding::future_of_anybody, n);
    const auto at = std::lower_bound(begins.begin(), begins.end(), train[n].user,
                                     [](const auto& b, user_id u) { return b.first < u; });
    if (at != begins.end() && at->first == train[n].user && train[n].at >= at->second) {
      detail::found(out, finding::future_of_user, n);
    }
  }
  for (std::size_t n = 0; n < test.size(); ++n) {
    const interaction& r = test[n];
    if (std::binary_search(known.begin(), known.end(),
                           detail::row_key(r.user, r.item, r.at, r.basket))) {
      detail::found(out, finding::row_on_both_sides, n);
    }
    if (detail::has_pair(known, r.user, r.item)) detail::found(out, finding::pair_on_both_sides, n);
    if (!std::binary_search(items.begin(), items.end(), r.item)) {
      detail::found(out, finding::unknown_item, n);
    }
    const auto at =
        std::lower_bound(known.begin(), known.end(), r.user,
                         [](const detail::row_key& k, user_id u) { return std::get<0>(k) < u; });
    if (at == known.end() || std::get<0>(*at) != r.user) {
      detail::found(out, finding::unknown_user, n);
    }
  }
  detail::find_repeats(out, finding::repeated_in_train, train);
  detail::find_repeats(out, finding::repeated_in_test, test);
  for (std::size_t n = 0; n < cases.size(); ++n) {
    const auto& has = cases[n].known;
    if (std::any_of(cases[n].relevant.begin(), cases[n].relevant.end(), [&](item_id item) {
          return std::binary_search(has.begin(), has.end(), item);
        })) {
      detail::found(out, finding::target_in_history, n);
    }
  }
  return out;
}

}  // namespace tailor::inline v0::evaluate

#endif  // TAILOR_EVALUATE_LEAK_REPORT_HPP
