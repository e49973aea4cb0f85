#ifndef TAILOR_SIMILAR_PAIR_SOURCE_HPP
#define TAILOR_SIMILAR_PAIR_SOURCE_HPP

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "../core/ids.hpp"
#include "../core/topk.hpp"
#include "measure.hpp"

namespace tailor::inline v0::similar {

/// An item that goes with another, with the integers from which its score re-computes exactly.
struct neighbour {
  item_id item{};
  double score = 0;
  pair_evidence evidence{};

  friend bool operator==(const neighbour&, const neighbour&) = default;
};

/// Memory that a query works in. Reused from query to query it stops growing, and nothing is
/// allocated any more. One per thread.
struct pair_scratch {
  std::vector<std::uint32_t> counts;   ///< by item handle; all zero between queries
  std::vector<std::uint32_t> touched;  ///< handles whose count is not zero: the first `distinct`
  std::size_t distinct = 0;
  std::vector<std::uint32_t> marks;                            ///< by item handle, free to use
  std::vector<std::pair<std::uint32_t, std::uint32_t>> sizes;  ///< row size, rows of that size
  std::vector<neighbour> candidates;
  top_k<double, std::pair<item_id, std::uint32_t>> best;  ///< item, index of its candidate

  void reset(std::size_t items) {
    if (counts.size() < items) {
      counts.resize(items);
      touched.resize(items + 1);  // one more than can be new: see count
    }
    distinct = 0;
  }
  void count(std::uint32_t item) {
    touched[distinct] = item;  // kept only if it is new: cheaper than a branch nobody can predict
    distinct += counts[item]++ == 0;
  }
  /// Calls `f(item handle, count)` for all that was counted at least so often, and zeroes the
  /// counts.
  template <class F>
  void for_each_counted(std::int64_t at_least, F&& f) {
    for (std::size_t k = 0; k < distinct; ++k) {
      const std::int64_t n = std::exchange(counts[touched[k]], 0);
      if (n >= at_least) f(touched[k], n);
    }
    distinct = 0;
  }
};

namespace detail {

struct any_pair {
  void operator()(item_id, const pair_evidence&) const {}
};

}  // namespace detail

/// Knows which items share rows with an item, and how many: `c.for_each_pair(item, scratch, f)`
/// calls `f(other, evidence)` once for each other item, in any order; the evidence is that of the
/// moment, without `expected`. Nothing is called for an unknown item.
template <class C>
concept pair_source = requires(const C& c, item_id item, pair_scratch& s, detail::any_pair f) {
  c.for_each_pair(item, std::int64_t{5}, s, f);
};

/// Can also say what chance would give, for measures that ask: `c.for_each_row_size(item, f)` calls
/// `f(n)` for each row of the item with the number of other items in it, and `c.touches()` is the
/// number of (row, item) entries in all.
template <class C>
concept chance_source = pair_source<C> && requires(const C& c, item_id item) {
  c.for_each_row_size(item, [](std::uint32_t) {});
  { c.touches() } -> std::same_as<std::int64_t>;
};

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_PAIR_SOURCE_HPP
