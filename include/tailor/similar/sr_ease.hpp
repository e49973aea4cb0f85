#ifndef TAILOR_SIMILAR_SR_EASE_HPP
#define TAILOR_SIMILAR_SR_EASE_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "../core/executor.hpp"
#include "../core/result.hpp"
#include "gram.hpp"
#include "item_weights.hpp"
#include "ridge.hpp"
#include "support_lists.hpp"

namespace tailor::inline v0::similar {

struct sr_ease_options {
  std::uint32_t support = 100;  ///< items that may speak for another; 300 is more accurate, slower
  double beta = 0.25;           ///< a shopper of n items counts n^-beta
  double l2 = 40;               ///< added to each item's own weight; above 0
  double dropout = 2.3;         ///< times the item's own weight^gamma, added as well
  double gamma = 1;
  double alpha = 0;         ///< weights are multiplied by (rows of source / rows of target)^alpha
  double popularity = 0.5;  ///< the power of an item's rows by which candidates are scaled down
  std::size_t head_bytes = std::size_t{256} << 20;  ///< see gram_options

  friend bool operator==(const sr_ease_options&, const sr_ease_options&) = default;
};

/// Writes the system whose solution is a column of EASE restricted to a support: the pairs of the
/// support in units of one row, the ridge of each item on the diagonal, and what it shares with the
/// target.
template <class Real>
void write_system(const gram& g, const sr_ease_options& o,
                  std::span<const support_lists::entry> from, gram::scratch& s,
                  std::vector<std::uint32_t>& items, ridge_system<Real>& out) {
  items.clear();
  for (const auto& f : from) items.push_back(f.item);
  out.resize(items.size());
  g.gather(std::span<const std::uint32_t>(items), s, out.a.data(), out.stride);
  const auto unit = static_cast<Real>(std::ldexp(1.0, -g.bits()));
  for (std::size_t r = 0; r < items.size(); ++r) {
    for (std::size_t c = 0; c < items.size(); ++c) out.a[r * out.stride + c] *= unit;
    const double own = std::ldexp(static_cast<double>(g.diagonal(items[r])), -g.bits());
    const double ridge = o.l2 + o.dropout * (o.gamma == 1 ? own : std::pow(own, o.gamma));
    out.a[r * out.stride + r] = static_cast<Real>(own + ridge);
    out.y[r] = static_cast<Real>(from[r].shared) * unit;
  }
}

/// EASE on a restricted support: what an item is worth for another is learnt by ridge regression,
/// as in EASE (Steck 2019, doi:10.1145/3308558.3313710) with the dropout of EDLAE (Steck 2020), but
/// each target regresses only on the items that go with it best. Seconds where the whole takes
/// hours, and exact where it matters: a column depends on counts alone, so that without a shopper
/// it is bit by bit what it would be had he never been there. With a support of all items it is
/// EASE.
class sr_ease {
 public:
  static constexpr int weight_bits = 16;

  sr_ease() = default;

  /// Rows are shoppers. out_of_range: an option that is no number or outside its range ("beta",
  /// "l2", …). The same for any number of threads. Cost: Σ (items of a row)², and for each item
  /// support² look-ups and 12 support² multiplications, or support³ / 3 where that is less or the
  /// support is everything.
  template <executor Executor = serial_executor>
  [[nodiscard]] static result<sr_ease> fit(const incidence& rows, const sr_ease_options& o = {},
                                           Executor&& pool = {}) {
    return fit_from(nullptr, rows, {}, o, pool);
  }

  /// What `fit` gives for the new rows, from a model of the rows before: only columns that may have
  /// changed are solved again. `changed` are the items, before and after, of every shopper whose
  /// row is not what it was; any order, repeated or not. The options are those of the model.
  /// Erasure is this with the rows of the others, and the items of the erased.
  template <executor Executor = serial_executor>
  [[nodiscard]] result<sr_ease> refit(const incidence& rows, std::span<const item_id> changed,
                                      Executor&& pool = {}) const {
    return fit_from(this, rows, changed, options_, pool);
  }

  [[nodiscard]] const item_weights& weights() const { return weights_; }
  [[nodiscard]] const sr_ease_options& options() const { return options_; }
  /// Columns that the last fit or refit solved.
  [[nodiscard]] std::size_t solved() const { return solved_; }

  friend bool operator==(const sr_ease& a, const sr_ease& b) {
    return a.options_ == b.options_ && a.weights_ == b.weights_ && a.support_ == b.support_;
  }

 private:
  template <class Executor>
  [[nodiscard]] static result<sr_ease> fit_from(const sr_ease* before, const incidence& rows,
                                                std::span<const item_id> changed,
                                                const sr_ease_options& o, Executor& pool) {
    if (const status s = check(o); !s) return s.error();
    sr_ease out;
    out.options_ = o;
    const std::size_t n = rows.items().size();
    const support_rule rule{o.support, o.popularity};
    support_collector collector(rows, rule, pool.concurrency());
    const gram g =
        gram::count(rows, {o.beta, o.head_bytes}, pool,
                    [&](const gram::column& c, std::size_t worker) { collector.see(c, worker); });
    out.support_ = support_lists(std::move(collector), rows.items(), g.bits());

    std::vector<std::uint8_t> dirty(n, 1);
    if (before != nullptr) {
      out.support_.mark_changed(before->support_, changed, dirty);
    }
    struct worker_memory {
      gram::scratch gram_scratch;
      std::vector<std::uint32_t> items;
      ridge_system<float> by_gradients;
      ridge_system<double> by_factors;
    };
    std::vector<worker_memory> memory(pool.concurrency());
    std::vector<std::int32_t> solved(out.support_.size());
    std::vector<std::uint8_t> bad(n, 0);
    pool.for_each_chunk(n, 16, [&](std::size_t begin, std::size_t end, std::size_t number) {
      worker_memory& w = memory[number];
      for (auto target = static_cast<std::uint32_t>(begin); target < end; ++target) {
        const auto from = out.support_.of(target);
        std::int32_t* const to = solved.data() + out.support_.begin(target);
        if (dirty[target] == 0) {
          before->copy_column(rows.items()[target], out.support_, target, to);
          continue;
        }
        const auto write = [&](const auto& x) {
          for (std::size_t k = 0; k < from.size(); ++k) {
            double weight = static_cast<double>(x[k]);
            if (o.alpha != 0) {
              weight *= std::pow(static_cast<double>(g.degree(from[k].item)) /
                                     static_cast<double>(g.degree(target)),
                                 o.alpha);
            }
            to[k] = rounded(weight, bad[target]);
          }
        };
        if (out.support_.full() || from.size() <= 24) {
          write_system(g, o, from, w.gram_scratch, w.items, w.by_factors);
          if (!solve_by_factors(w.by_factors)) bad[target] = 1;
          write(w.by_factors.x);
        } else {
          write_system(g, o, from, w.gram_scratch, w.items, w.by_gradients);
          solve_by_gradients(w.by_gradients, 12);
          write(w.by_gradients.x);
        }
      }
    });
    for (std::size_t t = 0; t < n; ++t) {
      if (bad[t] != 0) return error{errc::not_finite, "sr_ease column", t};
      out.solved_ += dirty[t];
    }
    result<item_weights> weights = out.support_.by_source(solved, weight_bits);
    if (!weights) return weights.error();
    out.weights_ = std::move(*weights);
    return out;
  }

  [[nodiscard]] static status check(const sr_ease_options& o) {
    const auto within = [](double x, double low, double high) { return x >= low && x <= high; };
    if (!within(o.beta, 0, 4)) return error{errc::out_of_range, "beta"};
    if (!within(o.l2, 1e-3, 1e12)) return error{errc::out_of_range, "l2"};
    if (!within(o.dropout, 0, 1e6)) return error{errc::out_of_range, "dropout"};
    if (!within(o.gamma, 0, 4)) return error{errc::out_of_range, "gamma"};
    if (!within(o.alpha, -4, 4)) return error{errc::out_of_range, "alpha"};
    if (!within(o.popularity, 0, 4)) return error{errc::out_of_range, "popularity"};
    return {};
  }

  [[nodiscard]] static std::int32_t rounded(double weight, std::uint8_t& bad) {
    const double scaled = std::floor(std::ldexp(weight, weight_bits) + 0.5);
    if (!(std::fabs(scaled) <= item_weights::max_weight)) {
      bad = 1;
      return 0;
    }
    return static_cast<std::int32_t>(scaled);
  }

  /// The weights that this model has for a column whose support is the same.
  void copy_column(item_id target, const support_lists& now, std::uint32_t column,
                   std::int32_t* to) const {
    for (const auto& f : now.of(column)) *to++ = weights_.weight(now.items()[f.item], target);
  }

  sr_ease_options options_{};
  support_lists support_;
  item_weights weights_;
  std::size_t solved_ = 0;
};

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_SR_EASE_HPP
