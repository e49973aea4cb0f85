#ifndef TAILOR_SIMILAR_WEIGHTED_LISTS_HPP
#define TAILOR_SIMILAR_WEIGHTED_LISTS_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "../core/executor.hpp"
#include "../core/ids.hpp"
#include "incidence.hpp"
#include "list_store.hpp"
#include "list_worker.hpp"
#include "native_mask.hpp"
#include "ranked_rows.hpp"
#include "row_weights.hpp"
#include "weighted_counter.hpp"
#include "weighting.hpp"

namespace tailor::inline v0::similar {

/// A neighbour by weighted rows.
struct weighted_neighbour {
  item_id item{};
  double score = 0;
  std::uint32_t weight = 0;  ///< of the rows with both, in the unit of the lists

  friend bool operator==(const weighted_neighbour&, const weighted_neighbour&) = default;
};

/// As neighbour_lists, where rows count by their size. Sums of weights are whole numbers, so the
/// lists are the same for any number of threads and any way of counting.
/// Memory: 8 bytes per neighbour, 60 per item.
template <class Weighting>
class weighted_lists {
  static_assert(weighting<Weighting>,
                "weighted_lists<Weighting>: Weighting needs  double row_weight(uint32_t, const "
                "weighting_facts&) const  and  double source_factor(const weighted_item&, const "
                "weighting_facts&) const  and target_factor likewise  [similar::weighting]");

 public:
  using neighbour_type = weighted_neighbour;

  weighted_lists() = default;

  /// Sums the weights of all pairs and keeps the k best of each item.
  /// Cost: Σ over the rows of (items in the row)², twice with norms, spread over the executor.
  template <class Mask = native_mask, executor Executor = serial_executor>
  [[nodiscard]] static weighted_lists fit(const incidence& rows, const list_options& options = {},
                                          Weighting w = {}, Executor&& pool = {}) {
    weighted_lists out(rows, std::move(w));
    if (options.k == 0) return out;
    if (rows.items().size() <= (std::numeric_limits<std::uint16_t>::max)()) {
      out.template build<std::uint16_t, Mask>(rows, options, pool);
    } else {
      out.template build<std::uint32_t, Mask>(rows, options, pool);
    }
    return out;
  }

  [[nodiscard]] const Weighting& how() const { return weighting_; }
  /// All items, ascending.
  [[nodiscard]] std::span<const item_id> items() const { return items_; }
  [[nodiscard]] const weighting_facts& facts() const { return facts_; }
  /// The unit of weights is 2^-bits.
  [[nodiscard]] int bits() const { return bits_; }

  /// The `count` best neighbours of an item, best first, ties by id; empty when it is unknown.
  void neighbours(item_id item, std::size_t count, std::vector<weighted_neighbour>& out) const {
    out.clear();
    const auto at = std::lower_bound(items_.begin(), items_.end(), item);
    if (at == items_.end() || *at != item) return;
    const auto i = static_cast<std::size_t>(at - items_.begin());
    const std::span<const entry> list = list_of(i);
    for (const entry& e : list.first((std::min)(count, list.size()))) {
      out.push_back({items_[e.item], score_of(i, e), e.weight});
    }
  }
  [[nodiscard]] std::vector<weighted_neighbour> neighbours(item_id item, std::size_t count) const {
    std::vector<weighted_neighbour> out;
    neighbours(item, count, out);
    return out;
  }

  // For models built on these lists, items by index into items().

  struct entry {
    std::uint32_t item = 0;
    std::uint32_t weight = 0;
    friend bool operator==(const entry&, const entry&) = default;
  };

  [[nodiscard]] std::span<const entry> list_of(std::size_t item) const {
    if (lists_.size() == 0) return {};
    return lists_[place_[item]];
  }
  [[nodiscard]] const weighted_item& facts_of(std::size_t item) const { return of_item_[item]; }
  /// weight · unit · target_factor of the entry · source_factor of the item. The lists are in the
  /// order of this before the last multiplication, which is the same for all of a list.
  [[nodiscard]] double score_of(std::size_t item, const entry& e) const {
    return e.weight * target_factor_[e.item] * source_factor_[item];
  }

  friend bool operator==(const weighted_lists& a, const weighted_lists& b) {
    return a.items_ == b.items_ && a.bits_ == b.bits_ && a.place_ == b.place_ &&
           a.target_factor_ == b.target_factor_ && a.source_factor_ == b.source_factor_ &&
           a.lists_ == b.lists_;
  }

 private:
  weighted_lists(const incidence& rows, Weighting w)
      : weighting_(std::move(w)), items_(rows.items().begin(), rows.items().end()) {
    facts_.items = items_.size();
    if (!items_.empty()) {
      facts_.mean_degree =
          static_cast<double>(rows.rows().entries()) / static_cast<double>(items_.size());
    }
  }

  template <class Id, class Mask, class Executor>
  void build(const incidence& rows, const list_options& options, Executor& pool);

  [[no_unique_address]] Weighting weighting_{};
  std::vector<item_id> items_;
  weighting_facts facts_{};
  int bits_ = 0;
  std::vector<weighted_item> of_item_;  // by item
  std::vector<double> source_factor_;   // likewise
  std::vector<double> target_factor_;   // likewise, times the unit of weights
  std::vector<std::uint32_t> place_;    // by item, of its list
  list_store<entry> lists_;
};

template <class Weighting>
template <class Id, class Mask, class Executor>
void weighted_lists<Weighting>::build(const incidence& rows, const list_options& options,
                                      Executor& pool) {
  const ranked_rows<Id> ranked(rows.rows(), items_.size(), pool);
  const row_weights weights(rows, weighting_, facts_);
  bits_ = weights.bits;
  const std::size_t n = ranked.columns();
  std::optional<owned_rows> owners;
  if (options.min_support > 1) owners.emplace(rows);

  struct worker {
    weighted_counter<Id, Mask> counter;
    std::optional<support_counter> shoppers;
  };
  std::vector<std::optional<worker>> workers(pool.concurrency());
  // The most work first, so that no thread is left with it at the end.
  const auto for_each_rank = [&](const auto& f) {
    pool.for_each_chunk(n, 64, [&](std::size_t begin, std::size_t end, std::size_t number) {
      std::optional<worker>& w = workers[number];
      if (!w) {
        w.emplace(worker{weighted_counter<Id, Mask>(ranked, weights.by_size), {}});
        if (owners) w->shoppers.emplace(*owners);
      }
      for (std::size_t turn = begin; turn < end; ++turn) {
        f(static_cast<std::uint32_t>(n - 1 - turn), *w);
      }
    });
  };

  of_item_.resize(n);
  place_.resize(n);
  std::vector<std::uint32_t> limits(n);
  for (std::uint32_t rank = 0; rank < n; ++rank) {
    const std::uint32_t c = ranked.column_at[rank];
    place_[c] = rank;
    limits[rank] = static_cast<std::uint32_t>(
        (std::min)({std::uint64_t{options.k}, ranked.work[rank], std::uint64_t{n - 1}}));
    of_item_[c].degree = ranked.degree[rank];
    of_item_[c].weight = std::ldexp(static_cast<double>(weights.of_column[c]), -bits_);
  }
  if constexpr (needs_norms<Weighting>) {
    for_each_rank([&](std::uint32_t rank, worker& w) {
      const std::uint32_t c = ranked.column_at[rank];
      const uint128 own = weights.of_column[c];
      const uint128 sum = w.counter.squares(rank) + own * own;
      of_item_[c].norm = std::ldexp(std::sqrt(static_cast<double>(sum)), -bits_);
    });
  }
  source_factor_.resize(n);
  target_factor_.resize(n);
  std::vector<double> factor(n);
  std::vector<double> top_factor(n / mask_width + 1);
  for (std::uint32_t rank = 0; rank < n; ++rank) {
    const std::uint32_t c = ranked.column_at[rank];
    source_factor_[c] = weighting_.source_factor(of_item_[c], facts_);
    target_factor_[c] = std::ldexp(weighting_.target_factor(of_item_[c], facts_), -bits_);
    factor[rank] = target_factor_[c];
    double& top = top_factor[rank / mask_width];
    top = (std::max)(top, factor[rank]);
  }

  lists_ = list_store<entry>(limits);
  for_each_rank([&](std::uint32_t rank, worker& w) {
    if (w.shoppers) w.shoppers->count(ranked.column_at[rank]);
    const auto best =
        w.counter.best(rank, options.k, factor, top_factor, options.how, [&](std::uint32_t other) {
          return !w.shoppers || w.shoppers->with(ranked.column_at[other]) >= options.min_support;
        });
    entry* out = lists_.start(rank);
    for (const chosen& b : best) *out++ = {b.item, b.both};
    lists_.set_size(rank, best.size());
  });
}

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_WEIGHTED_LISTS_HPP
