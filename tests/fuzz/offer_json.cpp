// Rules from an enemy: what is read is written, read again and the same; when a book can be made of
// it, the index and the slow reading agree on a few carts; every mistake has a line.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "../offer/shop.hpp"
#include "tailor/adapters/offer_json.hpp"
#include "tailor/adapters/offer_json_write.hpp"

namespace {

using namespace tailor;

void no_mistake_without_line(const std::vector<offer::mistake>& all) {
  for (const offer::mistake& m : all) {
    if (m.line == 0) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto cart_fields = shop::cart_fields();
  static const auto line_fields = shop::line_fields();
  const std::string_view json(reinterpret_cast<const char*>(data), size);
  const adapters::offer_json_options known{cart_fields.list(), line_fields.list(), shop::euro()};
  for (const adapters::offer_json_options& options : {adapters::offer_json_options{}, known}) {
    std::vector<offer::mistake> mistakes;
    auto read = adapters::read_offer_json(json, options, &mistakes);
    if (static_cast<bool>(read) != mistakes.empty()) std::abort();
    no_mistake_without_line(mistakes);
    if (!read) continue;
    const auto book =
        offer::rule_book<shop::cart>::make(cart_fields, line_fields, *read, {}, &mistakes);
    if (!book) {
      adapters::add_lines(json, mistakes);
      no_mistake_without_line(mistakes);
      continue;
    }
    // Only of rules that a book can be made of it is said that they are read back.
    const auto again =
        adapters::read_offer_json(adapters::write_offer_json(*read, options), options, nullptr);
    if (!again || *again != *read) std::abort();
    shop::random r(size);
    offer::match_state state;
    for (int i = 0; i < 4; ++i) {
      const shop::cart cart = shop::any_cart(r);
      const shop::segments who{"xy"};
      const offer::request now{timestamp{shop::pick(r, 0, 2'000'000'000'000'000)}, "web", {}};
      const auto found = book->match(cart, now, state, who);
      const std::vector<std::uint32_t> fast(found.begin(), found.end());
      if (fast != book->match_slowly(cart, now, who)) std::abort();
    }
  }
  return 0;
}
