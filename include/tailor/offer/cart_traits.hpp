#ifndef TAILOR_OFFER_CART_TRAITS_HPP
#define TAILOR_OFFER_CART_TRAITS_HPP

#include <concepts>
#include <cstdint>
#include <span>
#include <type_traits>

#include "../core/ids.hpp"
#include "../core/money.hpp"

namespace tailor::inline v0::offer {

/// How the host's cart is read in place. A specialisation has
///
///     static std::span<const Line> lines(const Cart&);
///     static std::int64_t unit_price(const Line&);   // minor units
///     static std::int64_t pieces(const Line&);
///     static currency unit(const Cart&);
///
/// and may have `item(const Line&) -> item_id`, `unit_cost(const Line&)` (what the shop pays, for
/// margins) and `shipping(const Cart&)`, both in minor units. Without it, rules are matched against
/// an object that has no lines and no price: a visit, a page.
template <class Cart>
struct cart_traits;

template <class Cart>
concept has_lines = requires(const Cart& c) { cart_traits<Cart>::lines(c).data(); };

namespace detail {

template <class Cart>
struct line_of : std::type_identity<void> {};
template <has_lines Cart>
struct line_of<Cart> {
  using type =
      std::remove_cvref_t<decltype(cart_traits<Cart>::lines(std::declval<const Cart&>())[0])>;
};

}  // namespace detail

template <class Cart>
using line_type = typename detail::line_of<Cart>::type;

/// A cart that can be priced.
template <class Cart>
concept priced_cart = has_lines<Cart> && requires(const Cart& c, const line_type<Cart>& l) {
  { cart_traits<Cart>::unit_price(l) } -> std::convertible_to<std::int64_t>;
  { cart_traits<Cart>::pieces(l) } -> std::convertible_to<std::int64_t>;
  { cart_traits<Cart>::unit(c) } -> std::convertible_to<currency>;
};

}  // namespace tailor::inline v0::offer

#endif  // TAILOR_OFFER_CART_TRAITS_HPP
