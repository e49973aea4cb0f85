#ifndef TAILOR_EVALUATE_LEAVE_LAST_HPP
#define TAILOR_EVALUATE_LEAVE_LAST_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include "../core/ids.hpp"
#include "../core/time.hpp"
#include "../events/sessions.hpp"
#include "split.hpp"

namespace tailor::inline v0::evaluate {

// As leave_last_basket of split.hpp does, for other units. Others' later rows stay in train, which
// no shop could have learnt from on that day: papers split like this, and figures are compared with
// theirs. To choose a model for a shop, split by time.

namespace detail {

/// Holds out what comes last of each user. `joins(earlier, later)` says whether two successive rows
/// of a user are of one unit; users of one unit stay in train.
template <class Validates, class Joins>
[[nodiscard]] split leave_last_unit(std::span<const interaction> rows, const Validates& validates,
                                    const Joins& joins) {
  std::vector<std::size_t> order(rows.size());
  for (std::size_t n = 0; n < order.size(); ++n) order[n] = n;
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::tuple(rows[a].user, rows[a].at, rows[a].item, a) <
           std::tuple(rows[b].user, rows[b].at, rows[b].item, b);
  });
  std::vector<std::uint8_t> is_last(rows.size());
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin + 1, last = begin;  // where the last unit begins
    while (end < order.size() && rows[order[end]].user == rows[order[begin]].user) {
      if (!joins(rows[order[end - 1]], rows[order[end]])) last = end;
      ++end;
    }
    for (std::size_t n = last; last != begin && n < end; ++n) is_last[order[n]] = 1;
    begin = end;
  }
  split out;
  for (std::size_t n = 0; n < rows.size(); ++n) {
    if (is_last[n] == 0) {
      out.train.push_back(rows[n]);
    } else {
      (validates(rows[n].user) ? out.validation : out.test).push_back(rows[n]);
    }
  }
  return out;
}

}  // namespace detail

/// Holds out the last row of each user who has two or more: in validation if `validates(user)`
/// says so, in test else. Of one moment the greater item id is the last, of equal rows the one that
/// stands last. The parts keep the order of the rows. Cost: O(rows · log).
template <class Validates>
[[nodiscard]] split leave_last_event(std::span<const interaction> rows,
                                     const Validates& validates) {
  return detail::leave_last_unit(rows, validates,
                                 [](const interaction&, const interaction&) { return false; });
}

/// Likewise the last session: a session ends when the user is silent for as long as the rule says.
/// Baskets are not looked at.
template <class Validates>
[[nodiscard]] split leave_last_session(std::span<const interaction> rows,
                                       const Validates& validates, events::session_rule rule = {}) {
  return detail::leave_last_unit(rows, validates,
                                 [rule](const interaction& a, const interaction& b) {
                                   return events::same_session(a.at, b.at, rule);
                                 });
}

}  // namespace tailor::inline v0::evaluate

#endif  // TAILOR_EVALUATE_LEAVE_LAST_HPP
