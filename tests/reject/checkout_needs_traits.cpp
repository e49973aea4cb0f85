// A cart is priced through its traits: without a price of a piece there is nothing to price.
// expect: unit_price(line), pieces(line) and unit(cart)
// expect: offer::priced_cart
#include <cstdint>
#include <span>
#include <vector>

#include <tailor/offer/checkout.hpp>

struct basket {
  std::vector<std::int64_t> rows;
};

template <>
struct tailor::offer::cart_traits<basket> {
  static std::span<const std::int64_t> lines(const basket& b) { return b.rows; }
#if !TAILOR_REJECT
  static std::int64_t unit_price(std::int64_t cents) { return cents; }
#endif
  static std::int64_t pieces(std::int64_t) { return 1; }
  static currency unit(const basket&) { return currency::make("EUR", 2).value(); }
};

int main() {
  const tailor::offer::checkout<basket> till(tailor::currency::make("EUR", 2).value());
  static_cast<void>(till);
}
