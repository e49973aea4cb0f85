#ifndef TAILOR_RECOMMEND_NEIGHBOURS_OF_HPP
#define TAILOR_RECOMMEND_NEIGHBOURS_OF_HPP

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "seeds.hpp"
#include "source.hpp"

namespace tailor::inline v0::recommend {

namespace detail {

/// What lists fill where the model does not say.
struct no_scratch {};

template <class M>
struct scratch_of {
  using type = no_scratch;
};
template <class M>
  requires requires { typename M::scratch; }
struct scratch_of<M> {
  using type = typename M::scratch;
};

}  // namespace detail

/// Knows for an item those that go with it, best first: `m.neighbours(item, count, out)`, or
/// `m.neighbours(item, count, scratch, out)` with a `M::scratch`, fills a vector of
/// `M::neighbour_type` whose elements have `item` and a floating `score`, and `evidence` with
/// `both`, `source`, `target` and `population` where there is some. Each neighbour once, never the
/// item itself.
template <class M>
concept neighbour_source = requires { typename M::neighbour_type; } &&
                           (requires(const M& m, item_id item, std::size_t count,
                                     std::vector<typename M::neighbour_type>& out) {
                             m.neighbours(item, count, out);
                           } ||
                            requires(const M& m, item_id item, std::size_t count,
                                     typename detail::scratch_of<M>::type& s,
                                     std::vector<typename M::neighbour_type>& out) {
                              m.neighbours(item, count, s, out);
                            });

/// Proposes the neighbours of the seeds: of one seed in the order of its list, of several by the
/// sum of what their lists say. Refers to the model, which has to outlive it. Seeds are not
/// proposed. Scores are those of the model in units of 2^-24, held below 2^40; what scores 0 or
/// less, or no number, is no neighbour. Cost: that of the lists, O(seeds · count · log) to add up.
template <class Model, class Seeds = page_items>
class neighbours_of {
  static_assert(neighbour_source<Model>,
                "neighbours_of<Model>: Model needs  using neighbour_type = ...;  and  void "
                "neighbours(item_id, std::size_t count, std::vector<neighbour_type>&) const  "
                "[recommend::neighbour_source]");
  static_assert(seed_rule<Seeds>,
                "neighbours_of<Model, Seeds>: Seeds needs  void seeds(const context&, "
                "std::vector<seed_item>&) const  [recommend::seed_rule]");

 public:
  using neighbour = typename Model::neighbour_type;

  struct scratch {
    std::vector<seed_item> seeds;
    std::vector<neighbour> list;
    std::vector<std::pair<item_id, std::int64_t>> sums;
    typename detail::scratch_of<Model>::type model;
  };

  /// `count`: how many neighbours of a seed are asked for.
  explicit neighbours_of(const Model& model, strategy kind = strategy::bought_together,
                         Seeds seeds = {}, std::size_t count = 100)
      : model_(&model), seeds_(std::move(seeds)), count_(count), kind_(kind) {}

  template <class F>
  void candidates(const context& c, scratch& s, F&& f) const {
    seeds_of(seeds_, c, s.seeds);
    s.sums.clear();
    for (const seed_item& seed : s.seeds) {
      ask(seed.item, s);
      for (const neighbour& n : s.list) {
        const std::int64_t amount = units_of(n);
        if (amount > 0) s.sums.emplace_back(n.item, seed.weight * amount);
      }
    }
    for (const seed_item& seed : s.seeds) s.sums.emplace_back(seed.item, -1);
    std::sort(s.sums.begin(), s.sums.end());
    for (std::size_t n = 0; n < s.sums.size();) {
      const item_id item = s.sums[n].first;
      const bool is_seed = s.sums[n].second < 0;
      std::int64_t score = 0;
      for (; n < s.sums.size() && s.sums[n].first == item; ++n) score += s.sums[n].second;
      if (!is_seed) f(item, score);
    }
  }

  template <class F>
  void explain(const context& c, item_id item, scratch& s, F&& f) const {
    seeds_of(seeds_, c, s.seeds);
    for (const seed_item& seed : s.seeds) {
      if (seed.item == item) return;
    }
    for (const seed_item& seed : s.seeds) {
      ask(seed.item, s);
      for (const neighbour& n : s.list) {
        const std::int64_t amount = n.item == item ? units_of(n) : 0;
        if (amount <= 0) continue;
        part p{seed.item, seed.reason, seed.weight, amount, {}};
        if constexpr (requires { n.evidence.both; }) {
          p.because.both = n.evidence.both;
          p.because.source = n.evidence.source;
          p.because.target = n.evidence.target;
          p.because.population = n.evidence.population;
        }
        f(p);
      }
    }
  }

  [[nodiscard]] strategy kind() const { return kind_; }
  [[nodiscard]] int bits() const { return unit_bits; }
  [[nodiscard]] std::uint64_t digest() const {
    if constexpr (requires {
                    { model_->digest() } -> std::same_as<std::uint64_t>;
                  }) {
      return model_->digest();
    } else {
      return 0;
    }
  }

 private:
  static constexpr int unit_bits = 24;

  /// 2^40 · 2^8 of a seed · 2^9 seeds stays below 2^62.
  [[nodiscard]] static std::int64_t units_of(const neighbour& n) {
    return in_units(static_cast<double>(n.score), unit_bits, std::int64_t{1} << 40);
  }
  void ask(item_id seed, scratch& s) const {
    if constexpr (requires { model_->neighbours(seed, count_, s.list); }) {
      model_->neighbours(seed, count_, s.list);
    } else {
      model_->neighbours(seed, count_, s.model, s.list);
    }
  }

  const Model* model_;
  [[no_unique_address]] Seeds seeds_;
  std::size_t count_;
  strategy kind_;
};

}  // namespace tailor::inline v0::recommend

#endif  // TAILOR_RECOMMEND_NEIGHBOURS_OF_HPP
