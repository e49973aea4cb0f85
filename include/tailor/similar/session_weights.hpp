#ifndef TAILOR_SIMILAR_SESSION_WEIGHTS_HPP
#define TAILOR_SIMILAR_SESSION_WEIGHTS_HPP

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstdint>

#include "../core/time.hpp"

namespace tailor::inline v0::similar {

/// What the similarity of a past session may depend on besides the clicks shared.
struct session_facts {
  float norm = 0;           ///< √Σ of the squared click weights of the running session
  std::uint32_t items = 0;  ///< distinct, of the past session
  duration age{};           ///< from its end to the moment of the query; not below 0
};

/// Does not change similarities: they are sums of click weights, and neither the length nor the age
/// of a past session is looked up.
template <class W>
concept plain_similarity = requires { typename W::similarity_is_sum; };
/// Does not look at where in the past session an item stands.
template <class W>
concept plain_places = requires { typename W::places_are_alike; };

/// Says what clicks count when past sessions are compared with the running one and when their items
/// are scored. Places count from 0, the newest click; `clicks` is how many are looked at,
/// `distinct` how many different ones. Must be pure; weights are finite and not below 0.
///
/// score(i) = scale · item_factor(ln N - ln n_i) · Σ over neighbours with i of similarity ·
/// shared(place of the newest click shared) · near(steps from that click to i in the neighbour).
template <class W>
concept session_weights =
    requires(const W& w, std::uint32_t place, std::uint32_t clicks, std::uint32_t distinct,
             double x) {
      { w.click(place, clicks) } -> std::same_as<float>;
      { w.shared(place) } -> std::same_as<float>;
      { w.item_factor(x) } -> std::same_as<double>;
      { w.scale(distinct) } -> std::same_as<double>;
    } &&
    (plain_similarity<W> || requires(const W& w, float sum, const session_facts& facts) {
      { w.similarity(sum, facts) } -> std::same_as<float>;
    }) && (plain_places<W> || requires(const W& w, std::uint32_t steps) {
      { w.near(steps) } -> std::same_as<float>;
    });

/// Whether items that few sessions have count for more.
enum class rarity { counts, ignored };

/// VMIS-kNN: click weights and the weight of the newest shared click fall in equal steps. They are
/// kept as whole numbers, so sums are exact in any order, and equal scores are equal (up to 2^24).
/// B. Kersbergen, O. Sprangers and S. Schelter, "Serenade", SIGMOD 2022,
/// doi:10.1145/3514221.3517901. Weights below 0, which the original gives from the eleventh click
/// on, are 0 here.
struct vmis {
  using similarity_is_sum = void;
  using places_are_alike = void;

  std::uint32_t fades_after = 10;  ///< the newest shared click counts 1 - (place + 1) / this
  rarity rare_items = rarity::counts;

  [[nodiscard]] float click(std::uint32_t place, std::uint32_t clicks) const {
    return static_cast<float>(clicks - place);
  }
  [[nodiscard]] float shared(std::uint32_t place) const {
    return place + 1 < fades_after ? static_cast<float>(fades_after - place - 1) : 0.0f;
  }
  /// Items that are in nearly all sessions would get nothing: they count 1.
  [[nodiscard]] double item_factor(double log_share) const {
    return rare_items == rarity::counts && log_share > 0 ? log_share : 1.0;
  }
  [[nodiscard]] double scale(std::uint32_t distinct) const {
    return 1.0 / (static_cast<double>(fades_after) * distinct);
  }
};

/// STAN: recent clicks, recent sessions and items near the shared one count more, each by
/// exponential decay. D. Garg, P. Gupta, P. Malhotra, L. Vig and G. Shroff, "Sequence and time
/// aware neighborhood for session-based recommendations", SIGIR 2019, doi:10.1145/3331184.3331322.
/// Reads the length and end of every candidate: about twice the time of `vmis`.
struct stan {
  float click_decay = 4;     ///< clicks (λ1)
  float session_decay = 10;  ///< days (λ2)
  float near_decay = 4;      ///< steps (λ3)

  [[nodiscard]] float click(std::uint32_t place, std::uint32_t) const {
    return std::exp(-static_cast<float>(place) / click_decay);
  }
  [[nodiscard]] float similarity(float sum, const session_facts& f) const {
    const float days_ago = static_cast<float>(f.age.us) / static_cast<float>(days(1).us);
    return sum / (f.norm * std::sqrt(static_cast<float>(f.items))) *
           std::exp(-days_ago / session_decay);
  }
  [[nodiscard]] float shared(std::uint32_t) const { return 1; }
  [[nodiscard]] float near(std::uint32_t steps) const {
    return std::exp(-static_cast<float>(steps) / near_decay);
  }
  [[nodiscard]] double item_factor(double) const { return 1; }
  [[nodiscard]] double scale(std::uint32_t) const { return 1; }
};

/// VSTAN: STAN, where the newest shared click counts more the newer it is, and rare items more.
/// M. Ludewig, N. Mauro, S. Latifi and D. Jannach, "Empirical analysis of session-based
/// recommendation algorithms", User Modeling and User-Adapted Interaction 31 (2021),
/// doi:10.1007/s11257-020-09277-1.
struct vstan : stan {
  float shared_decay = 0.5;  ///< clicks (λ_ipw)
  double rare_items = 1;     ///< λ_idf

  [[nodiscard]] float shared(std::uint32_t place) const {
    return std::exp(-static_cast<float>(place) / shared_decay);
  }
  [[nodiscard]] double item_factor(double log_share) const {
    return 1 + rare_items * (std::max)(log_share, 0.0);
  }
};

}  // namespace tailor::inline v0::similar

#endif  // TAILOR_SIMILAR_SESSION_WEIGHTS_HPP
