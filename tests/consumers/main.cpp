// A shop of one file: every way to get tailor builds and runs this.
#include <cstdint>
#include <cstdio>

#ifdef TAILOR_SINGLE_HEADER
#include "tailor_single.hpp"
#else
#include <tailor/tailor.hpp>
#endif

struct order_line {
  std::uint64_t customer, sku;
  std::int64_t unix_us;
};

template <>
struct tailor::events::event_traits<order_line> {
  static user_id user(const order_line& l) { return user_id{l.customer}; }
  static item_id item(const order_line& l) { return item_id{l.sku}; }
  static timestamp at(const order_line& l) { return {l.unix_us}; }
  static event_kind kind(const order_line&) { return event_kind::purchase; }
};

int main() {
  const tailor::events::event e = tailor::events::to_event(order_line{7, 42, 0});
  if (e.user != tailor::user_id{7} || e.item != tailor::item_id{42}) return 1;
  std::puts("tailor works");
}
