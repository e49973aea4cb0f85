#ifndef TAILOR_SEGMENT_AFFINITY_HPP
#define TAILOR_SEGMENT_AFFINITY_HPP

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "../core/contract.hpp"
#include "../core/ids.hpp"
#include "../core/int128.hpp"
#include "../core/result.hpp"
#include "../core/time.hpp"
#include "../events/kind.hpp"
#include "../events/line.hpp"
#include "../events/timeline.hpp"
#include "features.hpp"
#include "purchase_fading.hpp"
#include "stated_weight.hpp"
#include "steady_math.hpp"

namespace tailor::inline v0::segment {

/// Says what an item is in one respect: its category, brand or price band, as a number of the
/// host's. `s.value(item)` is that number, or nothing. Must be pure while it is used; may be called
/// from several threads at once.
template <class S>
concept item_trait = requires(const S& s, item_id item) {
  { s.value(item) } -> std::same_as<std::optional<std::uint64_t>>;
};

struct affinity_options {
  std::int64_t view = 1;  ///< what an event counts, when it happens
  std::int64_t cart = 3;  ///< add_to_cart, add_to_wishlist
  std::int64_t purchase = 5;
  double half_life = 30;  ///< days
  double prior = 10;      ///< events of an average shopper that everybody begins with
  double likes = 1.96;    ///< standard deviations from which on somebody likes a value
  /// What a preference that the shopper declared himself counts; `answer_fading` says how it ages.
  double declared = 10;
  duration midnight{};
};

/// How a shopper feels about one value.
struct liking {
  std::uint64_t value = 0;
  double weight = 0;    ///< of the shopper's own events, decayed, and of what he stated
  double log_odds = 0;  ///< beside everybody
  double z = 0;         ///< in standard deviations
  bool likes = false;
  double stated = 0;  ///< the part of `weight` that he stated; the rest is what he did

  friend constexpr bool operator==(const liking&, const liking&) = default;
};

/// What shoppers like, measured by how much more of it they look at, take and buy than everybody
/// does, so that what is popular is nobody's taste. Log-odds with an informative Dirichlet prior:
/// B. L. Monroe, M. P. Colaresi and K. M. Quinn, "Fightin' Words", Political Analysis 16 (2008),
/// doi:10.1093/pan/mpn018. What everybody does is a value fixed at the fit, in integers, so that
/// it depends on no order; a shopper's side follows his events. Refers to the timeline, which knows
/// the items, and to the trait; both have to outlive it.
template <item_trait Trait>
class affinity {
 public:
  /// As of `now`. out_of_range for a half-life, prior or weight that is not positive and finite
  /// (a weight may be 0); too_few when nobody did anything with an item that has a value.
  /// Cost: O(events + values · log values).
  [[nodiscard]] static result<affinity> fit(const events::timeline& history, timestamp now,
                                            const Trait& trait, const affinity_options& o = {}) {
    if (!(o.half_life > 0 && o.half_life < 1e6)) return error{errc::out_of_range, "half_life"};
    if (!(o.prior > 0 && o.prior < 1e9)) return error{errc::out_of_range, "prior"};
    if (!(o.declared >= 0 && o.declared < 1e9)) return error{errc::out_of_range, "declared"};
    for (const std::int64_t w : {o.view, o.cart, o.purchase}) {
      if (w < 0 || w > 1'000) return error{errc::out_of_range, "weight"};
    }
    affinity out(history, trait, o);
    std::vector<std::int64_t> of_item(history.item_limit());
    for (std::uint32_t h = 0; h < history.shopper_limit(); ++h) {
      for (const events::line& l : history.lines_of(h)) {
        if (l.at > now) break;
        const std::int64_t w = out.weight_of(l);
        if (w == 0) continue;
        const double part = out.faded(l.at, now) * 0x1p20;  // an integer from here on
        of_item[l.item] += w * static_cast<std::int64_t>(std::nearbyint(part));
      }
    }
    std::vector<std::pair<std::uint64_t, std::int64_t>> all;
    for (std::uint32_t i = 0; i < of_item.size(); ++i) {
      if (of_item[i] == 0) continue;
      if (const auto value = trait.value(history.item_at(i))) all.emplace_back(*value, of_item[i]);
    }
    std::sort(all.begin(), all.end());
    std::int64_t total = 0;
    for (const auto& [value, count] : all) {
      if (out.values_.empty() || out.values_.back() != value) {
        out.values_.push_back(value);
        out.counts_.push_back(0);
      }
      out.counts_.back() += count;
      total += count;
    }
    if (total == 0) return error{errc::too_few, "events with a value"};
    out.total_ = static_cast<double>(total) / 0x1p20;
    return out;
  }

  [[nodiscard]] const affinity_options& options() const { return options_; }
  /// Ascending.
  [[nodiscard]] std::span<const std::uint64_t> values() const { return values_; }
  /// Of all that was done with items of known value, the share of `value`; 0 when it is unknown.
  [[nodiscard]] double share_of(std::uint64_t value) const {
    const auto i = place_of(value);
    return i ? static_cast<double>(counts_[*i]) / 0x1p20 / total_ : 0;
  }

  /// How the shopper feels about every value that he had to do with, or declared, strongest first.
  /// Values that the fit did not know are left out. Cost: O(events + values · log values).
  [[nodiscard]] std::vector<liking> explain(std::span<const events::line> past, timestamp now,
                                            std::span<const std::uint64_t> declared = {}) const {
    std::vector<stated_weight> stated;
    stated.reserve(declared.size());
    for (const std::uint64_t value : declared) stated.push_back({value, whole_weight});
    return explain(past, now, std::span<const stated_weight>(stated));
  }
  /// The same, with what is left of each statement (`weights_of`), as a part of the option
  /// `declared`; and with a rule for what the shopper has bought: O(events · log events) with one.
  template <purchase_fading Fading = no_fading_by_purchase>
  [[nodiscard]] std::vector<liking> explain(std::span<const events::line> past, timestamp now,
                                            std::span<const stated_weight> stated,
                                            const Fading& fading = {}) const {
    struct part {
      std::size_t place;
      std::size_t turn;  // sums go in the order of the events, as in explain_one
      double weight;
    };
    std::vector<part> mine;
    double total = 0;
    const auto add = [&](std::uint64_t value, double weight) {
      const auto i = place_of(value);
      if (!i) return;
      mine.push_back({*i, mine.size(), weight});
      total += weight;
    };
    for_each_weight(past, now, fading, add);
    const std::size_t own = mine.size();
    for (const stated_weight& s : stated) add(s.value, weight_of(s));
    std::sort(mine.begin(), mine.end(), [](const part& x, const part& y) {
      return x.place != y.place ? x.place < y.place : x.turn < y.turn;
    });
    std::vector<liking> out;
    for (std::size_t i = 0; i < mine.size();) {
      double weight = 0;
      double said = 0;
      const std::size_t place = mine[i].place;
      for (; i < mine.size() && mine[i].place == place; ++i) {
        weight += mine[i].weight;
        if (mine[i].turn >= own) said += mine[i].weight;
      }
      out.push_back(judge(place, weight, total, said));
    }
    std::sort(out.begin(), out.end(), [](const liking& a, const liking& b) {
      return a.z != b.z ? a.z > b.z : a.value < b.value;
    });
    return out;
  }
  /// About one value; z is that of the prior, 0, without an event. Nothing for an unknown value.
  template <purchase_fading Fading = no_fading_by_purchase>
  [[nodiscard]] std::optional<liking> explain_one(std::span<const events::line> past, timestamp now,
                                                  std::uint64_t value,
                                                  std::span<const stated_weight> stated = {},
                                                  const Fading& fading = {}) const {
    const auto place = place_of(value);
    if (!place) return std::nullopt;
    double weight = 0;
    double total = 0;
    double said = 0;
    const auto add = [&](std::uint64_t v, double w) {
      if (!place_of(v)) return;
      total += w;
      if (v == value) weight += w;
    };
    for_each_weight(past, now, fading, add);
    for (const stated_weight& s : stated) {
      add(s.value, weight_of(s));
      if (s.value == value) said += weight_of(s);
    }
    return judge(*place, weight, total, said);
  }
  /// What is left of an event after the days since: halved in each half-life.
  [[nodiscard]] double faded(timestamp at, timestamp now) const {
    const auto age = day_of(now, options_.midnight) - day_of(at, options_.midnight);
    return steady::exp(-static_cast<double>(age) * std::numbers::ln2 / options_.half_life);
  }

 private:
  affinity(const events::timeline& history, const Trait& trait, const affinity_options& o)
      : history_(&history), trait_(&trait), options_(o) {}

  [[nodiscard]] std::int64_t weight_of(const events::line& l) const {
    if (l.item == events::no_item_handle) return 0;
    switch (l.kind()) {
      case events::event_kind::view_item:
        return options_.view;
      case events::event_kind::add_to_cart:
      case events::event_kind::add_to_wishlist:
        return options_.cart;
      case events::event_kind::purchase:
        return options_.purchase;
      default:
        return 0;
    }
  }
  [[nodiscard]] double weight_of(const stated_weight& s) const {
    const std::int64_t left = std::clamp<std::int64_t>(s.left, 0, 16 * whole_weight);
    return steady::product(options_.declared, static_cast<double>(left) / 0x1p20);
  }
  template <class Fading, class F>
  void for_each_weight(std::span<const events::line> past, timestamp now, const Fading& fading,
                       F&& f) const {
    constexpr bool fades = !std::same_as<Fading, no_fading_by_purchase>;
    std::vector<purchase> bought;
    if constexpr (fades) bought = purchases_of(past, now);
    for (const events::line& l : past) {
      if (l.at > now) break;
      const std::int64_t w = weight_of(l);
      if (w == 0) continue;
      const item_id item = history_->item_at(l.item);
      const auto value = trait_->value(item);
      if (!value) continue;
      double weight = steady::product(static_cast<double>(w), faded(l.at, now));
      if constexpr (fades) {
        const auto at = std::lower_bound(bought.begin(), bought.end(), purchase{l.item, INT64_MIN});
        if (at != bought.end() && at->first == l.item) {
          const std::int64_t days = day_of(now, options_.midnight) - at->second;
          const std::int64_t left =
              std::clamp<std::int64_t>(fading(item, l.kind(), days), 0, whole_weight);
          weight = steady::product(weight, static_cast<double>(left) / 0x1p20);
        }
      }
      f(*value, weight);
    }
  }
  using purchase = std::pair<std::uint32_t, std::int64_t>;  // item, and the last day it was bought
  [[nodiscard]] std::vector<purchase> purchases_of(std::span<const events::line> past,
                                                   timestamp now) const {
    std::vector<purchase> out;
    for (const events::line& l : past) {
      if (l.at > now) break;
      if (l.kind() != events::event_kind::purchase || l.item == events::no_item_handle) continue;
      out.emplace_back(l.item, day_of(l.at, options_.midnight));
    }
    std::sort(out.begin(), out.end(), [](const purchase& a, const purchase& b) {
      return a.first != b.first ? a.first < b.first : a.second > b.second;  // the last first
    });
    const auto same = [](const purchase& a, const purchase& b) { return a.first == b.first; };
    out.erase(std::unique(out.begin(), out.end(), same), out.end());
    return out;
  }
  [[nodiscard]] std::optional<std::size_t> place_of(std::uint64_t value) const {
    const auto at = std::lower_bound(values_.begin(), values_.end(), value);
    if (at == values_.end() || *at != value) return std::nullopt;
    return static_cast<std::size_t>(at - values_.begin());
  }
  [[nodiscard]] liking judge(std::size_t place, double c, double n, double said) const {
    const double everybody = static_cast<double>(counts_[place]) / 0x1p20;
    const double alpha = options_.prior * everybody / total_;
    liking out{values_[place], c, 0, 0, false, said};
    const double others = n + options_.prior - c - alpha;
    const double all_others = total_ + options_.prior - everybody - alpha;
    if (!(others > 0 && all_others > 0)) return out;  // the only value there is
    out.log_odds =
        steady::log((c + alpha) / others) - steady::log((everybody + alpha) / all_others);
    out.z = out.log_odds / std::sqrt(1 / (c + alpha) + 1 / (everybody + alpha));
    out.likes = out.z > options_.likes;
    return out;
  }

  const events::timeline* history_;
  const Trait* trait_;
  affinity_options options_;
  std::vector<std::uint64_t> values_;
  std::vector<std::int64_t> counts_;  // decayed, in 2^-20
  double total_ = 0;
};

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_AFFINITY_HPP
