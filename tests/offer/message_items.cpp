#include "tailor/offer/message_items.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "../catch.hpp"

using namespace tailor;
using offer::message_context;
using offer::put_items;
using offer::shown_item;

namespace {

struct shelf {
  std::vector<shown_item> items;
  [[nodiscard]] std::optional<shown_item> next(std::size_t seen) const {
    if (seen >= items.size()) return std::nullopt;
    return items[seen];
  }
};
static_assert(offer::message_items<shelf>);
static_assert(offer::message_items<const shelf>);
static_assert(!offer::message_items<int>);

std::string shown(const message_context& m) {
  std::string out;
  const std::uint32_t list = m.first(0);
  for (auto i = m.first(list); i != message_context::nowhere; i = m.next(i)) {
    for (auto k = m.first(i); k != message_context::nowhere; k = m.next(k)) {
      out += std::string(m.key(k)) + "=" + std::string(m.text(k)) + " ";
    }
    out += "| ";
  }
  return out;
}

}  // namespace

TEST_CASE("message items: so many as there are and are wanted, with what is known of each") {
  const money price{450, *currency::make("EUR", 2)};
  const shelf source{{{item_id{7}, "tea", price, "https://shop.example/7"},
                      {item_id{UINT64_MAX - 1}, "cup", std::nullopt, ""},
                      {item_id{9}, "pot", price, ""}}};
  message_context m;
  CHECK(put_items(m.root(), "items", source, 2) == 2);
  CHECK(shown(m) ==
        "id=7 name=tea price=4.50 EUR link=https://shop.example/7 | id=18446744073709551614 "
        "name=cup | ");
  message_context all;
  CHECK(put_items(all.root(), "items", source, 10, {.place = offer::currency_place::none}) == 3);
  CHECK(shown(all).find("price=4.50 link") != std::string::npos);
  message_context none;
  CHECK(put_items(none.root(), "items", shelf{}, 10) == 0);
  CHECK_FALSE(none.holds(none.first(0)));  // an empty list: its section is left out
}

TEST_CASE("message items: a name that is no text is the context's fault") {
  const shelf source{{{item_id{7}, "\xff", std::nullopt, ""}}};
  message_context m;
  put_items(m.root(), "items", source, 2);
  CHECK(m.error() == errc::not_text);
}
