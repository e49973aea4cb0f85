#ifndef TAILOR_OFFER_PACED_BUDGET_HPP
#define TAILOR_OFFER_PACED_BUDGET_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "../core/bytes.hpp"
#include "../core/int128.hpp"
#include "../core/result.hpp"
#include "budget_price.hpp"

namespace tailor::inline v0::offer {

struct pacing_options {
  std::int64_t budget = 0;         ///< minor units, for all of them together
  std::int64_t customers = 1'000;  ///< how many are expected; should more come, the same goes on
  /// What an offer has that is given when the budget is spent evenly: they set how fast the price
  /// follows. An allocation over yesterday's customers tells: its value and its cost, each divided
  /// by the number of those given. The right order of magnitude is enough.
  std::int64_t typical_value = 100;
  std::int64_t typical_cost = 100;
  /// Where the price begins; that allocation's saves the search.
  budget_price start{};

  friend constexpr bool operator==(const pacing_options&, const pacing_options&) = default;
};

namespace detail {

/// The largest whole number whose square is at most n. Precondition: n >= 0.
[[nodiscard]] constexpr std::int64_t root_of(std::int64_t n) {
  std::uint64_t root = 0;
  std::uint64_t rest = static_cast<std::uint64_t>(n);
  for (std::uint64_t bit = std::uint64_t{1} << 62; bit != 0; bit >>= 2) {
    if (rest >= root + bit) {
      rest -= root + bit;
      root = (root >> 1) + bit;
    } else {
      root >>= 1;
    }
  }
  return static_cast<std::int64_t>(root);
}

}  // namespace detail

/// Spends a budget over customers who come one after another and have to be answered at once. A
/// price of the budget rises when more is spent than an even pace and falls when less is:
/// price = max(0, price + step * (cost - budget / customers)), where step is typical_value /
/// typical_cost^2 / sqrt(customers). Against the best that could be done by one who knows all
/// customers beforehand, the loss is of the order of sqrt(customers) when they come in no
/// particular order: S. Balseiro, H. Lu and V. Mirrokni, "Dual mirror descent for online allocation
/// problems", ICML 2020. More than the budget is never spent.
///
/// Whole numbers only: the same customers in the same order give the same answers everywhere. It
/// does depend on their order, so it is no statistic: it cannot be merged, and nobody's part can be
/// taken out again. It holds three numbers, none of them of a person.
class paced_budget {
 public:
  using holds_no_personal_data = void;
  static constexpr const char* section = "paced budget";
  static constexpr std::uint32_t format = 1;
  /// Fractional bits of the price.
  static constexpr int binary_places = 40;

  /// out_of_range when the budget is negative, another number is not positive, the price to begin
  /// with is no ratio, or the typical cost beyond all measure (its square times the root of
  /// `customers` above 2^52 times the typical value); overflow when such a price does not fit into
  /// 23 bits before the point.
  [[nodiscard]] static constexpr result<paced_budget> make(const pacing_options& o) {
    if (o.budget < 0) return error{errc::out_of_range, "budget"};
    if (o.customers <= 0) return error{errc::out_of_range, "customers"};
    if (o.typical_value <= 0 || o.typical_cost <= 0) return error{errc::out_of_range, "typical"};
    if (o.start.value < 0 || o.start.cost <= 0) return error{errc::out_of_range, "start"};
    paced_budget made;
    made.options_ = o;
    const int128 begin = (int128{o.start.value} << binary_places) / o.start.cost;
    const int128 ratio = (int128{o.typical_value} << step_places) / o.typical_cost;
    const int128 step = ratio / o.typical_cost / detail::root_of(o.customers);
    if (begin > INT64_MAX || step > INT64_MAX) return error{errc::overflow, "price"};
    if (step == 0) return error{errc::out_of_range, "typical_cost"};  // the price would never move
    made.step_ = static_cast<std::int64_t>(step);
    made.fall_ = int128{made.step_} * o.budget / o.customers;
    made.price_ = static_cast<std::int64_t>(begin);
    return made;
  }

  [[nodiscard]] constexpr const pacing_options& options() const { return options_; }
  [[nodiscard]] constexpr std::int64_t spent() const { return spent_; }
  [[nodiscard]] constexpr std::int64_t left() const { return options_.budget - spent_; }
  [[nodiscard]] constexpr std::int64_t seen() const { return seen_; }
  [[nodiscard]] constexpr budget_price price() const {
    return {price_, std::int64_t{1} << binary_places};
  }

  /// What the next customer would get: the best of the arms at the price that are not costlier than
  /// what is left. Faults as budget_price::choose. Changes nothing. Cost: linear in the arms.
  [[nodiscard]] constexpr result<std::optional<std::size_t>> decide(
      std::span<const offer_arm> arms) const {
    return price().choose(arms, left());
  }

  /// A customer has been served, at this expected cost; zero for none. full when less is left,
  /// out_of_range when it is negative: nothing changes then.
  constexpr status record(std::int64_t cost) {
    if (cost < 0) return error{errc::out_of_range, "cost"};
    if (cost > left()) return error{errc::full, "budget"};
    spent_ += cost;
    if (seen_ < INT64_MAX) ++seen_;
    const int128 next = price_ + ((int128{step_} * cost - fall_) >> (step_places - binary_places));
    price_ = next < 0 ? 0 : held(next);
    return {};
  }

  /// Both in one: decides, and records what was decided.
  constexpr result<std::optional<std::size_t>> next(std::span<const offer_arm> arms) {
    const auto chosen = decide(arms);
    if (!chosen) return chosen;
    const std::optional<std::size_t>& arm = *chosen;
    if (const status s = record(arm.has_value() ? arms[*arm].cost : 0); !s) return s;
    return chosen;
  }

  friend constexpr bool operator==(const paced_budget& a, const paced_budget& b) {
    return a.options_ == b.options_ && a.price_ == b.price_ && a.spent_ == b.spent_ &&
           a.seen_ == b.seen_;
  }

  void encode(byte_writer& out) const {
    for (const std::int64_t n :
         {options_.budget, options_.customers, options_.typical_value, options_.typical_cost,
          options_.start.value, options_.start.cost, spent_, seen_, price_}) {
      out.i64(n);
    }
  }
  [[nodiscard]] static result<paced_budget> decode(byte_reader& in) {
    pacing_options o;
    o.budget = in.i64();
    o.customers = in.i64();
    o.typical_value = in.i64();
    o.typical_cost = in.i64();
    o.start.value = in.i64();
    o.start.cost = in.i64();
    const std::int64_t spent = in.i64();
    const std::int64_t seen = in.i64();
    const std::int64_t price = in.i64();
    if (!in.ok()) return in.error();
    auto made = make(o);
    if (!made || spent < 0 || spent > o.budget || seen < 0 || price < 0 ||
        (seen == 0 && (spent != 0 || price != made->price_))) {
      in.fail(errc::corrupt, "paced budget");
      return in.error();
    }
    made->spent_ = spent;
    made->seen_ = seen;
    made->price_ = price;
    return made;
  }

 private:
  static constexpr int step_places = 52;  // more than the price's, for a small step's accuracy

  constexpr paced_budget() = default;

  pacing_options options_{};
  std::int64_t step_ = 0;   // per minor unit, in 2^-52; follows from the options
  int128 fall_ = 0;         // per customer, in 2^-52; so does this
  std::int64_t price_ = 0;  // in 2^-40
  std::int64_t spent_ = 0;
  std::int64_t seen_ = 0;
};

}  // namespace tailor::inline v0::offer

#endif  // TAILOR_OFFER_PACED_BUDGET_HPP
