#ifndef TAILOR_SEGMENT_LIFETIME_VALUE_HPP
#define TAILOR_SEGMENT_LIFETIME_VALUE_HPP

#include <cmath>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

#include "../core/contract.hpp"
#include "../core/executor.hpp"
#include "../core/result.hpp"
#include "../core/time.hpp"
#include "../events/line.hpp"
#include "../events/timeline.hpp"
#include "beta_geometric.hpp"
#include "gamma_gamma.hpp"
#include "gamma_gamma_fit.hpp"
#include "likelihood_fit.hpp"
#include "orders.hpp"
#include "repeat_counts.hpp"
#include "repeat_fit.hpp"
#include "repeat_history.hpp"
#include "repeat_model.hpp"
#include "repeat_sample.hpp"
#include "steady_math.hpp"

namespace tailor::inline v0::segment {

/// What the purchases of the coming `steps` steps are worth today: those of each step at `spend`
/// each, discounted by `rate` for every step that has to be waited. Times in the model's unit.
/// Precondition: step > 0, steps >= 0, rate > -1. Cost: `steps` expectations.
template <repeat_model Model>
[[nodiscard]] double discounted_value(const Model& model, const repeat_history& h, double spend,
                                      double step, int steps, double rate) {
  TAILOR_EXPECTS(step > 0 && steps >= 0 && rate > -1);
  double sum = 0;
  double before = 0;
  double worth = 1;
  for (int i = 1; i <= steps; ++i) {
    const double until = model.expected(h, step * i);
    worth /= 1 + rate;
    sum = std::fma((until - before) * worth, spend, sum);
    before = until;
  }
  return sum;
}

struct lifetime_options {
  repeat_rules repeats{};
  double ticks_per_unit = 7;    ///< the unit of the model in ticks: weeks of days
  double minor_per_unit = 100;  ///< minor units to one of money
  double ticks_per_month = 365.0 / 12;
  int months = 12;     ///< how far ahead
  double rate = 0.01;  ///< a month
  double margin = 1;   ///< of the revenue, what is earned
  fit_options fit{};
};

/// What is known and what is expected of a customer. Predictions are nothing where the fit had a
/// reason to give none.
struct lifetime_answer {
  purchase_record record{};              ///< what it all comes from
  std::optional<double> p_alive;         ///< that he will buy again at all
  std::optional<double> orders;          ///< expected in `months`
  std::optional<double> within_30_days;  ///< the probability of an order
  std::optional<double> within_60_days;
  std::optional<double> within_90_days;
  /// By when the next order has come with probability 1/2, as of the latest order; nothing when it
  /// is less likely than that to come at all.
  std::optional<timestamp> next_order;
  std::optional<double> spend;  ///< of an order to come, money
  std::optional<double> value;  ///< of `months`, money: the predicted lifetime value
};

/// Customers of a shop as BG/NBD or MBG/NBD and Gamma-Gamma see them, fitted together. The stock
/// one is MBG/NBD, under which who bought once may be gone. A value; made by `fit`.
template <dropout Dropout = after_any>
class lifetime_value {
 public:
  /// As of `now`. Where the data are too thin there is a model all the same, whose answers have no
  /// predictions and whose reports say why. Errors of repeat_sample and spend_sample, for numbers
  /// beyond their limits. Depends on the counts of customers alone; the same for any executor.
  template <executor Executor = serial_executor>
  [[nodiscard]] static result<lifetime_value> fit(const events::timeline& history, timestamp now,
                                                  const lifetime_options& options = {},
                                                  Dropout leaves = {}, Executor&& pool = {}) {
    const auto counts = repeat_counts::of(history, now, options.repeats, pool);
    const auto times = repeat_sample::of(counts, options.ticks_per_unit);
    if (!times) return times.error();
    const auto spends = spend_sample::of(counts.spends(), options.minor_per_unit);
    if (!spends) return spends.error();
    return lifetime_value(options, fit_repeats(*times, options.fit, leaves, pool),
                          fit_spend(*spends, options.fit, pool));
  }

  [[nodiscard]] const lifetime_options& options() const { return options_; }
  /// The model of when, or why there is none.
  [[nodiscard]] const repeat_fit<Dropout>& repeats() const { return repeats_; }
  /// The model of how much, or why there is none.
  [[nodiscard]] const spend_fit& spends() const { return spends_; }

  /// Nothing when no order counts at `now`. Cost: that of the orders and of `months` expectations.
  [[nodiscard]] std::optional<lifetime_answer> explain(std::span<const events::line> past,
                                                       timestamp now, order_reader& scratch) const {
    const auto record = read_purchases(past, now, options_.repeats, scratch);
    if (!record) return std::nullopt;
    return answer(*record);
  }

  [[nodiscard]] lifetime_answer answer(const purchase_record& record) const {
    lifetime_answer out;
    out.record = record;
    out.p_alive = p_alive(record);
    out.orders = orders(record);
    out.within_30_days = p_order_within(record, days(30));
    out.within_60_days = p_order_within(record, days(60));
    out.within_90_days = p_order_within(record, days(90));
    out.next_order = next_order(record);
    out.spend = spend(record);
    out.value = value(record);
    return out;
  }

  [[nodiscard]] std::optional<double> p_alive(const purchase_record& record) const {
    const auto h = history(record);
    if (!h) return std::nullopt;
    return repeats_.model->p_alive(*h);
  }
  /// Orders expected in the coming `months`.
  [[nodiscard]] std::optional<double> orders(const purchase_record& record) const {
    const auto h = history(record);
    if (!h) return std::nullopt;
    return repeats_.model->expected(*h, month() * options_.months);
  }
  [[nodiscard]] std::optional<double> p_order_within(const purchase_record& record,
                                                     duration time) const {
    const auto h = history(record);
    if (!h) return std::nullopt;
    return repeats_.model->p_order_within(*h, units(time));
  }
  /// See lifetime_answer: fixed at the latest order, so that it does not move while time goes by.
  [[nodiscard]] std::optional<timestamp> next_order(const purchase_record& record) const {
    purchase_record then = record;
    then.age = record.last;
    const auto h = history(then);
    if (!h) return std::nullopt;
    const auto wait = repeats_.model->wait(*h, 0.5);
    if (!wait) return std::nullopt;
    const double us = *wait * options_.ticks_per_unit * us_per_tick();
    const double room = static_cast<double>(INT64_MAX) - static_cast<double>(record.last_at.us);
    if (!(us < room - 2048)) return std::nullopt;
    return record.last_at + microseconds(static_cast<std::int64_t>(us));
  }
  /// Of an order to come; that of everybody for who bought once.
  [[nodiscard]] std::optional<double> spend(const purchase_record& record) const {
    if (!spends_.model) return std::nullopt;
    const double total = static_cast<double>(record.repeat_value) / options_.minor_per_unit;
    const spend_history s{static_cast<double>(record.repeats()), total > 0 ? total : 0};
    if (!check(s)) return std::nullopt;
    return spends_.model->expected(s);
  }
  /// Of the coming `months`, discounted, times the margin.
  [[nodiscard]] std::optional<double> value(const purchase_record& record) const {
    const auto h = history(record);
    const auto each = spend(record);
    if (!h || !each) return std::nullopt;
    return options_.margin *
           discounted_value(*repeats_.model, *h, *each, month(), options_.months, options_.rate);
  }

 private:
  lifetime_value(const lifetime_options& options, repeat_fit<Dropout> repeats, spend_fit spends)
      : options_(options), repeats_(std::move(repeats)), spends_(spends) {}

  [[nodiscard]] std::optional<repeat_history> history(const purchase_record& record) const {
    if (!repeats_.model) return std::nullopt;
    const repeat_history h = record.history(options_.ticks_per_unit);
    if (!check(h)) return std::nullopt;
    return h;
  }
  [[nodiscard]] double month() const { return options_.ticks_per_month / options_.ticks_per_unit; }
  [[nodiscard]] double us_per_tick() const {
    return options_.repeats.counts == tick::day ? static_cast<double>(days(1).us) : 1.0;
  }
  [[nodiscard]] double units(duration time) const {
    return static_cast<double>(time.us) / us_per_tick() / options_.ticks_per_unit;
  }

  lifetime_options options_;
  repeat_fit<Dropout> repeats_;
  spend_fit spends_;
};

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_LIFETIME_VALUE_HPP
