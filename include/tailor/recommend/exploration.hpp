#ifndef TAILOR_RECOMMEND_EXPLORATION_HPP
#define TAILOR_RECOMMEND_EXPLORATION_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "../core/beta.hpp"
#include "../core/hash.hpp"
#include "../core/random.hpp"
#include "../core/result.hpp"
#include "../core/time.hpp"
#include "source.hpp"

namespace tailor::inline v0::recommend {

/// How an item fared since it came in.
struct item_trial {
  item_id item{};
  timestamp first_seen{};
  std::uint32_t shown = 0;  ///< how often, where a shopper could have chosen it
  std::uint32_t chosen =
      0;  ///< how often one did: clicks, or what the shop counts; at most `shown`
};

struct exploration_options {
  /// What is taken for granted of an item: so many of so many. 1 of 20 makes a new item worth what
  /// five clicks in a hundred are, and a hundred showings speak louder than it.
  std::uint32_t prior_chosen = 1;
  std::uint32_t prior_shown = 20;
  duration young = days(30);  ///< what was first seen so long ago is known well enough
  duration redraw = days(1);  ///< a shopper is proposed the same for so long
  std::uint64_t seed = 0;
};

/// Proposes young items, so that one can learn of them: the better they fared the more often, and
/// the less is known the more it varies. The score is drawn from what may be the item's rate, a
/// beta distribution; so over all shoppers each item is shown as often as it may be the best
/// (Thompson 1933, doi:10.1093/biomet/25.3-4.285). What is drawn depends on shopper, period, seed
/// and the item's own counts alone. Give it a share of a blend (30 per cent, say), or a slot of its
/// own. Scores are in units of 2^-30. Holds its own copy.
class exploration {
 public:
  struct scratch {};

  exploration() = default;

  /// duplicate: an item twice (`at` is its second place in `trials`); empty_id: no item; malformed:
  /// more chosen than shown; out_of_range: a prior without misses or hits, or a time not above 0.
  [[nodiscard]] static result<exploration> make(std::span<const item_trial> trials,
                                                const exploration_options& o = {}) {
    if (o.prior_chosen == 0 || o.prior_chosen >= o.prior_shown) {
      return error{errc::out_of_range, "exploration prior"};
    }
    if (o.young <= duration{}) return error{errc::out_of_range, "exploration young"};
    if (o.redraw <= duration{}) return error{errc::out_of_range, "exploration redraw"};
    exploration out;
    out.options_ = o;
    std::vector<std::pair<item_id, std::size_t>> order;  // where each was handed in
    for (std::size_t n = 0; n < trials.size(); ++n) {
      if (trials[n].item == no_item) return error{errc::empty_id, "exploration trial", n};
      if (trials[n].chosen > trials[n].shown) {
        return error{errc::malformed, "exploration trial", n};
      }
      order.emplace_back(trials[n].item, n);
    }
    std::sort(order.begin(), order.end());
    out.digest_ = mix64(mix64(o.seed ^ o.prior_shown) + o.prior_chosen);
    out.digest_ = mix64(out.digest_ ^ static_cast<std::uint64_t>(o.young.us));
    out.digest_ = mix64(out.digest_ ^ static_cast<std::uint64_t>(o.redraw.us));
    for (const auto& [item, place] : order) {
      const item_trial& t = trials[place];
      if (!out.trials_.empty() && item == out.trials_.back().item) {
        return error{errc::duplicate, "exploration trial", place};
      }
      out.trials_.push_back(t);
      out.digest_ =
          mix64(mix64(out.digest_ ^ raw(t.item)) + (std::uint64_t{t.shown} << 32 | t.chosen));
      out.digest_ = mix64(out.digest_ ^ static_cast<std::uint64_t>(t.first_seen.us));
    }
    return out;
  }

  /// Cost: a fifth of a microsecond for each item that is young.
  template <class F>
  void candidates(const context& c, scratch&, F&& f) const {
    for (const item_trial& t : trials_) {
      if (is_young(t, c.now)) f(t.item, draw(t, c));
    }
  }
  /// One part, with how often the item was chosen (`target`) of how often it was shown
  /// (`population`).
  template <class F>
  void explain(const context& c, item_id item, scratch&, F&& f) const {
    const auto at = std::lower_bound(trials_.begin(), trials_.end(), item,
                                     [](const item_trial& t, item_id i) { return t.item < i; });
    if (at == trials_.end() || at->item != item || !is_young(*at, c.now)) return;
    f(part{no_item,
           seed_reason::none,
           1,
           draw(*at, c),
           {.target = at->chosen, .population = at->shown}});
  }

  [[nodiscard]] std::size_t size() const { return trials_.size(); }
  [[nodiscard]] strategy kind() const { return strategy::exploration; }
  [[nodiscard]] int bits() const { return unit_bits; }
  [[nodiscard]] std::uint64_t digest() const { return digest_; }

 private:
  static constexpr int unit_bits = 30;

  /// What has not been seen yet is not proposed.
  [[nodiscard]] bool is_young(const item_trial& t, timestamp now) const {
    return t.first_seen <= now &&
           static_cast<std::uint64_t>(now.us) - static_cast<std::uint64_t>(t.first_seen.us) <
               static_cast<std::uint64_t>(options_.young.us);
  }

  [[nodiscard]] std::int64_t draw(const item_trial& t, const context& c) const {
    const std::int64_t period = floor_div(c.now.us, options_.redraw.us);
    counter_random bits(
        mix64(mix64(options_.seed ^ raw(c.user)) ^ static_cast<std::uint64_t>(period)),
        raw(t.item));
    const std::uint64_t hits = std::uint64_t{t.chosen} + options_.prior_chosen;
    const std::uint64_t all = std::uint64_t{t.shown} + options_.prior_shown;
    const double rate = beta(bits, static_cast<double>(hits), static_cast<double>(all - hits));
    return (std::max)(in_units(rate, unit_bits, std::int64_t{1} << unit_bits), std::int64_t{1});
  }

  std::vector<item_trial> trials_;  // ascending by item
  exploration_options options_;
  std::uint64_t digest_ = 0;
};

static_assert(candidate_source<exploration>);

}  // namespace tailor::inline v0::recommend

#endif  // TAILOR_RECOMMEND_EXPLORATION_HPP
