#ifndef TAILOR_EVALUATE_KEPT_LISTS_HPP
#define TAILOR_EVALUATE_KEPT_LISTS_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "../core/executor.hpp"
#include "../core/ids.hpp"
#include "../core/int128.hpp"
#include "../core/result.hpp"
#include "metrics.hpp"
#include "scoreboard.hpp"

namespace tailor::inline v0::evaluate {

/// What a model shows to each user, kept for figures that a scoreboard does not have: variety,
/// revenue, proportion, or a measure of the host. Memory: 8 · k bytes per user.
class kept_lists {
 public:
  /// Asks a model for all users. duplicate: a list names an item twice, `at` is the case: such a
  /// model is mended, not measured. overflow: k times cases does not fit. Same for any number of
  /// threads. Memory is taken for k items per case, so k is at most what can be shown.
  template <ranker Ranker, executor Executor = serial_executor>
  [[nodiscard]] static result<kept_lists> ask(const Ranker& model,
                                              std::span<const case_of_user> cases, std::size_t k,
                                              Executor&& pool = {}) {
    if (k != 0 && cases.size() > SIZE_MAX / sizeof(item_id) / k) {
      return error{errc::overflow, "lists"};
    }
    kept_lists out;
    out.k_ = k;
    out.sizes_.assign(cases.size(), 0);
    out.items_.assign(cases.size() * k, no_item);
    std::vector<std::uint8_t> twice(cases.size());
    struct worker {
      typename Ranker::scratch scratch;
      std::vector<item_id> list;
      std::vector<item_id> sorted;
    };
    std::vector<worker> workers(pool.concurrency());
    pool.for_each_chunk(
        cases.size(), 64, [&](std::size_t begin, std::size_t end, std::size_t number) {
          worker& w = workers[number];
          for (std::size_t n = begin; n < end; ++n) {
            w.list.clear();
            model(cases[n].user, k, w.scratch, w.list);
            if (w.list.size() > k) w.list.resize(k);
            w.sorted.assign(w.list.begin(), w.list.end());
            std::sort(w.sorted.begin(), w.sorted.end());
            twice[n] =
                std::adjacent_find(w.sorted.begin(), w.sorted.end()) != w.sorted.end() ? 1 : 0;
            std::copy(w.list.begin(), w.list.end(),
                      out.items_.begin() + static_cast<std::ptrdiff_t>(n * k));
            out.sizes_[n] = w.list.size();
          }
        });
    const auto at = std::find(twice.begin(), twice.end(), std::uint8_t{1});
    if (at != twice.end()) {
      return error{errc::duplicate, "ranked list", static_cast<std::uint64_t>(at - twice.begin())};
    }
    return out;
  }

  [[nodiscard]] std::size_t k() const { return k_; }
  [[nodiscard]] std::size_t size() const { return sizes_.size(); }
  /// The list of the n-th case, best first. Precondition: n < size().
  [[nodiscard]] std::span<const item_id> operator[](std::size_t n) const {
    return std::span(items_).subspan(n * k_, sizes_[n]);
  }

  /// `f(list, n)` of every case, in their order: what `compare` takes. `f` is called from several
  /// threads.
  template <class F, executor Executor = serial_executor>
  [[nodiscard]] std::vector<double> measure(const F& f, Executor&& pool = {}) const {
    std::vector<double> out(size());
    pool.for_each_chunk(size(), 64, [&](std::size_t begin, std::size_t end, std::size_t) {
      for (std::size_t n = begin; n < end; ++n) out[n] = f((*this)[n], n);
    });
    return out;
  }

 private:
  kept_lists() = default;

  std::size_t k_ = 0;
  std::vector<std::size_t> sizes_;
  std::vector<item_id> items_;  // k for each case
};

/// The revenue of the hits of all lists in minor units, held at the ends of 64 bits: `value_of` as
/// in revenue_of_hits. conflict: `cases` are not those that were asked.
template <class ValueOf>
[[nodiscard]] result<std::int64_t> revenue_of_lists(const kept_lists& lists,
                                                    std::span<const case_of_user> cases,
                                                    const ValueOf& value_of) {
  if (cases.size() != lists.size()) return error{errc::conflict, "cases"};
  int128 sum = 0;
  for (std::size_t n = 0; n < cases.size(); ++n) {
    sum += revenue_of_hits(lists[n], cases[n].relevant, lists.k(), value_of);
  }
  return held(sum);
}

/// Σ p ln(p / q̃), q̃ = (1 − smooth) q + smooth · p: how far the shares q of what is shown are from
/// the shares p of what the user chose; 0 when they agree (Steck 2018,
/// doi:10.1145/3240323.3240372). p makes up 1, q at most 1: what is shown of no group is in no
/// share, and a list with nothing has q all 0. Both may be off by 1e-9. conflict: not as many of
/// either; not_finite: `at` is the share; out_of_range: a share below 0 (`at`), too many of q or
/// not 1 of p, `smooth` outside of (0, 1].
[[nodiscard]] inline result<double> calibration_divergence(std::span<const double> p,
                                                           std::span<const double> q,
                                                           double smooth = 0.01) {
  if (p.size() != q.size()) return error{errc::conflict, "groups"};
  if (!(smooth > 0 && smooth <= 1)) return error{errc::out_of_range, "smooth"};
  double sum = 0, all_p = 0, all_q = 0;
  for (std::size_t n = 0; n < p.size(); ++n) {
    if (!std::isfinite(p[n]) || !std::isfinite(q[n])) return error{errc::not_finite, "share", n};
    all_p += p[n];
    all_q += q[n];
    if (p[n] < 0 || q[n] < 0) return error{errc::out_of_range, "share", n};
    if (p[n] > 0) sum += p[n] * std::log(p[n] / ((1 - smooth) * q[n] + smooth * p[n]));
  }
  if (!(std::fabs(all_p - 1) <= 1e-9 && all_q <= 1 + 1e-9)) {
    return error{errc::out_of_range, "shares"};
  }
  return (std::max)(sum, 0.0);  // rounding
}

}  // namespace tailor::inline v0::evaluate

#endif  // TAILOR_EVALUATE_KEPT_LISTS_HPP
