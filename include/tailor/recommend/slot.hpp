#ifndef TAILOR_RECOMMEND_SLOT_HPP
#define TAILOR_RECOMMEND_SLOT_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include "answer.hpp"
#include "blend.hpp"
#include "catalogue.hpp"
#include "filter_desk.hpp"
#include "merchandising.hpp"
#include "placing.hpp"
#include "reranker.hpp"

namespace tailor::inline v0::recommend {

struct slot_options {
  std::uint32_t count = 10;    ///< items wanted, at most max_slot_count
  std::uint32_t at_least = 1;  ///< with fewer the answer is empty: a strip of two looks broken
  std::uint32_t pool = 200;    ///< the best of each source that are looked at, at least `count`
  when_unavailable unavailable = when_unavailable::hide;
};

inline constexpr std::uint32_t max_slot_count = 1'000;
inline constexpr std::uint32_t max_slot_pool = 100'000;

/// A place on a page that shows items: where they come from, what is tried when these are too few,
/// and how they are put in order. Stages are blends, asked one after the other while places are
/// free; what `unfiltered` wraps passes over filters that narrow, what `like_page` wraps keeps to
/// the page. Sources refer to their models: publish a slot together with them. Immutable; const
/// members may run concurrently, each with its scratch.
template <class Rerank, class... Stages>
class slot {
  static_assert(sizeof...(Stages) > 0, "slot<Rerank, Stages...>: needs a blend of sources");
  static_assert(reranker<Rerank>,
                "slot<Rerank, Stages...>: Rerank needs  using scratch = ...;  and  void "
                "operator()(std::span<const ranked_input>, std::size_t count, scratch&, "
                "std::vector<std::uint32_t>&) const  [recommend::reranker]");

 public:
  struct scratch {
    filter_desk desk;
    placing places;
    std::vector<detail::blended> pool;
    std::vector<ranked_input> input;  // of the pool; the buried ones are not put in order
    std::vector<std::uint32_t> order;
    std::vector<detail::blended> ordered;
    std::vector<detail::blended> left;
    std::vector<std::uint8_t> chosen;
    std::vector<std::uint32_t> removed;  // by rule
    std::tuple<typename Stages::scratch...> stages;
    typename Rerank::scratch rerank;
  };

  /// Options beyond their limits are held at them; `at_least` is held at `count`.
  slot(const slot_options& o, Rerank rerank, Stages... stages)
      : options_(o), rerank_(std::move(rerank)), stages_(std::move(stages)...) {
    options_.count = (std::min)(o.count, max_slot_count);
    options_.at_least = (std::min)(o.at_least, options_.count);
    options_.pool = (std::min)((std::max)(o.pool, options_.count), max_slot_pool);
  }

  [[nodiscard]] const slot_options& options() const { return options_; }
  [[nodiscard]] const std::tuple<Stages...>& stages() const { return stages_; }
  /// Sources of all stages.
  static constexpr std::size_t sources = (Stages::size + ...);

  /// Chooses what to show. `taken` are the items of other slots of the page, ascending, not shown
  /// again. Cost: that of the sources, O(pool · (log pool + count + rules)) and that of the order.
  /// Allocates nothing once scratch and `out` have grown; never waits.
  template <catalogue Catalogue>
  void recommend(const context& c, const Catalogue& known, const merchandising& rules,
                 std::span<const item_id> taken, scratch& s, answer& out) const {
    s.desk.open(c, rules, taken, options_.unavailable);
    s.places.open(options_.count, s.desk);
    s.removed.assign(rules.rules().size(), 0);
    s.left.clear();
    out.proposed = out.removed = 0;
    out.bests.assign(sources, 0);

    place_pins(known, s);
    std::size_t first_source = 0;
    std::uint32_t stage = 0;
    for_each_stage(
        [&](const auto& sources_of, auto& memory) {
          if (s.places.free() > 0) {
            collect(sources_of, stage, memory, known, s, out.bests.data() + first_source, out);
            place_value_pins(known, s);
            order(s);
            place_in_order(known, s);
          }
          first_source += sources_of.size;
          ++stage;
        },
        s.stages);
    // Nothing more comes for the minima: what they held free goes to the best that are left.
    for (const detail::blended& b : s.left) {
      if (s.places.free() == 0) break;
      if (s.places.has(b.item) || !s.places.fits(b.item, known)) continue;
      s.places.append(placed_of(b), known);
    }
    finish(s, out);
  }
  template <catalogue Catalogue>
  void recommend(const context& c, const Catalogue& known, const merchandising& rules, scratch& s,
                 answer& out) const {
    recommend(c, known, rules, {}, s, out);
  }

  /// Calls `f(blend, its scratch)` for each stage in order.
  template <class F>
  void for_each_stage(F&& f, std::tuple<typename Stages::scratch...>& memory) const {
    std::apply(
        [&](const auto&... stage) {
          std::apply([&](auto&... own) { (f(stage, own), ...); }, memory);
        },
        stages_);
  }

 private:
  template <catalogue Catalogue>
  void place_pins(const Catalogue& known, scratch& s) const {
    for (const std::uint32_t rule : s.desk.active().pins) {
      const pin& p = std::get<pin>(s.desk.rules().rules()[rule].what);
      if (p.place >= options_.count || !s.places.is_free(p.place) || s.places.has(p.item)) continue;
      if (s.desk.ask(p.item, known)) continue;
      s.places.put(p.place, {p.item, 0, strategy::custom, 0, placed_by::pin, rule, 0}, known);
    }
  }

  template <class Blend, catalogue Catalogue>
  void collect(const Blend& from, std::uint32_t stage, typename Blend::scratch& memory,
               const Catalogue& known, scratch& s, std::int64_t* bests, answer& out) const {
    s.pool.clear();
    const auto admitted = from.admitted(s.desk.asked(), known);
    const auto keep = [&](item_id item) {
      if (s.places.has(item) || !admitted(item)) return false;
      const removed_by removed = s.desk.ask(item, known, from.filters);
      if (!removed) return true;
      ++out.removed;
      if (removed.why == removal::rule) ++s.removed[removed.rule];
      return false;
    };
    const auto key = [&](item_id item, std::int64_t score) {
      return s.desk.active().boosts.empty() ? score : s.desk.boost(item, score, known);
    };
    from.collect(s.desk.asked(), options_.pool, s.desk.active().most_percent, keep, key, memory,
                 bests, s.pool);
    for (detail::blended& b : s.pool) {
      b.plain = b.score;
      b.score = s.desk.boost(b.item, b.score, known);
      b.stage = stage;
      b.reason = from.kind_of(b.strongest);
      b.buried = s.desk.buried(b.item, known);
    }
    out.proposed += static_cast<std::uint32_t>(s.pool.size());
    std::sort(s.pool.begin(), s.pool.end(), [](const auto& a, const auto& b) {
      if (a.buried != b.buried) return b.buried;
      return a.score != b.score ? a.score > b.score : a.item < b.item;
    });
  }

  template <catalogue Catalogue>
  void place_value_pins(const Catalogue& known, scratch& s) const {
    for (const std::uint32_t rule : s.desk.active().value_pins) {
      const pin_with& p = std::get<pin_with>(s.desk.rules().rules()[rule].what);
      if (p.place >= options_.count || !s.places.is_free(p.place)) continue;
      const detail::blended* best = nullptr;
      for (const detail::blended& b : s.pool) {
        if (best != nullptr && !pinned_before(b, *best)) continue;
        if (known.has(b.item, p.of, p.value) && !s.places.has(b.item) &&
            s.places.fits(b.item, known)) {
          best = &b;
        }
      }
      if (best == nullptr) continue;
      placed chosen = placed_of(*best);
      chosen.score = best->plain;
      chosen.how = placed_by::value_pin;
      chosen.rule = rule;
      s.places.put(p.place, chosen, known);
    }
  }
  [[nodiscard]] static bool pinned_before(const detail::blended& a, const detail::blended& b) {
    if (a.buried != b.buried) return b.buried;
    return a.plain != b.plain ? a.plain > b.plain : a.item < b.item;
  }

  /// The pool in the order in which places are offered to it: as the reranker says, then by score,
  /// then what is buried. What was placed before is not told to the reranker.
  void order(scratch& s) const {
    std::erase_if(s.pool, [&](const detail::blended& b) { return s.places.has(b.item); });
    s.input.clear();
    for (const detail::blended& b : s.pool) {
      if (b.buried) break;  // they stand last
      s.input.push_back({b.item, std::ldexp(static_cast<double>(b.score), -score_bits)});
    }
    // Where quotas may refuse some, twice as many are put in order as there are places: orders may
    // cost the square of it.
    const std::size_t wanted = std::size_t{s.places.free()} * (s.places.limited() ? 2 : 1);
    rerank_(s.input, wanted, s.rerank, s.order);
    s.chosen.assign(s.pool.size(), 0);
    s.ordered.clear();
    for (const std::uint32_t n : s.order) {
      if (n >= s.input.size() || s.chosen[n] != 0) continue;  // a reranker of the host's
      s.ordered.push_back(s.pool[n]);
      s.chosen[n] = 1;
    }
    for (std::size_t n = 0; n < s.pool.size(); ++n) {
      if (s.chosen[n] == 0) s.ordered.push_back(s.pool[n]);
    }
  }

  template <catalogue Catalogue>
  void place_in_order(const Catalogue& known, scratch& s) const {
    for (const detail::blended& b : s.ordered) {
      if (s.places.free() == 0) return;
      if (s.places.fits(b.item, known) && s.places.leaves_room(b.item, known)) {
        s.places.append(placed_of(b), known);
      } else {
        s.left.push_back(b);
      }
    }
  }

  [[nodiscard]] static placed placed_of(const detail::blended& b) {
    return {b.item, b.score, b.reason, b.stage, placed_by::score, UINT32_MAX, b.from};
  }

  void finish(scratch& s, answer& out) const {
    out.items.clear();
    for (const placed& p : s.places.places()) {
      if (p.item != no_item) out.items.push_back(p);
    }
    out.rule = UINT32_MAX;
    out.why = shortness::none;
    if (out.items.size() == options_.count) return;
    const auto unplaced = [&](const detail::blended& b) { return !s.places.has(b.item); };
    if (std::any_of(s.left.begin(), s.left.end(), unplaced)) {
      out.why = shortness::limited;
    } else if (out.removed > 0) {
      out.why = shortness::removed;
      const auto most = std::max_element(s.removed.begin(), s.removed.end());
      if (most != s.removed.end() && *most > 0) {
        out.rule = static_cast<std::uint32_t>(most - s.removed.begin());
      }
    } else {
      out.why = out.proposed == 0 ? shortness::nothing_known : shortness::few_proposed;
    }
    if (!out.items.empty() && out.items.size() < options_.at_least) {
      out.items.clear();
      out.why = shortness::hidden;
    }
  }

  slot_options options_;
  [[no_unique_address]] Rerank rerank_;
  std::tuple<Stages...> stages_;
};

}  // namespace tailor::inline v0::recommend

#endif  // TAILOR_RECOMMEND_SLOT_HPP
