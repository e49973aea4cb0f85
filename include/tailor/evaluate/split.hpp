#ifndef TAILOR_EVALUATE_SPLIT_HPP
#define TAILOR_EVALUATE_SPLIT_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "../core/ids.hpp"
#include "../core/result.hpp"
#include "../core/time.hpp"

namespace tailor::inline v0::evaluate {

/// That a user chose an item: a row of the data that models are judged on.
struct interaction {
  user_id user{};
  item_id item{};
  timestamp at{};
  order_id basket = no_order;  ///< what was chosen together; no_order: by time alone

  friend constexpr bool operator==(const interaction&, const interaction&) = default;
};

/// What is learnt from, what settings are chosen on, what is judged on.
struct split {
  std::vector<interaction> train;
  std::vector<interaction> validation;
  std::vector<interaction> test;
};

/// By time: before `first`, from there to before `second`, from there on. As it would have been on
/// that day, so the default. out_of_range: second < first.
[[nodiscard]] inline result<split> split_by_time(std::span<const interaction> rows, timestamp first,
                                                 timestamp second) {
  if (second < first) return error{errc::out_of_range, "split times"};
  split out;
  for (const interaction& r : rows) {
    (r.at < first ? out.train : r.at < second ? out.validation : out.test).push_back(r);
  }
  return out;
}

/// The last basket of each user who has two or more is what is judged; users for whom `validates`
/// says so are for choosing settings. Rows with one basket number are a basket; rows without one
/// are by their moment. Of one moment the greater basket number is the last. Cost: O(rows · log).
template <class Validates>
[[nodiscard]] split leave_last_basket(std::span<const interaction> rows,
                                      const Validates& validates) {
  struct key {
    user_id user;
    timestamp end;
    order_id basket;
    auto operator<=>(const key&) const = default;
  };
  // The end of each basket, then the last basket of each user.
  std::vector<std::pair<std::pair<user_id, order_id>, timestamp>> ends;
  for (const interaction& r : rows) {
    if (r.basket != no_order) ends.push_back({{r.user, r.basket}, r.at});
  }
  std::sort(ends.begin(), ends.end());
  const auto end_of = [&](const interaction& r) {
    if (r.basket == no_order) return r.at;
    auto at = std::upper_bound(ends.begin(), ends.end(), std::pair(r.user, r.basket),
                               [](const auto& k, const auto& e) { return k < e.first; });
    return (--at)->second;
  };
  std::vector<key> keys;
  keys.reserve(rows.size());
  for (const interaction& r : rows) keys.push_back({r.user, end_of(r), r.basket});
  std::vector<key> sorted = keys;
  std::sort(sorted.begin(), sorted.end());
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  const auto is_last = [&](const key& k) {
    const auto at = std::lower_bound(sorted.begin(), sorted.end(), k);
    const bool has_earlier = at != sorted.begin() && (at - 1)->user == k.user;
    const bool has_later = at + 1 != sorted.end() && (at + 1)->user == k.user;
    return has_earlier && !has_later;
  };
  split out;
  for (std::size_t n = 0; n < rows.size(); ++n) {
    if (!is_last(keys[n])) {
      out.train.push_back(rows[n]);
    } else {
      (validates(rows[n].user) ? out.validation : out.test).push_back(rows[n]);
    }
  }
  return out;
}

/// What is wrong with a pair of train and test, in rows of test unless it says otherwise.
struct leaks {
  std::size_t future = 0;       ///< rows of train that are not before the user's first row of test
  std::size_t known_pairs = 0;  ///< user and item are in train too: a repeat, or a leak
  std::size_t repeated = 0;     ///< user and item are in test before
  std::size_t unknown_items = 0;  ///< that no model of train can name
  std::size_t unknown_users = 0;

  [[nodiscard]] bool clean() const { return future == 0 && known_pairs == 0 && repeated == 0; }
  friend bool operator==(const leaks&, const leaks&) = default;
};

/// Cost: O(rows · log).
[[nodiscard]] inline leaks find_leaks(std::span<const interaction> train,
                                      std::span<const interaction> test) {
  using pair = std::pair<user_id, item_id>;
  std::vector<pair> known;
  std::vector<item_id> items;
  std::vector<std::pair<user_id, timestamp>> begins;
  for (const interaction& r : train) {
    known.emplace_back(r.user, r.item);
    items.push_back(r.item);
  }
  for (const interaction& r : test) begins.emplace_back(r.user, r.at);
  std::sort(known.begin(), known.end());
  std::sort(items.begin(), items.end());
  std::sort(begins.begin(), begins.end());
  const auto first_of = [](const auto& list, user_id user) {
    return std::lower_bound(list.begin(), list.end(), user,
                            [](const auto& e, user_id u) { return e.first < u; });
  };
  leaks out;
  for (const interaction& r : train) {
    const auto at = first_of(begins, r.user);
    if (at != begins.end() && at->first == r.user && r.at >= at->second) ++out.future;
  }
  std::vector<pair> tested;
  for (const interaction& r : test) {
    const auto at = first_of(known, r.user);
    if (at == known.end() || at->first != r.user) ++out.unknown_users;
    if (std::binary_search(known.begin(), known.end(), pair(r.user, r.item))) ++out.known_pairs;
    if (!std::binary_search(items.begin(), items.end(), r.item)) ++out.unknown_items;
    tested.emplace_back(r.user, r.item);
  }
  std::sort(tested.begin(), tested.end());
  for (std::size_t n = 1; n < tested.size(); ++n) {
    out.repeated += std::size_t{tested[n] == tested[n - 1]};
  }
  return out;
}

}  // namespace tailor::inline v0::evaluate

#endif  // TAILOR_EVALUATE_SPLIT_HPP
