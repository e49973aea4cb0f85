#ifndef TAILOR_RECOMMEND_EXPLAIN_HPP
#define TAILOR_RECOMMEND_EXPLAIN_HPP

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "receipt.hpp"

namespace tailor::inline v0::recommend {

/// Names items in sentences: `n(item)`. An empty name is not said: of what nobody wants to be
/// reminded, or what is not known.
template <class N>
concept item_names = requires(const N& n, item_id item) {
  { n(item) } -> std::convertible_to<std::string_view>;
};

struct explain_options {
  std::uint32_t min_percent = 30;  ///< of the score, that a seed must make up to be named
  std::int64_t min_people = 5;     ///< who stand behind the pair of seed and item
};

/// The part that may be named as the reason: that of the seed which says most, if it makes up its
/// percentage of the score and enough people stand behind the pair; null when none may. What the
/// shopper did with the item itself needs nobody else. Null for a receipt that `check` refuses.
/// Ties: the part that comes first.
[[nodiscard]] inline const part* main_reason(const receipt& r, const explain_options& o = {}) {
  const part* best = nullptr;
  std::int64_t most = 0;
  int128 all = 0;
  if (!check(r)) return nullptr;
  for (const source_said& s : r.sources) {
    const int128 share = share_of(s.score, s.best, s.percent);
    all += share;
    for (const part& p : r.parts_of(s)) {
      if (p.seed == no_item || p.amount <= 0) continue;
      const bool own = p.seed == r.item.item;
      if (!own && p.because.both < o.min_people) continue;
      const std::int64_t said = held(share * held(int128{p.times} * p.amount) / s.score);
      if (said > most) {
        most = said;
        best = &p;
      }
    }
  }
  // What was rounded off is less than 1.
  const bool enough = (int128{most} + 1) * 100 > all * o.min_percent;
  return best != nullptr && enough ? best : nullptr;
}

namespace detail {

[[nodiscard]] constexpr const char* plain_reason(strategy s) {
  switch (s) {
    case strategy::bought_together:
      return "Often bought with it";
    case strategy::viewed_together:
      return "Often looked at with it";
    case strategy::viewed_then_bought:
      return "What others bought after looking at it";
    case strategy::similar_items:
      return "Similar to it";
    case strategy::for_you:
      return "Chosen for you";
    case strategy::next_in_visit:
      return "Others went on to it";
    case strategy::next_basket:
      return "For your next order";
    case strategy::buy_it_again:
      return "Time to buy it again";
    case strategy::recently_viewed:
      return "You looked at it";
    case strategy::trending:
      return "Trending now";
    case strategy::best_sellers:
      return "Popular";
    case strategy::new_arrivals:
      return "New";
    case strategy::goes_with_cart:
      return "Goes with your cart";
    case strategy::search_recovery:
      return "Close to what you searched for";
    case strategy::favourites:
      return "A favourite of ours";
    case strategy::exploration:
      return "Something new";
    case strategy::custom:
      break;
  }
  return "Recommended";
}

[[nodiscard]] constexpr const char* because(seed_reason r) {
  switch (r) {
    case seed_reason::on_page:
      return "Goes with ";
    case seed_reason::in_cart:
      return "Because it goes with what is in your cart: ";
    case seed_reason::viewed:
      return "Because you looked at ";
    case seed_reason::carted:
      return "Because you put into your cart: ";
    case seed_reason::bought:
      return "Because you bought ";
    case seed_reason::none:
      break;
  }
  return "";
}

}  // namespace detail

/// One plain sentence, without its full stop, into `out`: the seed by name where it may be named,
/// else what the source is known for. A pinned item says that the shop shows it.
template <item_names Names>
void explain(const receipt& r, const Names& name, std::string& out, const explain_options& o = {}) {
  out.clear();
  if (r.item.how == placed_by::pin) {
    out = "Shown by the shop";
    return;
  }
  if (const part* p = main_reason(r, o); p != nullptr && p->seed != r.item.item) {
    const std::string_view seed = name(p->seed);
    if (!seed.empty() && p->reason != seed_reason::none) {
      out = detail::because(p->reason);
      out += seed;
      return;
    }
  }
  out = detail::plain_reason(r.item.reason);
}

}  // namespace tailor::inline v0::recommend

#endif  // TAILOR_RECOMMEND_EXPLAIN_HPP
