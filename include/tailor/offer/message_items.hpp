#ifndef TAILOR_OFFER_MESSAGE_ITEMS_HPP
#define TAILOR_OFFER_MESSAGE_ITEMS_HPP

#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "../core/ids.hpp"
#include "../core/money.hpp"
#include "message.hpp"
#include "money_text.hpp"

namespace tailor::inline v0::offer {

/// An item as a message shows it.
struct shown_item {
  item_id id{};
  std::string_view name;
  std::optional<money> price;  ///< nothing when no price is shown
  std::string_view link;       ///< may be empty
};

/// Gives items for a message, best first: what is recommended, what lies in a cart, what was
/// bought. `s.next(seen)` is the item after `seen` others, or nothing when there are no more.
/// The names it gives have to live until it is asked again.
template <class S>
concept message_items = requires(S& s, std::size_t seen) {
  { s.next(seen) } -> std::same_as<std::optional<shown_item>>;
};

/// Puts up to `count` items as a list of objects with id, name, price and link (these two where
/// there are any) under `key`, and returns how many. A message that is to be left out when it has
/// too few asks the number before it is rendered. Faults are those of the context, and stay there.
template <message_items Source>
std::size_t put_items(message_object to, std::string_view key, Source&& source, std::size_t count,
                      const number_style& style = {}) {
  message_list list = to.list(key);
  std::size_t n = 0;
  for (; n < count; ++n) {
    const std::optional<shown_item> item = source.next(n);
    if (!item) break;
    message_object o = list.object();
    o.text("id", std::to_string(raw(item->id))).text("name", item->name);
    if (item->price) o.money("price", *item->price, style);
    if (!item->link.empty()) o.text("link", item->link);
  }
  return n;
}

}  // namespace tailor::inline v0::offer

#endif  // TAILOR_OFFER_MESSAGE_ITEMS_HPP
