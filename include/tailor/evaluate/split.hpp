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

}  // namespace tailor::inline v0::evaluate

#endif  // TAILOR_EVALUATE_SPLIT_HPP
