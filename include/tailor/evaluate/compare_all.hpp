#ifndef TAILOR_EVALUATE_COMPARE_ALL_HPP
#define TAILOR_EVALUATE_COMPARE_ALL_HPP

#include <cstddef>
#include <span>
#include <vector>

#include "../core/executor.hpp"
#include "../core/result.hpp"
#include "paired.hpp"

namespace tailor::inline v0::evaluate {

/// One system against the base of a comparison.
struct compared {
  paired difference;     ///< of the system − the base
  double corrected = 1;  ///< p, made up for by Holm for the number of systems
};

/// Compares systems with one base over the same users; `systems[n][u]` and `base[u]` belong to one
/// user. The base is named before the figures are seen: against the best of them, p is too small.
/// Errors: of `compare`, `at` being the system for conflict. Signs and resamples are drawn alike
/// for all. The same for any number of threads. Cost: that of `compare`, for each system.
template <executor Executor = serial_executor>
[[nodiscard]] result<std::vector<compared>> compare_all(
    std::span<const double> base, std::span<const std::span<const double>> systems,
    const paired_options& o = {}, Executor&& pool = {}) {
  std::vector<compared> out;
  std::vector<double> p;
  out.reserve(systems.size());
  p.reserve(systems.size());
  for (std::size_t n = 0; n < systems.size(); ++n) {
    if (systems[n].size() != base.size()) return error{errc::conflict, "users", n};
    const auto d = compare(systems[n], base, o, pool);
    if (!d) return d.error();
    out.push_back({*d, d->p});
    p.push_back(d->p);
  }
  const std::vector<double> corrected = holm(p);
  for (std::size_t n = 0; n < out.size(); ++n) out[n].corrected = corrected[n];
  return out;
}

}  // namespace tailor::inline v0::evaluate

#endif  // TAILOR_EVALUATE_COMPARE_ALL_HPP
