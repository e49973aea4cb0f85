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
  double alpha = 1;      ///< quality is relevance^alpha
  double least = 1e-10;  ///< what an item must add to the determinant, else relevance decides
};

/// A determinantal point process: next comes what adds most to the determinant of the chosen items'
/// kernel diag(q) · likeness · diag(q), so good items that are unlike each other (greedy, with
/// Cholesky factors kept up to date: Chen, Zhang & Zhou 2018, NeurIPS). What is left when nothing
/// adds to it comes by relevance. Likeness has to be positive semidefinite for the determinant to
/// mean something; cosines and same_group are. Cost: count² · candidates.
template <item_likeness Likeness>
class dpp {
 public:
  struct scratch {
    std::vector<double> gain;  // of the determinant, by candidate; below 0: chosen
    std::vector<double> quality;
    std::vector<double> rows;  // Cholesky rows, one of all candidates for each chosen
  };

  explicit dpp(Likeness likeness, const dpp_options& o = {})
      : likeness_(std::move(likeness)), options_(o) {}

  void operator()(std::span<const ranked_input> candidates, std::size_t count, scratch& s,
                  std::vector<std::uint32_t>& out) const {
    out.clear();
    const std::size_t n = candidates.size();
    const std::size_t wanted = (std::min)(count, n);
    s.quality.resize(n);
    s.gain.resize(n);
    for (std::size_t i = 0; i < n; ++i) {
      s.quality[i] = std::pow(candidates[i].relevance, options_.alpha);
      s.gain[i] = s.quality[i] * s.quality[i] * likeness_(candidates[i].item, candidates[i].item);
    }
    s.rows.clear();
    while (out.size() < wanted) {
      std::size_t best = n;
      for (std::size_t i = 0; i < n; ++i) {
        if (s.gain[i] >= options_.least && (best == n || s.gain[i] > s.gain[best])) best = i;
      }
      if (best == n) break;
      choose(candidates, best, s);
      out.push_back(static_cast<std::uint32_t>(best));
    }
    for (std::size_t i = 0; i < n && out.size() < wanted; ++i) {
      if (s.gain[i] >= 0) out.push_back(static_cast<std::uint32_t>(i));
    }
  }

 private:
  void choose(std::span<const ranked_input> candidates, std::size_t best, scratch& s) const {
    const std::size_t n = candidates.size();
    const std::size_t chosen = s.rows.size() / (n == 0 ? 1 : n);
    const double root = std::sqrt(s.gain[best]);
    s.gain[best] = -1;
    s.rows.resize((chosen + 1) * n);
    double* const row = s.rows.data() + chosen * n;
    for (std::size_t i = 0; i < n; ++i) {
      row[i] = 0;
      if (s.gain[i] < 0) continue;
      double sum =
          s.quality[best] * s.quality[i] * likeness_(candidates[best].item, candidates[i].item);
      for (std::size_t k = 0; k < chosen; ++k) {
        sum -= s.rows[k * n + best] * s.rows[k * n + i];
      }
      row[i] = sum / root;
      // What was chosen stays below 0; rounding may not put anybody there.
      s.gain[i] = (std::max)(0.0, s.gain[i] - row[i] * row[i]);
    }
  }

  [[no_unique_address]] Likeness likeness_;
  dpp_options options_;
};

}  // namespace tailor::inline v0::recommend

#endif  // TAILOR_RECOMMEND_DPP_HPP
