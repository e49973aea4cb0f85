#ifndef TAILOR_RECOMMEND_WEIGHTS_OF_HPP
#define TAILOR_RECOMMEND_WEIGHTS_OF_HPP

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "seeds.hpp"
#include "source.hpp"

namespace tailor::inline v0::recommend {

/// A linear item model that a source can ask: `similar::item_weights` is one. `m.for_each_score(
/// seeds, scratch, f)` calls `f(n, score)` for items()[n], each at most once; the score is the
/// exact sum of weight(seed, item) · the seed's weight. Weights are whole numbers of 2^-bits,
/// within 2^45 in size, so that no sum overflows.
template <class M>
concept weight_model = requires(const M& m, item_id item, typename M::scratch& t,
                                std::vector<typename M::seed_type>& seeds) {
  { m.weight(item, item) } -> std::integral;
  { m.column_digest(item) } -> std::same_as<std::uint64_t>;
  { m.digest() } -> std::same_as<std::uint64_t>;
  { m.bits() } -> std::convertible_to<int>;
  m.items()[0];
  m.for_each_score(seeds, t, [](std::uint32_t, std::int64_t) {});
};

/// Counts the people who stand behind a pair, for explanations: `s(seed, item)`, negative when not
/// known.
template <class S>
concept pair_support = requires(const S& s, item_id item) {
  { s(item, item) } -> std::integral;
};

/// Nobody counts.
struct no_support {
  constexpr std::int64_t operator()(item_id, item_id) const { return -1; }
};

/// Proposes what a model of item weights has learnt from the seeds. Refers to the model, which has
/// to outlive it. Items that are seeds themselves are not proposed. Cost: that of the model's rows
/// of the seeds; of an explanation, O(seeds · log items).
template <class Model, class Seeds = history_items, class Support = no_support>
class weights_of {
  static_assert(
      weight_model<Model>,
      "weights_of<Model>: Model needs  for_each_score, weight, column_digest, digest, bits "
      "and items  [recommend::weight_model]");
  static_assert(seed_rule<Seeds>,
                "weights_of<Model, Seeds>: Seeds needs  void seeds(const context&, "
                "std::vector<seed_item>&) const  [recommend::seed_rule]");
  static_assert(
      pair_support<Support>,
      "weights_of<Model, Seeds, Support>: Support needs  std::int64_t operator()(item_id, "
      "item_id) const  [recommend::pair_support]");

 public:
  struct scratch {
    std::vector<seed_item> seeds;
    std::vector<typename Model::seed_type> history;
    std::array<std::uint64_t, 64> marks{};  // a bit of each seed: most items are seen to be none
    typename Model::scratch model;
  };

  explicit weights_of(const Model& model, strategy kind = strategy::for_you, Seeds seeds = {},
                      Support support = {})
      : model_(&model), seeds_(std::move(seeds)), support_(std::move(support)), kind_(kind) {}

  template <class F>
  void candidates(const context& c, scratch& s, F&& f) const {
    seeds_of(seeds_, c, s.seeds);
    s.history.clear();
    for (const seed_item& seed : s.seeds) s.history.push_back({seed.item, seed.weight});
    std::sort(s.history.begin(), s.history.end(),
              [](const auto& a, const auto& b) { return a.item < b.item; });
    s.marks.fill(0);
    for (const seed_item& seed : s.seeds) s.marks[mark(seed.item) >> 6] |= bit(seed.item);
    const auto& items = model_->items();
    model_->for_each_score(s.history, s.model, [&](std::uint32_t target, std::int64_t score) {
      if (score <= 0) return;
      const item_id item = items[target];
      if ((s.marks[mark(item) >> 6] & bit(item)) == 0) {
        f(item, score);
        return;
      }
      const auto at = std::lower_bound(s.history.begin(), s.history.end(), item,
                                       [](const auto& seed, item_id i) { return seed.item < i; });
      if (at == s.history.end() || at->item != item) f(item, score);
    });
  }

  template <class F>
  void explain(const context& c, item_id item, scratch& s, F&& f) const {
    seeds_of(seeds_, c, s.seeds);
    std::int64_t score = 0;
    for (const seed_item& seed : s.seeds) {
      if (seed.item == item) return;
      score += std::int64_t{seed.weight} * model_->weight(seed.item, item);
    }
    if (score <= 0) return;
    for (const seed_item& seed : s.seeds) {
      const std::int64_t weight = model_->weight(seed.item, item);
      if (weight == 0) continue;
      part p{seed.item, seed.reason, seed.weight, weight, {}};
      p.because.weight = weight;
      p.because.column = model_->column_digest(item);
      p.because.both = (std::max)(std::int64_t{0}, std::int64_t{support_(seed.item, item)});
      f(p);
    }
  }

  [[nodiscard]] strategy kind() const { return kind_; }
  [[nodiscard]] int bits() const { return model_->bits(); }
  [[nodiscard]] std::uint64_t digest() const { return model_->digest(); }

 private:
  /// One of 4,096 by the item.
  [[nodiscard]] static constexpr std::uint64_t mark(item_id item) {
    return (raw(item) * 0x9e3779b97f4a7c15u) >> 52;
  }
  [[nodiscard]] static constexpr std::uint64_t bit(item_id item) {
    return std::uint64_t{1} << (mark(item) & 63);
  }

  const Model* model_;
  [[no_unique_address]] Seeds seeds_;
  [[no_unique_address]] Support support_;
  strategy kind_;
};

}  // namespace tailor::inline v0::recommend

#endif  // TAILOR_RECOMMEND_WEIGHTS_OF_HPP
