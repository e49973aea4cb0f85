#ifndef TAILOR_TESTS_OFFER_PRICE_MODEL_HPP
#define TAILOR_TESTS_OFFER_PRICE_MODEL_HPP

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <span>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "shop.hpp"
#include "tailor/core/int128.hpp"
#include "tailor/offer/pricer.hpp"
#include "tailor/offer/rule.hpp"

// What discounts take off, said slowly: exact fractions, piece by piece.

namespace shop {

using tailor::int128;

/// To the nearest whole, halves to even.
inline std::int64_t half_even(int128 n, int128 d) {
  const int128 whole = n / d;
  const int128 twice = 2 * (n % d);
  return static_cast<std::int64_t>(whole + (twice > d || (twice == d && whole % 2 == 1) ? 1 : 0));
}

/// Hamilton's method by sorting.
inline std::vector<std::int64_t> hamilton(std::int64_t total, const std::vector<std::int64_t>& w) {
  int128 sum = 0;
  for (const std::int64_t x : w) sum += x;
  std::vector<std::int64_t> out(w.size(), 0);
  if (sum == 0) return out;
  std::vector<std::tuple<int128, std::size_t>> rest;
  std::int64_t left = total;
  for (std::size_t i = 0; i < w.size(); ++i) {
    out[i] = static_cast<std::int64_t>(int128{total} * w[i] / sum);
    left -= out[i];
    rest.emplace_back(-(int128{total} * w[i] % sum), i);
  }
  std::sort(rest.begin(), rest.end());
  for (std::int64_t i = 0; i < left; ++i) ++out[std::get<1>(rest[static_cast<std::size_t>(i)])];
  return out;
}

class price_model {
 public:
  price_model(const cart& c, const tailor::offer::price_limits& limits) : cart_(&c) {
    for (std::size_t i = 0; i < c.lines.size(); ++i) order_.push_back(i);
    std::sort(order_.begin(), order_.end(), [&](std::size_t a, std::size_t b) {
      const auto key = [&](std::size_t i) {
        const line& l = c.lines[i];
        return std::tuple(l.sku, l.price, l.pieces, l.cost, i);
      };
      return key(a) < key(b);
    });
    for (const std::size_t i : order_) {
      const line& l = c.lines[i];
      const std::int64_t base = l.price * l.pieces;
      left.push_back(base);
      floor_.push_back(base - base * limits.most_of_line / 10'000);
      unclaimed_.push_back(l.pieces);
      order_left_ += base;
    }
    order_left_ = order_left_ * limits.most_of_order / 10'000;
    shipping = c.shipping;
  }

  void apply(const discount& d) {
    std::visit([this](const auto& one) { give(one); }, d);
  }

  /// By line of the cart.
  [[nodiscard]] std::int64_t after(std::size_t cart_line) const {
    const auto at = std::find(order_.begin(), order_.end(), cart_line) - order_.begin();
    return left[static_cast<std::size_t>(at)];
  }

  std::vector<std::int64_t> left{};
  std::int64_t shipping = 0;

 private:
  using amounts = std::vector<std::int64_t>;

  const line& at(std::size_t i) const { return cart_->lines[order_[i]]; }
  bool is_on(const std::vector<condition>& on, std::size_t i) const {
    return on.empty() || holds(on[0], at(i), segments{});
  }
  std::size_t size() const { return order_.size(); }

  void take(amounts cut, std::int64_t at_most) {
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < size(); ++i) {
      cut[i] = std::clamp(cut[i], std::int64_t{0}, left[i] - floor_[i]);
      sum += cut[i];
    }
    const std::int64_t most = std::min(at_most, order_left_);
    if (sum > most) {
      // Only the lines that are taken from have a part.
      cut = hamilton(most, cut);
      sum = most;
    }
    for (std::size_t i = 0; i < size(); ++i) left[i] -= cut[i];
    order_left_ -= sum;
  }

  void give(const no_discount&) {}
  void give(const gift&) {}
  void give(const free_shipping& d) { shipping -= std::min(shipping, d.at_most); }
  void give(const percent_off& d) {
    amounts cut(size(), 0);
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < size(); ++i) {
      if (!is_on(d.on, i)) continue;
      cut[i] = half_even(int128{left[i]} * d.share, 10'000);
      sum += left[i];
    }
    if (d.from == taken_from::lines) return take(cut, d.at_most);
    together(d.on, half_even(int128{sum} * d.share, 10'000), d.at_most);
  }
  void together(const std::vector<condition>& on, std::int64_t minor, std::int64_t at_most) {
    amounts weight(size(), 0);
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < size(); ++i) {
      if (is_on(on, i)) sum += weight[i] = left[i];
    }
    minor = std::min({minor, sum, at_most, order_left_});
    take(hamilton(minor, weight), INT64_MAX);
  }
  void give(const amount_off& d) {
    if (d.from == taken_from::order) return together(d.on, d.minor, d.at_most);
    amounts cut(size(), 0);
    for (std::size_t i = 0; i < size(); ++i) {
      if (!is_on(d.on, i)) continue;
      cut[i] = d.minor * (d.from == taken_from::units ? at(i).pieces : 1);
    }
    take(cut, d.at_most);
  }
  void give(const fixed_price& d) {
    amounts cut(size(), 0);
    for (std::size_t i = 0; i < size(); ++i) {
      if (is_on(d.on, i)) cut[i] = left[i] - d.minor * at(i).pieces;
    }
    take(cut, d.at_most);
  }
  void give(const tiered& d) {
    std::int64_t pieces = 0;
    for (std::size_t i = 0; i < size(); ++i) pieces += is_on(d.on, i) ? at(i).pieces : 0;
    std::int64_t share = 0;
    for (const tier& t : d.tiers) share = pieces >= t.pieces ? t.share : share;
    amounts cut(size(), 0);
    for (std::size_t i = 0; i < size(); ++i) {
      if (is_on(d.on, i)) cut[i] = half_even(int128{left[i]} * share, 10'000);
    }
    take(cut, d.at_most);
  }
  amounts part(const amounts& pieces, std::int64_t share) const {
    amounts out(size(), 0);
    for (std::size_t i = 0; i < size(); ++i) {
      out[i] = half_even(int128{left[i]} * pieces[i] * share, int128{at(i).pieces} * 10'000);
    }
    return out;
  }
  void give(const buy_get& d) {
    amounts given(size(), 0);
    if (d.which == reward::same_item) {
      for (std::size_t i = 0; i < size(); ++i) {
        if (!is_on(d.on, i)) continue;
        for (std::int64_t n = 0; n < d.times && unclaimed_[i] >= d.buy + d.get; ++n) {
          unclaimed_[i] -= d.buy + d.get;
          given[i] += d.get;
        }
      }
      return take(part(given, d.share), d.at_most);
    }
    const std::vector<condition>& of_where = d.of.empty() ? d.on : d.of;
    std::int64_t on = 0;
    std::int64_t of = 0;
    std::int64_t both = 0;
    std::vector<std::size_t> pieces;  // of `of`, the cheapest first
    for (std::size_t i = 0; i < size(); ++i) {
      const bool a = is_on(d.on, i);
      const bool b = is_on(of_where, i);
      (a && b ? both : a ? on : of) += a || b ? unclaimed_[i] : 0;
      for (std::int64_t k = 0; b && k < unclaimed_[i]; ++k) pieces.push_back(i);
    }
    std::sort(pieces.begin(), pieces.end(), [&](std::size_t a, std::size_t b) {
      return std::pair(at(a).price, a) < std::pair(at(b).price, b);
    });
    const auto fits = [&](std::int64_t buy, std::int64_t get, std::int64_t o, std::int64_t g,
                          std::int64_t shared) {
      for (std::int64_t x = 0; x <= shared; ++x) {
        if (buy <= o + x && get <= g + shared - x) return true;
      }
      return false;
    };
    std::int64_t n = 0;
    while (n < d.times && fits((n + 1) * d.buy, (n + 1) * d.get, on, of, both)) ++n;
    std::int64_t to_give = n * d.get;
    for (const std::size_t i : pieces) {
      if (to_give == 0) break;
      const bool shared = is_on(d.on, i);
      if (!fits(n * d.buy, to_give - 1, on, shared ? of : of - 1, shared ? both - 1 : both))
        continue;
      (shared ? both : of) -= 1;
      --unclaimed_[i];
      ++given[i];
      --to_give;
    }
    std::int64_t to_buy = n * d.buy;
    for (const bool shared : {false, true}) {
      std::vector<std::size_t> dear;
      for (std::size_t i = 0; i < size(); ++i) {
        if (is_on(d.on, i) && is_on(of_where, i) == shared) dear.push_back(i);
      }
      std::sort(dear.begin(), dear.end(), [&](std::size_t a, std::size_t b) {
        return std::pair(-at(a).price, a) < std::pair(-at(b).price, b);
      });
      for (const std::size_t i : dear) {
        for (; to_buy > 0 && unclaimed_[i] > 0; --to_buy) --unclaimed_[i];
      }
    }
    take(part(given, d.share), d.at_most);
  }
  void give(const bundle_price& d) {
    amounts best(size(), 0);
    std::int64_t times = 0;
    for (std::int64_t n = 1; n <= std::min(d.times, std::int64_t{200}); ++n) {
      amounts taken(size(), 0);
      bool fits = true;
      for (const bundle_part& p : d.parts) {
        std::vector<std::size_t> dear;
        for (std::size_t i = 0; i < size(); ++i) {
          if (is_on(p.on, i)) dear.push_back(i);
        }
        std::sort(dear.begin(), dear.end(), [&](std::size_t a, std::size_t b) {
          return std::pair(-at(a).price, a) < std::pair(-at(b).price, b);
        });
        std::int64_t need = n * p.pieces;
        for (const std::size_t i : dear) {
          for (; need > 0 && taken[i] < unclaimed_[i]; --need) ++taken[i];
        }
        fits &= need == 0;
      }
      if (!fits) break;
      best = taken;
      times = n;
    }
    for (std::size_t i = 0; i < size(); ++i) unclaimed_[i] -= best[i];
    const amounts cost = part(best, 10'000);
    const std::int64_t sum = std::accumulate(cost.begin(), cost.end(), std::int64_t{0});
    const std::int64_t off = sum - d.minor * times;
    if (off > 0) take(hamilton(off, cost), d.at_most);
  }

  const cart* cart_;
  std::vector<std::size_t> order_{};
  std::vector<std::int64_t> floor_{};
  std::vector<std::int64_t> unclaimed_{};
  std::int64_t order_left_ = 0;
};

inline discount any_discount(random& r) {
  const auto on = [&](int percent) {
    std::vector<condition> out;
    if (chance(r, percent)) out.push_back(any_condition(r, 3, true));
    return out;
  };
  const auto cap = [&] { return chance(r, 25) ? pick(r, 0, 60) : INT64_MAX; };
  const std::int64_t share = chance(r, 15) ? 10'000 : pick(r, 1, 10'000);
  switch (pick(r, 0, 9)) {
    case 0:
      return percent_off{share, taken_from::lines, on(60), cap()};
    case 1:
      return percent_off{share, taken_from::order, on(50), cap()};
    case 2:
      return amount_off{pick(r, 0, 40), static_cast<taken_from>(pick(r, 0, 2)), on(50), cap()};
    case 3:
      return fixed_price{pick(r, 0, 12), on(60), cap()};
    case 4:
    case 5: {
      buy_get b{pick(r, 1, 3), pick(r, 1, 2), share, reward::cheapest, on(60), {},
                INT64_MAX,     cap()};
      if (chance(r, 30)) {
        b.which = reward::same_item;
      } else {
        b.of = on(50);
      }
      if (chance(r, 30)) b.times = pick(r, 1, 2);
      return b;
    }
    case 6: {
      tiered t{{}, on(50), cap()};
      for (std::int64_t n = pick(r, 1, 3), i = 0; i < 3; ++i, n += pick(r, 1, 4)) {
        t.tiers.push_back({n, pick(r, 1, 6'000)});
      }
      return t;
    }
    case 7: {
      bundle_price b{{}, pick(r, 0, 20), chance(r, 30) ? pick(r, 1, 2) : INT64_MAX, cap()};
      for (std::int64_t i = pick(r, 1, 3); i > 0; --i) b.parts.push_back({on(70), pick(r, 1, 2)});
      return b;
    }
    case 8:
      return free_shipping{cap()};
    default:
      return gift{tailor::item_id{5}, pick(r, 1, 2), pick(r, 0, 30)};
  }
}

/// Where a discount comes among others.
inline int phase(const discount& d) {
  if (std::holds_alternative<fixed_price>(d)) return 0;
  if (std::holds_alternative<tiered>(d)) return 1;
  if (std::holds_alternative<bundle_price>(d)) return 2;
  if (std::holds_alternative<buy_get>(d)) return 3;
  if (const auto* p = std::get_if<percent_off>(&d)) return p->from == taken_from::order ? 6 : 4;
  if (const auto* a = std::get_if<amount_off>(&d)) return a->from == taken_from::order ? 7 : 5;
  return 8;
}

}  // namespace shop

#endif  // TAILOR_TESTS_OFFER_PRICE_MODEL_HPP
