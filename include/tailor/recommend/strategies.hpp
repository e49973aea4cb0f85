#ifndef TAILOR_RECOMMEND_STRATEGIES_HPP
#define TAILOR_RECOMMEND_STRATEGIES_HPP

#include <span>
#include <utility>

#include "answers_of.hpp"
#include "list_of.hpp"
#include "neighbours_of.hpp"
#include "recent_of.hpp"
#include "weights_of.hpp"

namespace tailor::inline v0::recommend {

// The ways of recommending that people know by name, as sources. Models are referred to and have to
// outlive the source; lists are copied. Each is short for a source that takes more options.

/// What is bought with the item of the page. `m`: neighbours by orders or by shoppers.
template <neighbour_source M>
[[nodiscard]] neighbours_of<M, page_items> bought_together(const M& m) {
  return neighbours_of<M, page_items>(m, strategy::bought_together);
}
/// What is looked at with the item of the page.
template <neighbour_source M>
[[nodiscard]] neighbours_of<M, page_items> viewed_together(const M& m) {
  return neighbours_of<M, page_items>(m, strategy::viewed_together);
}
/// What people buy after they looked at the item of the page.
template <neighbour_source M>
[[nodiscard]] neighbours_of<M, page_items> viewed_then_bought(const M& m) {
  return neighbours_of<M, page_items>(m, strategy::viewed_then_bought);
}
/// What is like the item of the page, by its description or by what is done with it.
template <neighbour_source M>
[[nodiscard]] neighbours_of<M, page_items> similar_items(const M& m) {
  return neighbours_of<M, page_items>(m, strategy::similar_items);
}
/// What goes with all that lies in the cart.
template <neighbour_source M>
[[nodiscard]] neighbours_of<M, cart_items> goes_with_cart(const M& m) {
  return neighbours_of<M, cart_items>(m, strategy::goes_with_cart);
}
/// What the whole history of the shopper speaks for, learnt.
template <weight_model M>
[[nodiscard]] weights_of<M, history_items> for_you(const M& m, history_items how = {}) {
  return weights_of<M, history_items>(m, strategy::for_you, how);
}
/// The same by neighbours, where nothing was learnt.
template <neighbour_source M>
[[nodiscard]] neighbours_of<M, history_items> for_you_by_neighbours(const M& m,
                                                                    history_items how = {}) {
  return neighbours_of<M, history_items>(m, strategy::for_you, how, 50);
}
/// Where a visit goes next, as a model of sessions answers it.
template <answerer A>
[[nodiscard]] answers_of<A> next_in_visit(A model) {
  return answers_of<A>(std::move(model), strategy::next_in_visit);
}
/// What the next order is likely to hold.
template <answerer A>
[[nodiscard]] answers_of<A> next_basket(A model) {
  return answers_of<A>(std::move(model), strategy::next_basket);
}
/// What is due again.
template <answerer A>
[[nodiscard]] answers_of<A> buy_it_again(A model) {
  return answers_of<A>(std::move(model), strategy::buy_it_again);
}
/// What the shopper looked at last.
[[nodiscard]] inline recent_of recently_viewed() { return recent_of(); }

/// What is bought more often than usual: see `similar::trending`.
template <class List>
[[nodiscard]] list_of trending(const List& list) {
  return list_of(list, strategy::trending);
}
/// What is bought most: see `similar::best_sellers`.
template <class List>
[[nodiscard]] list_of best_sellers(const List& list) {
  return list_of(list, strategy::best_sellers);
}
/// What is new, newest first.
[[nodiscard]] inline list_of new_arrivals(std::span<const item_id> newest_first) {
  return list_of::in_order(newest_first, strategy::new_arrivals);
}
/// What the house wants to show, best first.
[[nodiscard]] inline list_of favourites(std::span<const item_id> best_first) {
  return list_of::in_order(best_first, strategy::favourites);
}

}  // namespace tailor::inline v0::recommend

#endif  // TAILOR_RECOMMEND_STRATEGIES_HPP
