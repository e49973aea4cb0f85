#ifndef TAILOR_OFFER_PRICER_HPP
#define TAILOR_OFFER_PRICER_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <variant>
#include <vector>

#include "../core/int128.hpp"
#include "../core/money.hpp"
#include "cart_line.hpp"
#include "discount.hpp"
#include "piece_chooser.hpp"

namespace tailor::inline v0::offer {

/// What a discount took from a line, or from the shipping.
struct adjustment {
  static constexpr std::uint32_t shipping = UINT32_MAX;

  std::uint32_t rule = 0;
  std::uint32_t line = 0;
  std::int64_t minor = 0;

  friend bool operator==(const adjustment&, const adjustment&) = default;
};

/// How much may be taken off at all.
struct price_limits {
  std::int64_t most_of_line = whole_share;   ///< of what the line costs, basis points
  std::int64_t most_of_order = whole_share;  ///< of what the lines cost together
  rounding rounds = rounding::half_even;     ///< of each share of a line or of the order
};

/// Takes discounts from the lines of one cart. Each takes from what those before it left: shares
/// are of what a line costs by then. What a line costs never falls below what `price_limits` say,
/// nor below zero, and the parts of what is taken from the order add up to it, to the unit.
///
/// Lines are held in one order whatever order they came in; who calls speaks of lines by it.
class pricer {
 public:
  /// Preconditions: each line costs at most `most_minor`, and all together do.
  void begin(std::span<const cart_line> lines, std::int64_t shipping, const price_limits& limits) {
    lines_ = lines;
    limits_ = limits;
    // More than everything is not off, and less than nothing is nothing.
    const auto share = [](std::int64_t s) { return std::clamp(s, std::int64_t{0}, whole_share); };
    limits_.most_of_line = share(limits.most_of_line);
    limits_.most_of_order = share(limits.most_of_order);
    const std::size_t n = lines.size();
    base_.resize(n);
    floor_.resize(n);
    all_.resize(n);
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < n; ++i) {
      base_[i] = lines[i].unit_price * lines[i].pieces;
      floor_[i] = base_[i] - base_[i] * limits_.most_of_line / whole_share;
      all_[i] = static_cast<std::uint32_t>(i);
      sum += base_[i];
    }
    order_base_ = sum;
    shipping_base_ = shipping;
    restart(nullptr);
  }

  /// As if nothing was taken. `record`, if not null, is told each adjustment.
  void restart(std::vector<adjustment>* record) {
    left_.assign(base_.begin(), base_.end());
    claimed_.assign(base_.size(), 0);
    allowance_ = order_base_ * limits_.most_of_order / whole_share;
    shipping_ = shipping_base_;
    taken_ = 0;
    record_ = record;
  }

  /// Applies what a rule gives. `lists` are the lines of each condition of `line_conditions`. Gives
  /// what was taken off.
  std::int64_t apply(std::uint32_t rule, const discount& d,
                     std::span<const std::span<const std::uint32_t>> lists) {
    rule_ = rule;
    lists_ = lists;
    const std::int64_t before = taken_;
    std::visit([this](const auto& one) { give(one); }, d);
    return taken_ - before;
  }

  [[nodiscard]] std::span<const std::uint32_t> all_lines() const { return all_; }
  [[nodiscard]] std::int64_t left(std::size_t line) const { return left_[line]; }
  [[nodiscard]] std::int64_t before(std::size_t line) const { return base_[line]; }
  [[nodiscard]] std::int64_t order_before() const { return order_base_; }
  [[nodiscard]] std::int64_t shipping() const { return shipping_; }
  [[nodiscard]] std::int64_t taken() const { return taken_; }

 private:
  using list = std::span<const std::uint32_t>;

  [[nodiscard]] std::int64_t share_of(std::int64_t amount, std::int64_t share) const {
    const std::int64_t product = amount * share;  // at most 9e12 × 1e4
    const std::int64_t whole = product / whole_share;
    const std::int64_t rest = product % whole_share;
    constexpr std::int64_t half = whole_share / 2;
    switch (limits_.rounds) {
      case rounding::half_even:
        return whole + (rest > half || (rest == half && whole % 2 != 0) ? 1 : 0);
      case rounding::half_away:
        return whole + (rest >= half ? 1 : 0);
      case rounding::toward_zero:
        return whole;
      case rounding::away_from_zero:
        return whole + (rest != 0 ? 1 : 0);
    }
    return whole;
  }
  [[nodiscard]] std::int64_t room(std::uint32_t line) const { return left_[line] - floor_[line]; }

  void give(const no_discount&) {}
  void give(const gift&) {}
  void give(const free_shipping& d) {
    const std::int64_t minor = (std::min)(shipping_, d.at_most);
    shipping_ -= minor;
    taken_ += minor;
    if (record_ != nullptr && minor > 0) record_->push_back({rule_, adjustment::shipping, minor});
  }
  void give(const percent_off& d) {
    if (d.from == taken_from::order) {
      return take_together(lists_[0], share_of(cost_of(lists_[0]), d.share), d.at_most);
    }
    take_each(lists_[0], d.at_most,
              [&](std::uint32_t line) { return share_of(left_[line], d.share); });
  }
  void give(const amount_off& d) {
    if (d.from == taken_from::order) return take_together(lists_[0], d.minor, d.at_most);
    take_each(lists_[0], d.at_most, [&](std::uint32_t line) {
      // At most 9e12 a piece and a million pieces: beyond 64 bits, and then more than there is.
      const int128 minor =
          d.from == taken_from::units ? int128{d.minor} * lines_[line].pieces : int128{d.minor};
      return held(minor);
    });
  }
  void give(const fixed_price& d) {
    take_each(lists_[0], d.at_most, [&](std::uint32_t line) {
      const int128 target = int128{d.minor} * lines_[line].pieces;
      return target < left_[line] ? left_[line] - static_cast<std::int64_t>(target) : 0;
    });
  }
  void give(const tiered& d) {
    std::int64_t pieces = 0;
    for (const std::uint32_t line : lists_[0]) pieces += lines_[line].pieces;
    const tier* reached = nullptr;
    for (const tier& t : d.tiers) {
      if (t.pieces <= pieces) reached = &t;
    }
    if (reached == nullptr) return;
    take_each(lists_[0], d.at_most,
              [&](std::uint32_t line) { return share_of(left_[line], reached->share); });
  }
  void give(const buy_get& d) {
    runs_.assign(lines_.size(), 0);
    if (d.which == reward::same_item) {
      for (const std::uint32_t line : lists_[0]) {
        const std::int64_t free = lines_[line].pieces - claimed_[line];
        const std::int64_t n = (std::min)(free / (d.buy + d.get), d.times);
        runs_[line] = n * d.get;
        claimed_[line] += n * (d.buy + d.get);
      }
    } else {
      const list of = d.of.empty() ? lists_[0] : lists_[1];
      piece_chooser(lines_, claimed_, pick_).choose(d, lists_[0], of, runs_);
    }
    take_each(all_, d.at_most, [&](std::uint32_t line) {
      return runs_[line] == 0 ? 0 : part_of(line, runs_[line], d.share);
    });
  }
  void give(const bundle_price& d) {
    runs_.assign(lines_.size(), 0);
    const std::int64_t times = piece_chooser(lines_, claimed_, pick_).bundle(d, lists_, runs_);
    if (times == 0) return;
    int128 cost = 0;
    weights_.assign(lines_.size(), 0);
    for (const std::uint32_t line : all_) {
      if (runs_[line] == 0) continue;
      const std::int64_t part = part_of(line, runs_[line], whole_share);
      weights_[line] = static_cast<std::uint64_t>(part);
      cost += part;
    }
    const int128 off = cost - int128{d.minor} * times;
    if (off <= 0) return;
    spread(all_, static_cast<std::int64_t>(off));
    take(all_, d.at_most);
  }

  /// What `share` of `pieces` pieces of a line is, of what the line costs by now.
  [[nodiscard]] std::int64_t part_of(std::uint32_t line, std::int64_t pieces,
                                     std::int64_t share) const {
    const auto part = divide(int128{left_[line]} * pieces * share,
                             int128{lines_[line].pieces} * whole_share, limits_.rounds);
    return *part;  // no more than the line costs
  }

  [[nodiscard]] std::int64_t cost_of(list lines) const {
    std::int64_t sum = 0;
    for (const std::uint32_t line : lines) sum += left_[line];
    return sum;
  }

  /// `minor` from the lines together, in proportion to what they cost.
  void take_together(list lines, std::int64_t minor, std::int64_t at_most) {
    weights_.assign(lines_.size(), 0);
    std::int64_t cost = 0;
    for (const std::uint32_t line : lines) {
      weights_[line] = static_cast<std::uint64_t>(left_[line]);
      cost += left_[line];
    }
    minor = (std::min)({minor, cost, at_most, allowance_});
    if (minor <= 0) return;
    spread(lines, minor);
    take(lines, INT64_MAX);
  }

  /// `minor` over the lines, by `weights_`, into `cut_`.
  void spread(list lines, std::int64_t minor) {
    some_weights_.clear();
    for (const std::uint32_t line : lines) some_weights_.push_back(weights_[line]);
    cut_.assign(lines.size(), 0);
    if (!split(minor, some_weights_, cut_, split_)) cut_.assign(lines.size(), 0);
  }

  template <class Amount>
  void take_each(list lines, std::int64_t at_most, const Amount& amount) {
    cut_.resize(lines.size());
    for (std::size_t i = 0; i < lines.size(); ++i) cut_[i] = amount(lines[i]);
    take(lines, at_most);
  }

  /// Takes `cut_` from the lines, as far as there is room on each and leave for all.
  void take(list lines, std::int64_t at_most) {
    std::int64_t total = 0;  // no more than the order costs
    for (std::size_t i = 0; i < lines.size(); ++i) {
      cut_[i] = (std::max)(std::int64_t{0}, (std::min)(cut_[i], room(lines[i])));
      total += cut_[i];
    }
    const std::int64_t most = (std::min)(at_most, allowance_);
    if (total > most) {
      some_weights_.clear();
      for (const std::int64_t c : cut_) some_weights_.push_back(static_cast<std::uint64_t>(c));
      if (!split(most, some_weights_, cut_, split_)) return;
      total = most;
    }
    if (total == 0) return;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      left_[lines[i]] -= cut_[i];
      if (record_ != nullptr && cut_[i] != 0) record_->push_back({rule_, lines[i], cut_[i]});
    }
    allowance_ -= total;
    taken_ += total;
  }

  std::span<const cart_line> lines_{};
  price_limits limits_{};
  std::int64_t order_base_ = 0;
  std::int64_t shipping_base_ = 0;
  std::vector<std::int64_t> base_{};   // of each line: what it costs
  std::vector<std::int64_t> floor_{};  // and has to go on costing
  std::vector<std::uint32_t> all_{};

  std::vector<std::int64_t> left_{};     // what it costs by now
  std::vector<std::int64_t> claimed_{};  // pieces that a bundle or a buy-and-get used up
  std::int64_t allowance_ = 0;
  std::int64_t shipping_ = 0;
  std::int64_t taken_ = 0;
  std::vector<adjustment>* record_ = nullptr;

  std::uint32_t rule_ = 0;
  std::span<const list> lists_{};
  std::vector<std::int64_t> cut_{};
  std::vector<std::int64_t> runs_{};
  std::vector<std::uint64_t> weights_{};
  std::vector<std::uint64_t> some_weights_{};
  std::vector<std::uint32_t> pick_{};
  split_scratch split_{};
};

}  // namespace tailor::inline v0::offer

#endif  // TAILOR_OFFER_PRICER_HPP
