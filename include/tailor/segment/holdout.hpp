#ifndef TAILOR_SEGMENT_HOLDOUT_HPP
#define TAILOR_SEGMENT_HOLDOUT_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "../core/contract.hpp"
#include "../core/executor.hpp"
#include "../core/ids.hpp"
#include "../core/result.hpp"
#include "../core/time.hpp"
#include "../events/timeline.hpp"
#include "lifetime_value.hpp"
#include "orders.hpp"
#include "repeat_history.hpp"

namespace tailor::inline v0::segment {

/// Customers of one class: what was expected of them, and what came.
struct holdout_row {
  std::int64_t from = 0;  ///< repeats, or the place of the class
  std::int64_t shoppers = 0;
  double expected = 0;  ///< orders of all of them in the held-out time
  std::int64_t actual = 0;

  [[nodiscard]] double expected_mean() const {
    return shoppers == 0 ? 0 : expected / static_cast<double>(shoppers);
  }
  [[nodiscard]] double actual_mean() const {
    return shoppers == 0 ? 0 : static_cast<double>(actual) / static_cast<double>(shoppers);
  }
};

/// How well a model that knew nothing of the time after `split` told it.
template <class Dropout>
struct holdout_report {
  lifetime_value<Dropout> model;
  std::vector<holdout_row> by_repeats;   ///< 0, 1, … most_repeats and more
  std::vector<holdout_row> by_expected;  ///< classes of equal size, least expected first
  holdout_row all;
};

struct holdout_options {
  lifetime_options model{};
  std::int64_t most_repeats = 7;
  std::size_t classes = 10;
};

/// Fits as of `split` and counts the orders until `end`. Who bought first after `split` is not in
/// it. too_few with the reason of the fit when it gave no model; errors of lifetime_value.
/// Precondition: split < end, 1 <= most_repeats <= 1000, classes >= 1. The same for any executor.
template <dropout Dropout = after_any, executor Executor = serial_executor>
[[nodiscard]] result<holdout_report<Dropout>> hold_out(const events::timeline& history,
                                                       timestamp split, timestamp end,
                                                       const holdout_options& options = {},
                                                       Dropout leaves = {}, Executor&& pool = {}) {
  TAILOR_EXPECTS(split < end && options.classes >= 1);
  TAILOR_EXPECTS(options.most_repeats >= 1 && options.most_repeats <= 1000);
  auto model = lifetime_value<Dropout>::fit(history, split, options.model, leaves, pool);
  if (!model) return model.error();
  if (!model->repeats().model) {
    return error{errc::too_few, name_of(model->repeats().report.state)};
  }
  const repeat_rules& rules = options.model.repeats;
  const double time =
      static_cast<double>(ticks_between(split, end, rules)) / options.model.ticks_per_unit;
  struct one {
    user_id user{};
    std::int64_t repeats = 0;
    std::int64_t actual = 0;
    double expected = -1;
  };
  std::vector<one> all(history.shopper_limit());
  std::vector<order_reader> readers(pool.concurrency());
  pool.for_each_chunk(all.size(), 256, [&](std::size_t from, std::size_t to, std::size_t worker) {
    for (std::size_t s = from; s < to; ++s) {
      const auto lines = history.lines_of(static_cast<std::uint32_t>(s));
      const auto before = read_purchases(lines, split, rules, readers[worker]);
      if (!before) continue;
      const repeat_history h = before->history(options.model.ticks_per_unit);
      if (!check(h)) continue;
      const auto after = read_purchases(lines, end, rules, readers[worker]);
      const std::int64_t later = after ? after->purchases : 0;
      all[s] = {history.shopper_at(static_cast<std::uint32_t>(s)), before->repeats(),
                (std::max)(std::int64_t{0}, later - before->purchases),
                model->repeats().model->expected(h, time)};
    }
  });
  std::erase_if(all, [](const one& o) { return o.expected < 0; });
  std::sort(all.begin(), all.end(), [](const one& a, const one& b) {
    return a.expected != b.expected ? a.expected < b.expected : a.user < b.user;
  });

  holdout_report<Dropout> out{*std::move(model), {}, {}, {}};
  const auto add = [](holdout_row& row, const one& o) {
    ++row.shoppers;
    row.expected += o.expected;
    row.actual += o.actual;
  };
  for (std::int64_t x = 0; x <= options.most_repeats; ++x) out.by_repeats.push_back({x, 0, 0, 0});
  for (std::size_t i = 0; i < all.size(); ++i) {
    const one& o = all[i];
    add(out.all, o);
    add(out.by_repeats[static_cast<std::size_t>((std::min)(o.repeats, options.most_repeats))], o);
    const std::size_t place = i * options.classes / all.size();
    if (out.by_expected.empty() ||
        out.by_expected.back().from != static_cast<std::int64_t>(place)) {
      out.by_expected.push_back({static_cast<std::int64_t>(place), 0, 0, 0});
    }
    add(out.by_expected.back(), o);
  }
  return out;
}

}  // namespace tailor::inline v0::segment

#endif  // TAILOR_SEGMENT_HOLDOUT_HPP
