#ifndef TAILOR_SIMILAR_MEASURE_HPP
#define TAILOR_SIMILAR_MEASURE_HPP

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstdint>

#include "../core/int128.hpp"

namespace tailor::inline v0::similar {

/// What is known of a pair of items, in whole numbers. A row is a shopper, an order or a session,
/// as the evidence was counted; `source` is the item one looks at, `target` the one it leads to.
struct pair_evidence {
  std::int64_t both = 0;        ///< rows with both items
  std::int64_t source = 0;      ///< rows with the source
  std::int64_t target = 0;      ///< rows with the target
  std::int64_t population = 0;  ///< all rows
  std::uint64_t expected = 0;   ///< rows expected by chance, in units of 2^-32; 0: not counted

  friend constexpr bool operator==(const pair_evidence&, const pair_evidence&) = default;
};

// Every sum of a product is a std::fma, so that no compiler may choose where to round. √ is exact;
// std::log and std::pow may differ in the last digit between C libraries.

/// Says how strongly the source leads to the target: `m(evidence)`, more is stronger. Must be pure:
/// same numbers, same answer. Not above 0 means that there is no reason to show the target.
///
/// Three things a measure may say of itself:
/// `using needs_expected = void;` when it reads `expected`, which costs extra to count;
/// `constexpr bool falls_with_target() const` when its score, all else equal, strictly falls as
/// `target` rises (below 2^32): lists are built several times faster then;
/// `template <class X> X formula(X both, X source, X target, X population) const`, its score where
/// the evidence `is_sound`, for X = double and for a `pack` of doubles: lists compute several at
/// once then. Both have + - * / and sqrt.
template <class M>
concept measure = requires(const M& m, const pair_evidence& e) {
  { m(e) } -> std::same_as<double>;
};

template <class M>
concept needs_expected = measure<M> && requires { typename M::needs_expected; };

/// What `m` says of itself; false where it says nothing.
template <measure M>
[[nodiscard]] constexpr bool falls_with_target(const M& m) {
  if constexpr (requires {
                  { m.falls_with_target() } -> std::same_as<bool>;
                }) {
    return m.falls_with_target();
  } else {
    return false;
  }
}

/// Whether the numbers can be those of a pair at all. The stock measures are 0 where not.
[[nodiscard]] constexpr bool is_sound(const pair_evidence& e) {
  return e.both > 0 && e.source >= e.both && e.target >= e.both;
}

namespace detail {

template <class M>
double by_formula(const M& m, const pair_evidence& e) {
  if (!is_sound(e)) return 0;
  return m.formula(static_cast<double>(e.both), static_cast<double>(e.source),
                   static_cast<double>(e.target), static_cast<double>(e.population));
}

}  // namespace detail

/// Rows with both. Favours what everybody has.
struct count {
  double operator()(const pair_evidence& e) const {
    return is_sound(e) ? static_cast<double>(e.both) : 0.0;
  }
};

/// both / (√(source · target) + shrink). A shrink of about 20 keeps pairs of rare items from the
/// top by accident; with 0 it is the cosine of the two columns (Salton & McGill 1983; for
/// item-to-item lists Linden, Smith & York 2003, doi:10.1109/MIC.2003.1167344).
struct cosine {
  double shrink = 0;

  double operator()(const pair_evidence& e) const { return detail::by_formula(*this, e); }
  template <class X>
  [[nodiscard]] X formula(X both, X source, X target, X) const {
    using std::sqrt;
    return both / (sqrt(source * target) + shrink);
  }
  [[nodiscard]] constexpr bool falls_with_target() const { return shrink >= 0 && shrink <= 1e6; }
};

/// both / (source^alpha · target^(1 - alpha) + shrink): below 1/2 the popularity of the target
/// counts more against it, above 1/2 less (Aiolli 2013, doi:10.1145/2507157.2507189).
struct asymmetric_cosine {
  double alpha = 0.7;
  double shrink = 0;

  double operator()(const pair_evidence& e) const {
    if (!is_sound(e)) return 0;
    const double source = std::pow(static_cast<double>(e.source), alpha);
    const double target = std::pow(static_cast<double>(e.target), 1 - alpha);
    return static_cast<double>(e.both) / std::fma(source, target, shrink);
  }
  [[nodiscard]] constexpr bool falls_with_target() const {
    return alpha >= 0 && alpha <= 0.9 && shrink >= 0 && shrink <= 1e3;
  }
};

/// both / (rows with either + shrink) (Jaccard 1901).
struct jaccard {
  double shrink = 0;

  double operator()(const pair_evidence& e) const { return detail::by_formula(*this, e); }
  template <class X>
  [[nodiscard]] X formula(X both, X source, X target, X) const {
    return both / ((source + (target - both)) + shrink);
  }
  [[nodiscard]] constexpr bool falls_with_target() const { return shrink >= 0 && shrink <= 1e6; }
};

/// both / (both + alpha · rows with the source alone + beta · rows with the target alone + shrink)
/// (Tversky 1977, doi:10.1037/0033-295X.84.4.327). 1, 1 is Jaccard; 1/2, 1/2 is Dice.
struct tversky {
  double alpha = 0.5;
  double beta = 0.5;
  double shrink = 0;

  double operator()(const pair_evidence& e) const { return detail::by_formula(*this, e); }
  [[nodiscard]] double formula(double both, double source, double target, double) const {
    return both / (both + std::fma(alpha, source - both, std::fma(beta, target - both, shrink)));
  }
  [[nodiscard]] constexpr bool falls_with_target() const {
    return alpha >= 0 && alpha <= 1e3 && beta >= 1e-3 && beta <= 1e3 && shrink >= 0 &&
           shrink <= 1e6;
  }
};

/// population · both / (source · target): how many times more often than if the two were
/// independent. To be shown beside a pair; as a ranking it prefers the rarest.
struct lift {
  double operator()(const pair_evidence& e) const { return detail::by_formula(*this, e); }
  template <class X>
  [[nodiscard]] X formula(X both, X source, X target, X population) const {
    return (population * both) / (source * target);
  }
  [[nodiscard]] constexpr bool falls_with_target() const { return true; }
};

enum class likelihood_form : std::uint8_t {
  root,   ///< √: the scale of a standard score, fit for adding up
  plain,  ///< the ratio itself, asymptotically χ² with one degree of freedom
};

/// The log-likelihood ratio 2 Σ k ln(k · N / (row · column)) of the pair's 2×2 table (Dunning 1993,
/// Computational Linguistics 19(1)). 0 when the two meet no more often than by chance, and where
/// the table is not one.
struct log_likelihood {
  likelihood_form form = likelihood_form::root;

  double operator()(const pair_evidence& e) const {
    if (!is_sound(e) || e.population < e.source) return 0;
    const std::int64_t neither = e.population - e.source - (e.target - e.both);
    if (neither < 0 || int128{e.both} * e.population <= int128{e.source} * e.target) return 0;
    const double n = static_cast<double>(e.population);
    double sum = 0;
    const auto add = [n, &sum](std::int64_t k, std::int64_t row, std::int64_t column) {
      if (k == 0) return;
      const double cell = static_cast<double>(k);
      sum = std::fma(
          cell, std::log(cell / static_cast<double>(row) * (n / static_cast<double>(column))), sum);
    };
    const std::int64_t no_source = e.population - e.source;
    const std::int64_t no_target = e.population - e.target;
    add(e.both, e.source, e.target);
    add(neither, no_source, no_target);
    add(e.source - e.both, e.source, no_target);
    add(e.target - e.both, no_source, e.target);
    const double ratio = (std::max)(0.0, 2 * sum);
    return form == likelihood_form::root ? std::sqrt(ratio) : ratio;
  }
};

enum class chance_form : std::uint8_t {
  difference,  ///< both - expected: favours popular targets
  root,        ///< (both - expected) / √expected: in between
  ratio,       ///< both / expected: favours rare targets
};

/// Compares the rows with both with what chance alone would give, counted row by row, since heavy
/// buyers meet everything (Smith & Linden 2017, doi:10.1109/MIC.2017.72). 0 where `expected` was
/// not counted.
struct chance_corrected {
  using needs_expected = void;

  chance_form form = chance_form::root;

  double operator()(const pair_evidence& e) const {
    if (!is_sound(e) || e.expected == 0) return 0;
    const double both = static_cast<double>(e.both);
    const double expected = static_cast<double>(e.expected) * 0x1p-32;
    switch (form) {
      case chance_form::difference:
        return both - expected;
      case chance_form::ratio:
        return both / expected;
      case chance_form::root:
        break;
    }
    return (both - expected) / std::sqrt(expected);
  }
};

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_MEASURE_HPP
