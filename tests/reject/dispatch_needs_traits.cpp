// dispatch tells how a row of the host's own is made readable.
// expect: event_traits<Row>
// expect: events::interaction
#include <tailor/compose/dispatch.hpp>
#include <tailor/events/timeline.hpp>

struct order_line {
  std::uint64_t customer;
};

#if !TAILOR_REJECT
template <>
struct tailor::events::event_traits<order_line> {
  static user_id user(const order_line& l) { return user_id{l.customer}; }
  static timestamp at(const order_line&) { return {}; }
  static event_kind kind(const order_line&) { return event_kind::purchase; }
};
#endif

int main() {
  tailor::events::timeline history;
  return tailor::dispatch(order_line{7}, history) ? 0 : 1;
}
