#ifndef TAILOR_SIMILAR_WEIGHTING_HPP
#define TAILOR_SIMILAR_WEIGHTING_HPP

#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>

#include "../core/config.hpp"

namespace tailor::inline v0::similar {

/// What all weights may depend on.
struct weighting_facts {
  std::size_t items = 0;
  double mean_degree = 0;  ///< rows of an item, on average
};

/// What the factors of an item may depend on.
struct weighted_item {
  std::uint32_t degree = 0;  ///< its rows
  double weight = 0;         ///< Σ of their weights
  double norm = 0;           ///< √ Σ over all items, itself too, of (shared weight)²
};

/// Says how much a row counts, by the number of its items, and how sums of shared weights become
/// scores: score(source → target) = Σ weight of the rows with both · source_factor · target_factor.
/// Must be pure; weights are finite, not negative. `using needs_norms = void;` when a factor reads
/// `norm`, which costs a second counting of all pairs.
template <class W>
concept weighting = requires(const W& w, std::uint32_t row_size, const weighting_facts& facts,
                             const weighted_item& item) {
  { w.row_weight(row_size, facts) } -> std::same_as<double>;
  { w.source_factor(item, facts) } -> std::same_as<double>;
  { w.target_factor(item, facts) } -> std::same_as<double>;
};

template <class W>
concept needs_norms = weighting<W> && requires { typename W::needs_norms; };

/// G_ij / (‖G_i‖^a ‖G_j‖^(1-a)) over the Gram matrix of rows weighted n^-beta: popularity is
/// measured by all that an item is seen with.
struct gnorm {
  using needs_norms = void;

  double a = 0.7;
  double beta = 0.5;

  [[nodiscard]] double row_weight(std::uint32_t n, const weighting_facts&) const {
    return std::pow(static_cast<double>(n), -beta);
  }
  [[nodiscard]] double source_factor(const weighted_item& i, const weighting_facts&) const {
    return std::pow(i.norm, -a);
  }
  [[nodiscard]] double target_factor(const weighted_item& j, const weighting_facts&) const {
    return std::pow(j.norm, a - 1);
  }
};

namespace detail {

/// (ln items - ln(1 + n))²: what is in many rows' interest says little.
[[nodiscard]] inline double squared_idf(std::uint32_t n, const weighting_facts& facts) {
  const double idf =
      std::log(static_cast<double>(facts.items)) - std::log1p(static_cast<double>(n));
  return idf * idf;
}

}  // namespace detail

/// The dot product of two items whose rows are weighted as documents by Okapi BM25 (Robertson et
/// al. 1994), rows as terms and items as documents; an item in a row counts once.
struct bm25 {
  double k1 = 1.2;
  double b = 0.75;

  [[nodiscard]] double row_weight(std::uint32_t n, const weighting_facts& facts) const {
    return detail::squared_idf(n, facts);
  }
  [[nodiscard]] double source_factor(const weighted_item& i, const weighting_facts& facts) const {
    return (k1 + 1) / std::fma(k1, std::fma(b, i.degree / facts.mean_degree, 1 - b), 1.0);
  }
  [[nodiscard]] double target_factor(const weighted_item& j, const weighting_facts& facts) const {
    return source_factor(j, facts);
  }
};

/// The cosine of two items whose rows are weighted by inverse frequency (Salton & Buckley 1988,
/// doi:10.1016/0306-4573(88)90021-0).
struct tf_idf {
  [[nodiscard]] double row_weight(std::uint32_t n, const weighting_facts& facts) const {
    return detail::squared_idf(n, facts);
  }
  [[nodiscard]] double source_factor(const weighted_item& i, const weighting_facts&) const {
    return i.weight > 0 ? 1 / std::sqrt(i.weight) : 0;
  }
  [[nodiscard]] double target_factor(const weighted_item& j, const weighting_facts& facts) const {
    return source_factor(j, facts);
  }
};

/// A random walk of three steps from the source over a row to the target, each step's probability
/// to the power alpha, popular targets scaled down by their rows^beta (Paudel et al. 2017,
/// doi:10.1145/2955101).
struct rp3_beta {
  double alpha = 0.7;
  double beta = 0.4;

  [[nodiscard]] double row_weight(std::uint32_t n, const weighting_facts&) const {
    return std::pow(static_cast<double>(n), -alpha);
  }
  [[nodiscard]] double source_factor(const weighted_item& i, const weighting_facts&) const {
    return std::pow(static_cast<double>(i.degree), -alpha);
  }
  [[nodiscard]] double target_factor(const weighted_item& j, const weighting_facts&) const {
    return std::pow(static_cast<double>(j.degree), -beta);
  }
};

/// The linear filter of Turbo-CF (Park et al. 2024, doi:10.1145/3626772.3657916) before its power,
/// which `weights_from` takes: rows and items normalised unevenly.
struct turbo_cf {
  double alpha = 0.6;

  [[nodiscard]] double row_weight(std::uint32_t n, const weighting_facts&) const {
    return std::pow(static_cast<double>(n), -2 * alpha);
  }
  [[nodiscard]] double source_factor(const weighted_item& i, const weighting_facts&) const {
    return std::pow(static_cast<double>(i.degree), alpha - 1);
  }
  [[nodiscard]] double target_factor(const weighted_item& j, const weighting_facts& facts) const {
    return source_factor(j, facts);
  }
};

/// Σ weights of shared rows / (of the source^a · of the target^(1 - a)), a row of n items counting
/// n^-beta: with beta 1 the graph filter that adds to a regression.
struct weighted_cosine {
  double a = 0.5;
  double beta = 1;

  [[nodiscard]] double row_weight(std::uint32_t n, const weighting_facts&) const {
    return std::pow(static_cast<double>(n), -beta);
  }
  [[nodiscard]] double source_factor(const weighted_item& i, const weighting_facts&) const {
    return std::pow(i.weight, -a);
  }
  [[nodiscard]] double target_factor(const weighted_item& j, const weighting_facts&) const {
    return std::pow(j.weight, a - 1);
  }
};

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_WEIGHTING_HPP
