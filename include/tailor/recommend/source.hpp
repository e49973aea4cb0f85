#ifndef TAILOR_RECOMMEND_SOURCE_HPP
#define TAILOR_RECOMMEND_SOURCE_HPP

#include <concepts>
#include <cstdint>

#include "context.hpp"
#include "part.hpp"

namespace tailor::inline v0::recommend {

/// The names that people know the ways of recommending by: what an answer gives as its reason.
enum class strategy : std::uint8_t {
  custom,
  bought_together,
  viewed_together,
  viewed_then_bought,
  similar_items,
  for_you,
  next_in_visit,
  next_basket,
  buy_it_again,
  recently_viewed,
  trending,
  best_sellers,
  new_arrivals,
  goes_with_cart,
  search_recovery,
  favourites,
  exploration,
};

[[nodiscard]] constexpr const char* name_of(strategy s) {
  constexpr const char* names[] = {
      "custom",     "bought together", "viewed together", "viewed then bought", "similar items",
      "for you",    "next in visit",   "next basket",     "buy it again",       "recently viewed",
      "trending",   "best sellers",    "new arrivals",    "goes with cart",     "search recovery",
      "favourites", "exploration"};
  const auto n = static_cast<std::size_t>(s);
  return n < 17 ? names[n] : "unnamed";
}

namespace detail {

struct any_offer {
  void operator()(item_id, std::int64_t) const {}
};
struct any_part {
  void operator()(const part&) const {}
};

}  // namespace detail

/// Proposes items for a context.
/// `s.candidates(context, scratch, f)` calls `f(item, score)` once for each item it proposes, in
/// any order; scores are whole numbers above 0 in units of the source, more is better.
/// `s.explain(context, item, scratch, f)` calls `f(part)` for the parts of the score of one item,
/// which add up to it exactly: Σ times · amount; for no part when the item is not proposed.
/// `s.kind()` names it, `s.bits()` is its unit, 2^-bits, `s.digest()` stands for its model (0:
/// none). Must depend on context and model alone, allocate nothing once the scratch has grown, and
/// be safe to ask from several threads, each with its scratch.
template <class S>
concept candidate_source = requires(const S& s, const context& c, typename S::scratch& t,
                                    item_id item, detail::any_offer offer, detail::any_part tell) {
  s.candidates(c, t, offer);
  s.explain(c, item, t, tell);
  { s.kind() } -> std::same_as<strategy>;
  { s.bits() } -> std::same_as<int>;
  { s.digest() } -> std::same_as<std::uint64_t>;
};

}  // namespace tailor::inline v0::recommend

#endif  // TAILOR_RECOMMEND_SOURCE_HPP
