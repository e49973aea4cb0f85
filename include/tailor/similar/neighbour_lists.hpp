#ifndef TAILOR_SIMILAR_NEIGHBOUR_LISTS_HPP
#define TAILOR_SIMILAR_NEIGHBOUR_LISTS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "../core/executor.hpp"
#include "../core/ids.hpp"
#include "bit_columns.hpp"
#include "expected_table.hpp"
#include "incidence.hpp"
#include "list_store.hpp"
#include "list_worker.hpp"
#include "measure.hpp"
#include "native_mask.hpp"
#include "pair_source.hpp"
#include "ranked_rows.hpp"
#include "scores.hpp"
#include "support_counter.hpp"

namespace tailor::inline v0::similar {

/// For each item the others that go best with it, counted once for all: what a shop serves from
/// until the next night. Highest score first, ties by id; only pairs with a score above 0 and the
/// support asked for. Of each pair the whole numbers are kept, from which the score re-computes
/// exactly. The same for any number of threads and any way of counting.
/// Memory: 8 bytes per neighbour (16 for a measure that needs `expected`), 36 per item.
template <class Measure = cosine>
class neighbour_lists {
  static_assert(measure<Measure>,
                "neighbour_lists<Measure>: Measure needs  double operator()(const pair_evidence&) "
                "const  [similar::measure]");

 public:
  using neighbour_type = neighbour;

  neighbour_lists() = default;

  /// Counts all pairs and keeps the k best of each item.
  /// Cost: Σ over the rows of (items in the row)², spread over the executor.
  template <class Mask = native_mask, executor Executor = serial_executor>
  [[nodiscard]] static neighbour_lists fit(const incidence& rows, const list_options& options = {},
                                           Measure m = {}, Executor&& pool = {}) {
    neighbour_lists out(rows, std::move(m));
    if (options.k == 0) return out;
    // Ids of 16 bits halve the memory that rows come from, which is what counting waits for.
    if (rows.items().size() <= (std::numeric_limits<std::uint16_t>::max)()) {
      out.template build<std::uint16_t, Mask>(rows, options, pool);
    } else {
      out.template build<std::uint32_t, Mask>(rows, options, pool);
    }
    return out;
  }

  [[nodiscard]] const Measure& how() const { return measure_; }
  /// All items, ascending.
  [[nodiscard]] std::span<const item_id> items() const { return items_; }
  [[nodiscard]] std::int64_t population() const { return population_; }

  /// The `count` best neighbours of an item, best first; empty when it is unknown. Cost: O(log
  /// items
  /// + count measures). Allocates nothing once `out` has grown.
  void neighbours(item_id item, std::size_t count, std::vector<neighbour>& out) const {
    out.clear();
    const auto at = std::lower_bound(items_.begin(), items_.end(), item);
    if (at == items_.end() || *at != item) return;
    const auto i = static_cast<std::size_t>(at - items_.begin());
    const std::span<const entry> list = list_of(i);
    for (const entry& e : list.first((std::min)(count, list.size()))) {
      const pair_evidence evidence = evidence_of(i, e);
      out.push_back({items_[e.item], measure_(evidence), evidence});
    }
  }
  [[nodiscard]] std::vector<neighbour> neighbours(item_id item, std::size_t count) const {
    std::vector<neighbour> out;
    neighbours(item, count, out);
    return out;
  }

  // For models built on these lists, items by index into items().

  struct counted {
    std::uint32_t item = 0;
    std::uint32_t both = 0;
    friend bool operator==(const counted&, const counted&) = default;
  };
  struct counted_with_chance {
    std::uint32_t item = 0;
    std::uint32_t both = 0;
    std::uint64_t expected = 0;
    friend bool operator==(const counted_with_chance&, const counted_with_chance&) = default;
  };
  using entry = std::conditional_t<needs_expected<Measure>, counted_with_chance, counted>;

  [[nodiscard]] std::span<const entry> list_of(std::size_t item) const {
    if (lists_.size() == 0) return {};
    return lists_[place_[item]];
  }
  [[nodiscard]] pair_evidence evidence_of(std::size_t item, const entry& e) const {
    pair_evidence out{e.both, degree_[item], degree_[e.item], population_, 0};
    if constexpr (needs_expected<Measure>) out.expected = e.expected;
    return out;
  }

  [[nodiscard]] double score_of(std::size_t item, const entry& e) const {
    return measure_(evidence_of(item, e));
  }

  /// Whether items, counts and lists are equal; measures are not compared.
  friend bool operator==(const neighbour_lists& a, const neighbour_lists& b) {
    return a.items_ == b.items_ && a.degree_ == b.degree_ && a.population_ == b.population_ &&
           a.place_ == b.place_ && a.lists_ == b.lists_;
  }

 private:
  neighbour_lists(const incidence& rows, Measure m)
      : measure_(std::move(m)),
        items_(rows.items().begin(), rows.items().end()),
        population_(rows.population()) {}

  template <class Id, class Mask, class Executor>
  void build(const incidence& rows, const list_options& options, Executor& pool);

  [[no_unique_address]] Measure measure_{};
  std::vector<item_id> items_;
  std::int64_t population_ = 0;
  std::vector<std::uint32_t> degree_;  // by item
  std::vector<std::uint32_t> place_;   // by item, of its list
  list_store<entry> lists_;
};

template <class Measure>
template <class Id, class Mask, class Executor>
void neighbour_lists<Measure>::build(const incidence& rows, const list_options& options,
                                     Executor& pool) {
  const ranked_rows<Id> ranked(rows.rows(), items_.size(), pool);
  const std::size_t n = ranked.columns();
  degree_.resize(n);
  place_.resize(n);
  std::vector<std::uint32_t> limits(n);
  for (std::uint32_t rank = 0; rank < n; ++rank) {
    degree_[ranked.column_at[rank]] = ranked.degree[rank];
    place_[ranked.column_at[rank]] = rank;
    limits[rank] = static_cast<std::uint32_t>(
        (std::min)({std::uint64_t{options.k}, ranked.work[rank], std::uint64_t{n - 1}}));
  }
  lists_ = list_store<entry>(limits);

  std::optional<owned_rows> owners;
  if (rows.has_owners() && options.min_support > 1) owners.emplace(rows);
  std::optional<bit_columns> bits;
  if (n > 0 && (options.how == counting::bits ||
                (options.how == counting::automatic && bit_columns::pays<native_bits>(ranked)))) {
    bits.emplace(ranked, pool);
  }
  const list_job<Id> job{&ranked, options, bits ? &*bits : nullptr, owners ? &*owners : nullptr,
                         falls_with_target(measure_) && !needs_expected<Measure>};
  const auto total = static_cast<std::uint64_t>(rows.rows().entries());
  std::vector<std::optional<list_worker<Id, Mask>>> workers(pool.concurrency());
  std::vector<std::optional<expected_table>> chances(pool.concurrency());

  const Measure m = measure_;  // where the compiler sees that nobody changes it
  pool.for_each_chunk(n, 64, [&](std::size_t begin, std::size_t end, std::size_t number) {
    if (!workers[number]) workers[number].emplace(job);
    list_worker<Id, Mask>& worker = *workers[number];
    std::optional<expected_table>& chance = chances[number];
    if (needs_expected<Measure> && !chance) chance.emplace(ranked.degree, total);
    for (std::size_t turn = begin; turn < end; ++turn) {
      // The most work first, so that no thread is left with it at the end.
      const auto rank = static_cast<std::uint32_t>(n - 1 - turn);
      const candidates& found = worker.count(rank);
      if constexpr (needs_expected<Measure>) chance->start(ranked.row_sizes(rank));
      const auto best = worker.choose(
          found,
          [&](std::uint32_t other, std::uint32_t both) {
            pair_evidence e{both, ranked.degree[rank], ranked.degree[other], population_, 0};
            if constexpr (needs_expected<Measure>) e.expected = chance->with(ranked.degree[other]);
            return m(e);
          },
          [&](const double* both, const double* target, double* out, std::size_t size) {
            scores_of(m, ranked.degree[rank], population_, both, target, out, size);
          });
      entry* out = lists_.start(rank);
      for (const listed& b : best) {
        *out = {b.item, b.both};
        if constexpr (needs_expected<Measure>) out->expected = chance->with(degree_[b.item]);
        ++out;
      }
      lists_.set_size(rank, best.size());
    }
  });
}

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_NEIGHBOUR_LISTS_HPP
