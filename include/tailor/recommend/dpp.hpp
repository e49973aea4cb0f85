#ifndef TAILOR_RECOMMEND_DPP_HPP
#define TAILOR_RECOMMEND_DPP_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "reranker.hpp"

namespace tailor::inline v0::recommend {

struct dpp_options {
  double alpha = 1;      ///< quality is relevance^alpha; 0 or below: likeness alone decides
  double least = 1e-10;  ///< what an item must multiply the determinant by, else relevance decides
};

/// A determinantal point process: next comes what adds most to the determinant of the chosen items'
/// kernel diag(q) · likeness · diag(q), so good items that are unlike each other (greedy, with
/// Cholesky factors kept up to date: Chen, Zhang & Zhou 2018, NeurIPS). What is left when nothing
/// adds to it comes by relevance, which is a share of the greatest. Likeness has to be positive
/// semidefinite for the determinant to mean something; cosines and same_group are. Cost: count² ·
/// candidates, and count · candidates likenesses. Memory: count · candidates numbers.
template <item_likeness Likeness>
class dpp {
 public:
  struct scratch {
    std::vector<double> gain;  // of the determinant, by candidate; below 0: chosen
    std::vector<double> quality;
    std::vector<double> rows;  // Cholesky rows, one of all candidates for each chosen
  };

  explicit dpp(Likeness likeness, const dpp_options& o = {})
      : likeness_(std::move(likeness)),
        options_{.alpha = o.alpha > 0 ? o.alpha : 0.0, .least = o.least > 0 ? o.least : 0.0} {}

  void operator()(std::span<const ranked_input> candidates, std::size_t count, scratch& s,
                  std::vector<std::uint32_t>& out) const {
    out.clear();
    const std::size_t n = candidates.size();
    const std::size_t wanted = (std::min)(count, n);
    detail::relevance_shares(candidates, s.quality);
    s.gain.resize(n);
    for (std::size_t i = 0; i < n; ++i) {
      s.quality[i] = std::pow(s.quality[i], options_.alpha);
      s.gain[i] = above_zero(s.quality[i] * s.quality[i] *
                             likeness_(candidates[i].item, candidates[i].item));
    }
    s.rows.clear();
    while (out.size() < wanted) {
      std::size_t best = n;
      for (std::size_t i = 0; i < n; ++i) {
        if (s.gain[i] > options_.least && (best == n || s.gain[i] > s.gain[best])) best = i;
      }
      if (best == n) break;
      out.push_back(static_cast<std::uint32_t>(best));
      if (out.size() < wanted) choose(candidates, best, s);
    }
    for (std::size_t i = 0; i < n && out.size() < wanted; ++i) {
      if (s.gain[i] >= 0) out.push_back(static_cast<std::uint32_t>(i));
    }
  }

 private:
  /// Gains are not below 0 but by rounding, and no number only when likeness is none.
  [[nodiscard]] static double above_zero(double gain) { return gain > 0 ? gain : 0.0; }

  void choose(std::span<const ranked_input> candidates, std::size_t best, scratch& s) const {
    const std::size_t n = candidates.size();
    const std::size_t chosen = s.rows.size() / (n == 0 ? 1 : n);
    const double root = std::sqrt(s.gain[best]);
    s.gain[best] = -1;
    s.rows.resize((chosen + 1) * n);
    double* const row = s.rows.data() + chosen * n;
    for (std::size_t i = 0; i < n; ++i) {
      row[i] = s.gain[i] < 0 ? 0.0
                             : s.quality[best] * s.quality[i] *
                                   likeness_(candidates[best].item, candidates[i].item);
    }
    // Row after row, all candidates of one together: what is chosen is counted in vain, in vectors.
    for (std::size_t k = 0; k < chosen; ++k) {
      const double* const before = s.rows.data() + k * n;
      const double by = before[best];
      for (std::size_t i = 0; i < n; ++i) row[i] -= by * before[i];
    }
    for (std::size_t i = 0; i < n; ++i) {
      if (s.gain[i] < 0) continue;  // chosen
      row[i] /= root;
      s.gain[i] = above_zero(s.gain[i] - row[i] * row[i]);
    }
  }

  [[no_unique_address]] Likeness likeness_;
  dpp_options options_;
};

}  // namespace tailor::inline v0::recommend

#endif  // TAILOR_RECOMMEND_DPP_HPP
