// A conflict rule chooses among proposals and may price sets of them.
// expect: void choose(span<const proposal>, price, conflict_scratch&) const
// expect: offer::conflict_rule
#include <cstdint>
#include <span>
#include <vector>

#include <tailor/offer/checkout.hpp>

using namespace tailor::offer;

struct basket {
  std::vector<std::int64_t> rows;
};

template <>
struct tailor::offer::cart_traits<basket> {
  static std::span<const std::int64_t> lines(const basket& b) { return b.rows; }
  static std::int64_t unit_price(std::int64_t cents) { return cents; }
  static std::int64_t pieces(std::int64_t) { return 1; }
  static currency unit(const basket&) { return currency::make("EUR", 2).value(); }
};

struct nothing {
#if TAILOR_REJECT
  void choose(std::span<const proposal>) const {}
#else
  template <class Price>
  void choose(std::span<const proposal>, const Price&, conflict_scratch& s) const {
    s.chosen.clear();
  }
#endif
};

int main() {
  const checkout<basket, nothing> till(tailor::currency::make("EUR", 2).value());
  static_cast<void>(till);
}
