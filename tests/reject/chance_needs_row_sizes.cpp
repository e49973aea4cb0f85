// The chance-corrected measure asks for more than live pair counts know.
// expect: for_each_row_size
// expect: similar::chance_source
#include <tailor/events/timeline.hpp>
#include <tailor/similar/item_item.hpp>
#include <tailor/similar/timeline_pairs.hpp>

int main() {
  namespace similar = tailor::similar;
  const tailor::events::timeline history;
#if TAILOR_REJECT
  const similar::item_item<similar::chance_corrected> also;
#else
  const similar::item_item<similar::chance_corrected, similar::bought_together> also{
      similar::bought_together(history)};
#endif
  return int(also.neighbours(tailor::item_id{1}).size());
}
