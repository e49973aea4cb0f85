// A part that keeps sums only can forget a shopper only beside one that knows what he did.
// expect: name a part that knows them
// expect: keeps_history
#include <tailor/compose/forget.hpp>
#include <tailor/events/timeline.hpp>
#include <tailor/similar/popularity.hpp>

int main() {
  tailor::similar::popularity sales;
#if TAILOR_REJECT
  tailor::forget(tailor::user_id{1}, sales);
#else
  tailor::events::timeline history;
  tailor::forget(tailor::user_id{1}, sales, history);
#endif
}
