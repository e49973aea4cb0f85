// A misspelt observe is not taken for a part that wants no events.
// expect: void observe(const event&)
// expect: takes_no_events
// expect: events::event_sink
#include <tailor/compose/dispatch.hpp>

struct counter {
  int heard = 0;
#if TAILOR_REJECT
  void obserwe(const tailor::events::event&) { ++heard; }
#else
  void observe(const tailor::events::event&) { ++heard; }
#endif
};

int main() {
  counter c;
  return tailor::dispatch(tailor::events::event{}, c) && c.heard == 1 ? 0 : 1;
}
