// A part that cannot take an event back may not stand before one that may refuse it.
// expect: void retract(const event&)
// expect: events::retractable
#include <tailor/compose/dispatch.hpp>
#include <tailor/events/timeline.hpp>

struct counter {
  int heard = 0;
  void observe(const tailor::events::event&) { ++heard; }
#if !TAILOR_REJECT
  void retract(const tailor::events::event&) { --heard; }
#endif
};

int main() {
  counter c;
  tailor::events::timeline history;
  return tailor::dispatch(tailor::events::event{}, c, history) ? 0 : 1;
}
