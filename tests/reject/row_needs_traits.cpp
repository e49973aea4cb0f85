// A row without traits is told which concept it does not meet.
// expect: interaction
#include <tailor/events/traits.hpp>

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

int main() { return tailor::raw(tailor::events::to_event(order_line{7}).user) == 7 ? 0 : 1; }
